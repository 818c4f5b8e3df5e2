using System.Text.Json;
using static Lfa.Encoders.Text.TokenizerFolder;

namespace Lfa.Encoders.Text;

/// <summary>Reads <c>tokenizer.json</c>, in which published tokenizers describe each of their steps.</summary>
internal static class TokenizerJson
{
    private const string Supported = "supported are BPE of CLIP (end_of_word_suffix </w>), BPE with byte_fallback, WordPiece and Unigram.";

    public static TokenizerParts Read(TokenizerFolder folder)
    {
        var root = folder.Json("tokenizer.json")!.Value;
        var model = Member(root, "model") ?? throw new InvalidDataException("it has no model; get the file again.");
        // Files before 2020 do not name the type.
        var type = Member(model, "type")?.GetString() ?? (Member(model, "merges") is null ? "WordPiece" : "BPE");
        if (type == "BPE" && Member(model, "end_of_word_suffix")?.GetString() == "</w>")
            return TokenizerKinds.Clip(folder, TokenizerKinds.ReadIds(Member(model, "vocab")), Merges(model).Select(merge => $"{merge.Left} {merge.Right}"));
        ISubwords subwords = type switch
        {
            "BPE" when IsTrue(model, "byte_fallback") => ReadBytePairs(root, model, folder),
            "WordPiece" => ReadWordPieces(root, model),
            "Unigram" => ReadUnigram(root, model, folder),
            _ => throw new InvalidDataException($"its model is of type {type}{(type == "BPE" ? " without byte_fallback" : "")}, which is not supported; {Supported}"),
        };
        var (before, after) = JsonTemplate.Read(Member(root, "post_processor"), subwords);
        var padding = Member(Member(root, "padding"), "pad_id");
        return new TokenizerParts(subwords, before, after) { PaddingId = padding?.GetInt32() };
    }

    private static WordPieces ReadWordPieces(JsonElement root, JsonElement model)
    {
        var steps = Steps(Member(root, "pre_tokenizer"), "pretokenizers");
        if (steps is not ["BertPreTokenizer"])
            throw new InvalidDataException($"its WordPiece follows the pre_tokenizer {Listed(steps)}; supported is BertPreTokenizer.");
        return new WordPieces(
            TokenizerKinds.ReadIds(Member(model, "vocab")),
            JsonNormalizer.Read(Member(root, "normalizer")),
            Member(model, "unk_token")?.GetString() ?? "[UNK]",
            Member(model, "continuing_subword_prefix")?.GetString() ?? "##",
            Member(model, "max_input_chars_per_word")?.GetInt32() ?? 100);
    }

