using System.Text;

namespace Lfa.Encoders.Text;

/// <summary>Represents the tokenizer of a text encoder, read from a model folder as hubs publish it: text to token ids, exactly those that the published tokenizer gives.</summary>
/// <remarks>
/// <para>The kinds, in the order in which files are looked for:</para>
/// <list type="number">
/// <item><c>spiece.model</c> of SigLIP (<c>tokenizer_class</c> SiglipTokenizer), with its removal of punctuation.</item>
/// <item><c>tokenizer.json</c> with BPE of CLIP, BPE with byte fallback (SigLIP 2), WordPiece (ALIGN, BERT) or Unigram (XLM-R).</item>
/// <item><c>vocab.json</c> with <c>merges.txt</c>: CLIP.</item>
/// <item><c>vocab.txt</c>: BERT.</item>
/// <item><c>spiece.model</c>, <c>sentencepiece.bpe.model</c> (XLM-R, AltCLIP) or <c>tokenizer.model</c>: SentencePiece, Unigram or BPE.</item>
/// </list>
/// <para>
/// Special tokens and the padding are taken from <c>tokenizer.json</c>, <c>special_tokens_map.json</c> and <c>tokenizer_config.json</c>; the context from
/// <c>tokenizer_config.json</c>, <c>config.json</c> and <c>open_clip_config.json</c>, the least of them. Instances are safe for use by several threads at once.
/// </para>
/// <para>It differs from the published tokenizers in three places:</para>
/// <list type="number">
/// <item>Broken encodings in a text are not repaired.</item>
/// <item>The name of a special token inside a text means that token in CLIP only.</item>
/// <item>
/// Of the character references of HTML, which CLIP resolves, those of HTML 4 with their semicolon are; Python's <c>html.unescape</c> knows those of HTML 5 (<c>&amp;check;</c>),
/// those without a semicolon (<c>&amp;eacute</c>), and reads <c>&amp;#128;</c> to <c>&amp;#159;</c> as Windows does.
/// </item>
/// </list>
/// </remarks>
internal sealed class TextTokenizer
{
    private readonly TokenizerParts _parts;
    private readonly bool _padsToContext, _readsPadding;

    private TextTokenizer(TokenizerParts parts, TokenizerFolder folder, int contextLength)
    {
        (_parts, ContextLength, PaddingId) = (parts, contextLength, FindPadding(folder, parts));
        _readsPadding = folder.IsSiglip;
        // Of CLIP's causal models none sees its padding; others, such as MobileCLIP, were trained with it.
        _padsToContext = parts.Subwords is ClipBytePairs || _readsPadding || folder.IsOpenClip || folder.ModelType == "align";
    }

    /// <summary>Gets the most ids a text, special tokens included.</summary>
    public int ContextLength { get; }

    /// <summary>Gets the id that fills shorter texts of a batch.</summary>
    public int PaddingId { get; }

    /// <summary>Reads the tokenizer of a model folder.</summary>
    /// <param name="modelFolder">The path of the folder.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="LfaDataException">The folder holds no tokenizer, one of an unsupported kind, or a damaged file; the message names it.</exception>
    public static TextTokenizer Open(string modelFolder)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelFolder);
        if (!Directory.Exists(modelFolder))
            throw new DirectoryNotFoundException(OneLine.Of($"{modelFolder}: there is no such folder."));
        using var folder = new TokenizerFolder(modelFolder);
        var parts = TokenizerKinds.Read(folder);
        var length = folder.FindContextLength();
        if (length <= parts.Before.Count + parts.After.Count)
            throw folder.Bad("tokenizer_config.json", Invariant($"a context of {length} has no room beside the special tokens; correct model_max_length."));
        return new TextTokenizer(parts, folder, length);
    }

    /// <summary>Encodes a text: the start token, the text's ids and the end token, cut to <see cref="ContextLength"/> with the end token kept, not padded.</summary>
    /// <param name="text">The text, of any length.</param>
    /// <returns>The ids.</returns>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Encode(text, ContextLength);
    }

    /// <summary>
    /// Encodes several texts and pads them to one length: to the whole context where the model was trained so, or cannot tell (CLIP, SigLIP, ALIGN, OpenCLIP), else to the longest
    /// of them. The mask of SigLIP, which was trained without one, covers the padding.
    /// </summary>
    /// <param name="texts">The texts.</param>
    /// <param name="length">The ids a text instead, to which texts are cut and padded, at least 2 and the number of special tokens around a text; null for the model's own.</param>
    /// <returns>The batch.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is below 2 or below the number of special tokens around a text.</exception>
    public TokenBatch EncodeBatch(IReadOnlyList<string> texts, int? length = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (length is { } given)
            ArgumentOutOfRangeException.ThrowIfLessThan(given, Math.Max(2, _parts.Before.Count + _parts.After.Count), nameof(length));
        var rows = texts.Select(text => Encode(text, length ?? ContextLength)).ToArray();
        return Pad(rows, length ?? (_padsToContext ? ContextLength : rows.Max(row => (int?)row.Length) ?? 0));
    }

    private int[] Encode(string text, int length)
    {
        var room = length - _parts.Before.Count - _parts.After.Count;
        var ids = room > 0 ? _parts.Subwords.Encode(WellFormed(text), room).Take(room) : [];
        return [.. _parts.Before, .. ids, .. _parts.After];
    }

    private TokenBatch Pad(int[][] rows, int length)
    {
        var (ids, mask) = (new long[rows.Length * length], new long[rows.Length * length]);
        Array.Fill(ids, PaddingId);
        if (_readsPadding)
            Array.Fill(mask, 1);
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < rows[i].Length; j++)
                (ids[(i * length) + j], mask[(i * length) + j]) = (rows[i][j], 1);
        }
        return new TokenBatch(ids, mask, rows.Length, length);
    }

    private static int FindPadding(TokenizerFolder folder, TokenizerParts parts)
    {
        if (parts.PaddingId is { } id)
            return id;
        // OpenCLIP fills with zeros and writes no name for them.
        if (folder.Token("pad_token") is not { } token)
            return folder.IsOpenClip ? 0 : parts.Subwords.IdOf("[PAD]") ?? parts.Subwords.IdOf("<pad>") ?? (parts.After is [.., var end] ? end : 0);
        return parts.Subwords.IdOf(token) ?? throw folder.Bad("tokenizer_config.json", $"its pad_token {token} is not in the vocabulary; get the files again.");
    }

    /// <summary>Replaces halves of surrogate pairs, which no encoding can write.</summary>
    private static string WellFormed(string text) =>
        text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;
}
