using System.Globalization;
using System.Text;

namespace Lfa.Encoders.Text;

/// <summary>Makes letters small exactly as the published tokenizers do.</summary>
/// <remarks>It differs from <see cref="string.ToLowerInvariant"/> in two letters: İ becomes i and a combining dot, and in a whole text Σ at the end of a word becomes ς.</remarks>
internal static class LowerCase
{
    private const char DottedCapitalI = 'İ', CapitalSigma = 'Σ', FinalSigma = 'ς';

    /// <summary>Makes a text small as Python's <c>str.lower</c> does, which CLIP calls on whole texts.</summary>
    public static string Of(string text)
    {
        var lower = text.ToLowerInvariant();
        return WithDots(text, text.Contains(CapitalSigma) ? WithFinalSigmas(text, lower) : lower);
    }

    /// <summary>Makes each character small by itself, as the other tokenizers do: Σ is σ wherever it stands.</summary>
    public static string OfEach(string text) => WithDots(text, text.ToLowerInvariant());

    private static string WithDots(string text, string lower)
    {
        if (!text.Contains(DottedCapitalI))
            return lower;
        var letters = new StringBuilder(lower.Length + 8);
        for (var i = 0; i < text.Length; i++)
            _ = text[i] == DottedCapitalI ? letters.Append("i\u0307") : letters.Append(lower[i]);
        return letters.ToString();
    }

    private static string WithFinalSigmas(string text, string lower) => string.Create(lower.Length, (text, lower), static (letters, source) =>
    {
        source.lower.CopyTo(letters);
        for (var i = 0; i < letters.Length; i++)
        {
            if (source.text[i] == CapitalSigma && IsLetterBeside(source.text, i, -1) && !IsLetterBeside(source.text, i, +1))
                letters[i] = FinalSigma;
        }
    });

    /// <summary>Gets whether the nearest character in a direction that counts has a case.</summary>
    private static bool IsLetterBeside(string text, int index, int direction)
    {
        for (var i = index + direction; i >= 0 && i < text.Length; i += direction)
        {
            // The category of a pair of surrogates is asked at its first half.
            var first = char.IsLowSurrogate(text[i]) && i > 0 && char.IsHighSurrogate(text[i - 1]) ? i - 1 : i;
            var category = CharUnicodeInfo.GetUnicodeCategory(text, first);
            if (!IsIgnored(text[i], category))
                return HasCase(text[i], category);
        }
        return false;
    }

    /// <summary>The property Case_Ignorable of Unicode.</summary>
    private static bool IsIgnored(char character, UnicodeCategory category) => category
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol
        || character is '\'' or '.' or ':' or '·' or '·' or '՟' or '״' or '‘' or '’' or '․' or '‧' or '︓' or '﹒' or '﹕' or '＇' or '．' or '：';

    /// <summary>The property Cased of Unicode.</summary>
    private static bool HasCase(char character, UnicodeCategory category) => category
        is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        || character is 'ª' or 'º' or (>= 'Ⅰ' and <= 'ⅿ') or (>= 'Ⓐ' and <= 'ⓩ');
}
