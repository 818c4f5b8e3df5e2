using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace Lfa.Encoders.Text;

/// <summary>
/// Cuts text into words as the published expression of CLIP does: <c>'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+</c>, whatever the case.
/// It is not given to <see cref="System.Text.RegularExpressions.Regex"/>, which sees halves of surrogate pairs: no letters, no numbers.
/// </summary>
/// <param name="special">The tokens that are found before words are.</param>
internal sealed class ClipWords(string[] special) : PreTokenizer
{
    // The long s is a case of s.
    private static readonly string[] Endings = ["'s", "'ſ", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    private enum Kind
    {
        Space,
        Letter,
        Number,
        Other,
    }

    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => PreTokenize(text.ToString());

    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        for (int start = 0, length; start < text.Length; start += length)
        {
            var kind = KindAt(text, start, out length);
            if (Find(special, text, start) is { } token)
                length = token.Length;
            else if (Find(Endings, text, start) is { } ending)
                length = ending.Length;
            else if (kind is Kind.Letter or Kind.Other)
                length = RunLength(text, start, kind);
            if (kind != Kind.Space)
                yield return (start, length);
        }
    }

    private int RunLength(string text, int start, Kind kind)
    {
        var end = start;
        while (end < text.Length && KindAt(text, end, out var width) == kind && (end == start || Find(special, text, end) is null))
            end += width;
        return end - start;
    }

    private static string? Find(string[] words, string text, int start)
    {
        foreach (var word in words)
        {
            if (text.AsSpan(start).StartsWith(word, StringComparison.OrdinalIgnoreCase))
                return word;
        }
        return null;
    }

    private static Kind KindAt(string text, int index, out int width)
    {
        Rune.DecodeFromUtf16(text.AsSpan(index), out var rune, out width);
        return Rune.GetUnicodeCategory(rune) switch
        {
            <= UnicodeCategory.OtherLetter => Kind.Letter,
            >= UnicodeCategory.DecimalDigitNumber and <= UnicodeCategory.OtherNumber => Kind.Number,
            _ => Rune.IsWhiteSpace(rune) ? Kind.Space : Kind.Other,
        };
    }
}