    private static SentencePieces ReadUnigram(JsonElement root, JsonElement model, TokenizerFolder folder)
    {
        var steps = Steps(Member(root, "pre_tokenizer"), "pretokenizers");
        if (steps is not (["Metaspace"] or ["WhitespaceSplit", "Metaspace"]))
            throw new InvalidDataException($"its Unigram follows the pre_tokenizer {Listed(steps)}; supported is Metaspace.");
        var entries = (Member(model, "vocab") ?? throw new InvalidDataException("its model has no vocab; get the file again.")).EnumerateArray().ToArray();
        var special = SpecialIds(root);
        var (all, textual) = (new Dictionary<string, int>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal));
        for (var id = 0; id < entries.Length; id++)
        {
            var piece = entries[id][0].GetString()!;
            all.TryAdd(piece, id);
            if (!special.Contains(id) && piece.Length > 0)
                textual.TryAdd(piece, id);
        }
        var unknown = Member(model, "unk_id")?.GetInt32() ?? throw new InvalidDataException("its Unigram has no unk_id, which is needed; get the file again.");
        var bytes = IsTrue(model, "byte_fallback") ? ByteTokens.Find(all) : null;
        var unigram = new Unigram(textual, Array.ConvertAll(entries, entry => entry[1].GetDouble()), unknown, bytes);
        var (normalize, addsSpace) = (JsonNormalizer.Read(Member(root, "normalizer")), AddsSpace(Member(root, "pre_tokenizer")!.Value, folder));
        return new SentencePieces(all, text => Join(normalize(text), steps.Length == 2, addsSpace), text => SegmentWords(unigram, text));
    }

    private static SentencePieces ReadBytePairs(JsonElement root, JsonElement model, TokenizerFolder folder)
    {
        var ids = TokenizerKinds.ReadIds(Member(model, "vocab"));
        var bytes = ByteTokens.Find(ids) ?? throw new InvalidDataException("it asks for byte_fallback but lacks pieces for bytes; get the file again.");
        var merges = new Dictionary<(int, int), (int, int)>();
        foreach (var (rank, (left, right)) in Merges(model).Index())
        {
            if (!ids.TryGetValue(left, out var first) || !ids.TryGetValue(right, out var second) || !ids.TryGetValue(left + right, out var joined))
                throw new InvalidDataException($"its merge {rank + 1} ({left} {right}) names a piece that the vocabulary lacks; get the file again.");
            merges.TryAdd((first, second), (rank, joined));
        }
        var unknown = Member(model, "unk_token")?.GetString() is { } token && ids.TryGetValue(token, out var id) ? id : (int?)null;
        var normalize = JsonNormalizer.Read(Member(root, "normalizer"));
        // Spaces become ▁, so that the split at spaces that such files name finds none.
        var isLower = folder.LowersCase;
        var pairs = new BytePairMerges(ids, merges, unknown, bytes);
        return new SentencePieces(ids, text => normalize(isLower ? LowerCase.Of(text) : text).Replace(' ', SentencePieces.Space), pairs.Encode);
    }

    /// <summary>Writes spaces as ▁, one of them ahead where the file says so.</summary>
    private static string Join(string text, bool splitsSpaces, bool addsSpace)
    {
        if (splitsSpaces)
            text = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        text = text.Replace(' ', SentencePieces.Space);
        return addsSpace && text.Length > 0 && text[0] != SentencePieces.Space ? SentencePieces.Space + text : text;
    }

    /// <summary>Cuts each word, which begins with ▁, by itself.</summary>
    private static List<int> SegmentWords(Unigram unigram, string text)
    {
        var ids = new List<int>(text.Length / 2);
        for (var start = 0; start < text.Length;)
        {
            var next = text.IndexOf(SentencePieces.Space, start + 1);
            var end = next < 0 ? text.Length : next;
            unigram.Encode(text.AsSpan(start, end - start), ids);
            start = end;
        }
        return ids;
    }

    private static bool AddsSpace(JsonElement preTokenizer, TokenizerFolder folder)
    {
        var step = Member(preTokenizer, "pretokenizers") is { } list ? list.EnumerateArray().Last() : preTokenizer;
        return (Member(step, "prepend_scheme")?.GetString(), Member(step, "add_prefix_space")) switch
        {
            ("always" or "first", _) => true,
            ("never", _) => false,
            (null, { } flag) => flag.GetBoolean(),
            (null, null) => true,
            (var scheme, _) => throw folder.Bad("tokenizer.json", $"its Metaspace has the prepend_scheme {scheme}; supported are always, first and never."),
        };
    }

    private static HashSet<int> SpecialIds(JsonElement root) => Member(root, "added_tokens") is { } tokens
        ? [.. tokens.EnumerateArray().Where(token => IsTrue(token, "special")).Select(token => token.GetProperty("id").GetInt32())]
        : [];

    /// <summary>Reads merges, written "a b" or as pairs.</summary>
    private static IEnumerable<(string Left, string Right)> Merges(JsonElement model)
    {
        foreach (var merge in (Member(model, "merges") ?? throw new InvalidDataException("its BPE has no merges; get the file again.")).EnumerateArray())
        {
            if (merge.ValueKind == JsonValueKind.Array)
                yield return (merge[0].GetString()!, merge[1].GetString()!);
            else if (merge.GetString()!.Split(' ') is [var left, var right])
                yield return (left, right);
            else
                throw new InvalidDataException($"its merge \"{merge}\" is not two pieces; get the file again.");
        }
    }

    /// <summary>Gets the types of a step or of those in its sequence.</summary>
    public static string[] Steps(JsonElement? step, string members) => Member(step, "type")?.GetString() switch
    {
        null => [],
        "Sequence" => [.. Member(step, members)!.Value.EnumerateArray().SelectMany(inner => Steps(inner, members))],
        var type => [type],
    };

    private static string Listed(string[] steps) => steps.Length == 0 ? "none" : string.Join(", ", steps);

    private static bool IsTrue(JsonElement parent, string key) => Member(parent, key) is { ValueKind: JsonValueKind.True };
}
