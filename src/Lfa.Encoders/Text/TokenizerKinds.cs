using System.Text.Json;
using System.Text.RegularExpressions;

namespace Lfa.Encoders.Text;

/// <summary>Finds out which kind of tokenizer a model folder holds, and reads it.</summary>
internal static partial class TokenizerKinds
{
    private static readonly string[] SentencePieceFiles = ["spiece.model", "sentencepiece.bpe.model", "tokenizer.model"];

    public static TokenizerParts Read(TokenizerFolder folder)
    {
        var model = Array.Find(SentencePieceFiles, folder.Has);
        // The published tokenizer of SigLIP cleans text in code, of which not every tokenizer.json says all.
        if (model is not null && folder.TokenizerClass == "SiglipTokenizer")
            return Named(folder, model, ReadSiglip);
        if (folder.Has("tokenizer.json"))
            return Named(folder, "tokenizer.json", (files, _) => TokenizerJson.Read(files));
        if (folder.Has("vocab.json") && folder.Has("merges.txt"))
            return Named(folder, "vocab.json", ReadClip);
        if (folder.Has("vocab.txt"))
            return Named(folder, "vocab.txt", ReadBert);
        if (model is not null)
            return Named(folder, model, folder.TokenizerClass == "XLMRobertaTokenizer" || model == "sentencepiece.bpe.model" ? ReadXlmRoberta : ReadSentencePieces);
        throw folder.Bad("", $"the folder holds no tokenizer; expected tokenizer.json, vocab.json with merges.txt, vocab.txt, {string.Join(", ", SentencePieceFiles)}.");
    }

    /// <summary>Gets the id of a token that a kind cannot do without.</summary>
    public static int Require(ISubwords subwords, string token) =>
        subwords.IdOf(token) ?? throw new LfaDataException($"its vocabulary lacks the token {token}, which stands around every text; get the files again.");

