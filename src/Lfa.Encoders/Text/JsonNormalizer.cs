using System.Text.Json;
using System.Text.RegularExpressions;
using static Lfa.Encoders.Text.TokenizerFolder;

namespace Lfa.Encoders.Text;

/// <summary>Reads the normalizer of a <c>tokenizer.json</c>.</summary>
internal static class JsonNormalizer
{
    // Longer than any pattern of a published tokenizer takes for a text of a megabyte.
    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(10);

    public static Func<string, string> Read(JsonElement? normalizer) => Member(normalizer, "type")?.GetString() switch
    {
        null => text => text,
        "Sequence" => Chain(Member(normalizer, "normalizers")!.Value.EnumerateArray().Select(step => Read(step)).ToArray()),
        "BertNormalizer" => ReadBert(normalizer!.Value).Normalize,
        "Lowercase" => LowerCase.OfEach,
        "NFC" => CanonicalForm.Compose,
        "NFD" => CanonicalForm.Decompose,
        "StripAccents" => BertText.WithoutAccents,
        "Strip" => ReadStrip(normalizer!.Value),
        "Prepend" when Member(normalizer, "prepend")?.GetString() is { } prefix => text => text.Length > 0 ? prefix + text : text,
        "Replace" => ReadReplace(normalizer!.Value),
        "Precompiled" => CharacterMap.Read(Member(normalizer, "precompiled_charsmap")!.Value.GetBytesFromBase64()) is { } map ? map.Apply : text => text,
        var type => throw new LfaDataException($"its normalizer {type} is not supported; supported are BertNormalizer, Lowercase, NFC, NFD, Precompiled, Prepend, Replace, Sequence, Strip and StripAccents."),
    };

    private static Func<string, string> Chain(Func<string, string>[] steps) => text => steps.Aggregate(text, (result, step) => step(result));

    private static BertText ReadBert(JsonElement step)
    {
        var isLower = Flag("lowercase") ?? true;
        return new BertText
        {
            CleanText = Flag("clean_text") ?? true,
            SeparateChinese = Flag("handle_chinese_chars") ?? true,
            StripAccents = Flag("strip_accents") ?? isLower,
            LowerCase = isLower,
        };

        bool? Flag(string key) => Member(step, key)?.GetBoolean();
    }

    private static Func<string, string> ReadStrip(JsonElement step)
    {
        var (left, right) = (Member(step, "strip_left")?.GetBoolean() ?? true, Member(step, "strip_right")?.GetBoolean() ?? true);
        return text => (left, right) switch
        {
            (true, true) => text.Trim(),
            (true, false) => text.TrimStart(),
            (false, true) => text.TrimEnd(),
            _ => text,
        };
    }

    private static Func<string, string> ReadReplace(JsonElement step)
    {
        var (pattern, content) = (Member(step, "pattern"), Member(step, "content")?.GetString() ?? "");
        if (Member(pattern, "String")?.GetString() is { Length: > 0 } literal)
            return text => text.Replace(literal, content, StringComparison.Ordinal);
        if (Member(pattern, "Regex")?.GetString() is not { } expression)
            throw new LfaDataException("its normalizer Replace has no pattern of kind String or Regex; get the file again.");
        var regex = new Regex(expression, RegexOptions.CultureInvariant, LongestMatch);
        // The replacement is literal: a "$1" in it means itself.
        return text => regex.Replace(text, _ => content);
    }
}
