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
        var model = Member(root, "model") ?? throw new LfaDataException("it has no model; get the file again.");
        // Files before 2020 do not name the type.
        var type = Member(model, "type")?.GetString() ?? (Member(model, "merges") is null ? "WordPiece" : "BPE");
        if (type == "BPE" && Member(model, "end_of_word_suffix")?.GetString() == "</w>")
            return TokenizerKinds.Clip(folder, TokenizerKinds.ReadIds(Member(model, "vocab")), Merges(model).Select(merge => $"{merge.Left} {merge.Right}"));
        ISubwords subwords = type switch
        {
            "BPE" when IsTrue(model, "byte_fallback") => ReadBytePairs(root, model, folder),
            "WordPiece" => ReadWordPieces(root, model),
            "Unigram" => ReadUnigram(root, model),
            _ => throw new LfaDataException($"its model is of type {type}{(type == "BPE" ? " without byte_fallback" : "")}, which is not supported; {Supported}"),
        };
        var (before, after) = JsonTemplate.Read(Member(root, "post_processor"), subwords);
        var padding = Member(Member(root, "padding"), "pad_id")?.GetInt32();
        if (before.Concat(after).Append(padding ?? 0).Any(id => id < 0))
            throw new LfaDataException("an id in its post_processor or padding is below 0; get the file again.");
        return new TokenizerParts(subwords, before, after) { PaddingId = padding };
    }

    private static WordPieces ReadWordPieces(JsonElement root, JsonElement model)
    {
        RequireSteps(root, "WordPiece", "BertPreTokenizer", types => types is ["BertPreTokenizer"]);
        return new WordPieces(
            TokenizerKinds.ReadIds(Member(model, "vocab")),
            JsonNormalizer.Read(Member(root, "normalizer")),
            Member(model, "unk_token")?.GetString() ?? "[UNK]",
            Member(model, "continuing_subword_prefix")?.GetString() ?? "##",
            Member(model, "max_input_chars_per_word")?.GetInt32() is not { } longest ? 100 : longest is > 0 and <= 10_000 ? longest
                : throw new LfaDataException(Invariant($"its max_input_chars_per_word is {longest}; supported is 1 to 10000.")));
    }

    private static SentencePieces ReadUnigram(JsonElement root, JsonElement model)
    {
        var steps = RequireSteps(root, "Unigram", "Metaspace, after WhitespaceSplit or by itself", types => types is ["Metaspace"] or ["WhitespaceSplit", "Metaspace"]);
        var entries = (Member(model, "vocab") ?? throw new LfaDataException("its model has no vocab; get the file again.")).EnumerateArray().ToArray();
        var special = SpecialIds(root);
        var (all, textual) = (new Dictionary<string, int>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal));
        for (var id = 0; id < entries.Length; id++)
        {
            var piece = entries[id][0].GetString()!;
            all.TryAdd(piece, id);
            if (!special.Contains(id) && piece.Length > 0)
                textual.TryAdd(piece, id);
        }
        var unknown = Member(model, "unk_id")?.GetInt32() ?? throw new LfaDataException("its Unigram has no unk_id, which is needed; get the file again.");
        if (unknown < 0 || unknown >= entries.Length)
            throw new LfaDataException(Invariant($"its unk_id is {unknown} but its vocabulary has {entries.Length} pieces; get the file again."));
        var bytes = IsTrue(model, "byte_fallback") ? ByteTokens.Find(all) : null;
        var unigram = new Unigram(textual, Array.ConvertAll(entries, entry => entry[1].GetDouble()), unknown, bytes);
        var spaces = Metaspace.Read(steps[^1], splitsWords: steps.Length == 2);
        return new SentencePieces(all, JsonNormalizer.Read(Member(root, "normalizer")), text => spaces.Segment(unigram, text));
    }

    private static SentencePieces ReadBytePairs(JsonElement root, JsonElement model, TokenizerFolder folder)
    {
        var ids = TokenizerKinds.ReadIds(Member(model, "vocab"));
        var bytes = ByteTokens.Find(ids) ?? throw new LfaDataException("it asks for byte_fallback but lacks pieces for bytes; get the file again.");
        var merges = new Dictionary<(int, int), (int, int)>();
        foreach (var (rank, (left, right)) in Merges(model).Index())
        {
            if (!ids.TryGetValue(left, out var first) || !ids.TryGetValue(right, out var second) || !ids.TryGetValue(left + right, out var joined))
                throw new LfaDataException($"its merge {rank + 1} ({left} {right}) names a piece that the vocabulary lacks; get the file again.");
            merges.TryAdd((first, second), (rank, joined));
        }
        var normalize = JsonNormalizer.Read(Member(root, "normalizer"));
        var isLower = folder.LowersCase;
        // A split at spaces, as Gemma's file names it, does nothing where the normalizer leaves none.
        if (RequireSteps(root, "BPE", "none, or Split at \" \"", types => types is [] or ["Split"]) is [var split] && (!IsSplitAtSpaces(split) || normalize("a b").Contains(' ')))
            throw new LfaDataException("its BPE follows a pre_tokenizer Split that cuts words; supported is none, or Split at \" \" behind a normalizer that replaces spaces.");
        var pairs = new BytePairMerges(ids, merges, (character, tokens) => bytes.Add(character, tokens));
        return new SentencePieces(ids, text => normalize(isLower ? LowerCase.OfEach(text) : text), pairs.Encode);
    }

    private static bool IsSplitAtSpaces(JsonElement split) => Member(Member(split, "pattern"), "String") is { ValueKind: JsonValueKind.String } pattern && pattern.ValueEquals(" ") && !IsTrue(split, "invert");

    private static HashSet<int> SpecialIds(JsonElement root) => Member(root, "added_tokens") is { } tokens
        ? [.. tokens.EnumerateArray().Where(token => IsTrue(token, "special")).Select(token => token.GetProperty("id").GetInt32())]
        : [];

    /// <summary>Reads merges, written "a b" or as pairs.</summary>
    private static IEnumerable<(string Left, string Right)> Merges(JsonElement model)
    {
        foreach (var merge in (Member(model, "merges") ?? throw new LfaDataException("its BPE has no merges; get the file again.")).EnumerateArray())
        {
            var (left, right) = merge.ValueKind switch
            {
                JsonValueKind.Array when merge.GetArrayLength() == 2 => (merge[0].GetString(), merge[1].GetString()),
                JsonValueKind.String when merge.GetString()!.Split(' ') is [var first, var second] => (first, second),
                _ => default,
            };
            yield return left is not null && right is not null ? (left, right) : throw new LfaDataException($"its merge {merge.GetRawText()} is not two pieces; get the file again.");
        }
    }

    /// <summary>Gets the steps ahead of a model, which must be of types that it goes with.</summary>
    private static JsonElement[] RequireSteps(JsonElement root, string model, string supported, Func<string?[], bool> isSupported)
    {
        var steps = Steps(Member(root, "pre_tokenizer")).ToArray();
        var types = Array.ConvertAll(steps, step => Member(step, "type")?.GetString());
        return isSupported(types) ? steps : throw new LfaDataException($"its {model} follows the pre_tokenizer {(types.Length == 0 ? "none" : string.Join(", ", types))}; supported is {supported}.");
    }

    /// <summary>Gets a step, or those in its sequence.</summary>
    private static IEnumerable<JsonElement> Steps(JsonElement? step) => step is not { } one ? []
        : Member(one, "type")?.GetString() == "Sequence" ? Member(one, "pretokenizers")!.Value.EnumerateArray().SelectMany(inner => Steps(inner))
        : [one];

    private static bool IsTrue(JsonElement parent, string key) => Member(parent, key) is { ValueKind: JsonValueKind.True };
}