    /// <summary>Reads a vocabulary: an object of pieces and ids.</summary>
    public static Dictionary<string, int> ReadIds(JsonElement? vocabulary)
    {
        if (vocabulary is not { ValueKind: JsonValueKind.Object } entries)
            throw new LfaDataException("its vocabulary is not an object of pieces and ids; get the file again.");
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in entries.EnumerateObject())
            ids[entry.Name] = entry.Value.TryGetInt32(out var id) && id is >= 0 and < 10_000_000 ? id : throw new LfaDataException($"the id of {entry.Name} is not a number from 0; get the file again.");
        return ids.Count > 0 ? ids : throw new LfaDataException("its vocabulary is empty; get the file again.");
    }

    /// <summary>Puts the file's name ahead of what is wrong with it.</summary>
    private static TokenizerParts Named(TokenizerFolder folder, string file, Func<TokenizerFolder, string, TokenizerParts> read)
    {
        try
        {
            return read(folder, file);
        }
        catch (LfaDataException e) when (!e.Message.StartsWith(folder.PathOf(""), StringComparison.Ordinal))
        {
            throw folder.Bad(file, e.Message, e);
        }
        // What System.Text.Json and the tokenizer library throw for members of an unexpected kind or length, or merges that name no piece.
        catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException or KeyNotFoundException or IndexOutOfRangeException)
        {
            throw folder.Bad(file, $"the tokenizer cannot be made of it ({e.Message.Split('\n')[0]}); get the files again.", e);
        }
    }

    private static TokenizerParts ReadClip(TokenizerFolder folder, string file)
    {
        if (folder.TokenizerClass is { } name and not "CLIPTokenizer")
            throw new LfaDataException($"tokenizer_config.json names a {name}, of which vocab.json with merges.txt is not supported; supported is CLIPTokenizer, others by their tokenizer.json.");
        var ids = ReadIds(folder.Json(file));
        // The first line tells the version.
        var merges = File.ReadLines(folder.PathOf("merges.txt")).Where((line, i) => line.Length > 0 && !(i == 0 && line.StartsWith("#version", StringComparison.Ordinal)));
        return Clip(folder, ids, merges);
    }

    /// <summary>Makes the tokenizer of CLIP from its vocabulary and merges.</summary>
    public static TokenizerParts Clip(TokenizerFolder folder, Dictionary<string, int> ids, IEnumerable<string> merges)
    {
        var pairs = new ClipBytePairs(ids, merges, folder.Token("unk_token") is { } unknown && ids.ContainsKey(unknown) ? unknown : "<|endoftext|>");
        var (start, end) = (folder.Token("bos_token") ?? "<|startoftext|>", folder.Token("eos_token") ?? "<|endoftext|>");
        return new TokenizerParts(pairs, [Require(pairs, start)], [Require(pairs, end)]);
    }

    private static TokenizerParts ReadBert(TokenizerFolder folder, string file)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (i, line) in File.ReadLines(folder.PathOf(file)).Index())
            ids.TryAdd(line, i);
        const string Config = "tokenizer_config.json";
        var isLower = folder.Flag(Config, "do_lower_case") ?? true;
        var text = new BertText
        {
            LowerCase = isLower,
            StripAccents = folder.Flag(Config, "strip_accents") ?? isLower,
            SeparateChinese = folder.Flag(Config, "tokenize_chinese_chars") ?? true,
        };
        var pieces = new WordPieces(ids, text.Normalize, folder.Token("unk_token") ?? "[UNK]", "##", longestWord: 100);
        return new TokenizerParts(pieces, [Require(pieces, folder.Token("cls_token") ?? "[CLS]")], [Require(pieces, folder.Token("sep_token") ?? "[SEP]")]);
    }

    private static TokenizerParts ReadSiglip(TokenizerFolder folder, string file)
    {
        var isLower = folder.Flag("tokenizer_config.json", "do_lower_case") ?? true;
        var pieces = SentencePieces.From(SentencePieceModel.Read(File.ReadAllBytes(folder.PathOf(file))), Canonicalize, addsPrefix: false, id => id);
        return new TokenizerParts(pieces, [], [Require(pieces, folder.Token("eos_token") ?? "</s>")]);

        string Canonicalize(string text)
        {
            text = Punctuation().Replace(SentencePieces.Space + (isLower ? LowerCase.OfEach(text) : text).Replace(SentencePieces.Space, ' '), "");
            return WhiteSpace().Replace(text, " ").Trim();
        }
    }

    private static TokenizerParts ReadXlmRoberta(TokenizerFolder folder, string file)
    {
        // The published ids are those of fairseq: <s>, <pad>, </s>, <unk>, then the model's from its third piece.
        var model = SentencePieceModel.Read(File.ReadAllBytes(folder.PathOf(file)));
        var pieces = SentencePieces.From(model, text => text, model.AddsPrefix, id => id switch { 0 => 3, 1 => 0, 2 => 2, _ => id + 1 });
        return new TokenizerParts(pieces, [0], [2]) { PaddingId = 1 };
    }

    private static TokenizerParts ReadSentencePieces(TokenizerFolder folder, string file)
    {
        var model = SentencePieceModel.Read(File.ReadAllBytes(folder.PathOf(file)));
        var isLower = folder.LowersCase;
        var pieces = SentencePieces.From(model, text => isLower ? LowerCase.OfEach(text) : text, model.AddsPrefix, id => id);
        return new TokenizerParts(pieces, Around("bos_token", "add_bos_token"), Around("eos_token", "add_eos_token"));

        IReadOnlyList<int> Around(string token, string flag) =>
            folder.Flag("tokenizer_config.json", flag) ?? token == "eos_token" ? [Require(pieces, folder.Token(token) ?? (token == "eos_token" ? "</s>" : "<s>"))] : [];
    }

    [GeneratedRegex("""[!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]""", RegexOptions.CultureInvariant)]
    private static partial Regex Punctuation();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex WhiteSpace();
}
