using System.Globalization;
using System.Text;

namespace Lfa.Encoders.Text;

/// <summary>The normalization of BERT: control characters out, Chinese characters apart, accents off, small letters; each where the model's files say so.</summary>
internal sealed record BertText
{
    public bool CleanText { get; init; } = true;

    public bool SeparateChinese { get; init; } = true;

    public bool StripAccents { get; init; } = true;

    public bool LowerCase { get; init; } = true;

    public string Normalize(string text)
    {
        if (CleanText || SeparateChinese)
            text = Clean(text);
        if (StripAccents)
            text = WithoutAccents(text);
        return LowerCase ? Text.LowerCase.OfEach(text) : text;
    }

    /// <summary>Decomposes the text and drops its accents.</summary>
    public static string WithoutAccents(string text)
    {
        if (Ascii.IsValid(text))
            return text;
        var plain = new StringBuilder(text.Length);
        foreach (var rune in CanonicalForm.Decompose(text).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
                plain.Append(rune);
        }
        return plain.ToString();
    }

    private string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (CleanText && IsDropped(rune))
                continue;
            if (CleanText && Rune.IsWhiteSpace(rune))
                clean.Append(' ');
            else if (SeparateChinese && IsChinese(rune.Value))
                clean.Append(' ').Append(rune).Append(' ');
            else
                clean.Append(rune);
        }
        return clean.ToString();
    }

    // Of the control characters that are white space, BERT keeps three.
    private static bool IsDropped(Rune rune) => rune.Value is 0xFFFD || rune.Value is not ('\t' or '\n' or '\r') && Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate;

    /// <summary>The blocks of CJK ideographs, as listed by BERT; kana and hangul are not among them.</summary>
    private static bool IsChinese(int code) => code
        is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B820 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
