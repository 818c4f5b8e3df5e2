using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Lfa.Encoders.Text;

/// <summary>Brings strings to the Unicode forms NFC and NFD.</summary>
/// <remarks>
/// <see cref="string.Normalize()"/> does nothing where the runtime has no ICU, as in the tool; and names of folders
/// that were made on macOS come decomposed. The table is written by <c>tools/canonical_forms.py</c>.
/// </remarks>
internal static class CanonicalForm
{
    // Hangul syllables are made of their parts by arithmetic (Unicode, section 3.12).
    private const int SyllableBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TailBase = 0x11A7;
    private const int Leads = 19, Vowels = 21, Tails = 28, Syllables = Leads * Vowels * Tails;

    private static readonly Table Data = Table.Read();
    private static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range(0, 0x300).Select(code => (char)code)]);

    /// <summary>Composes (NFC).</summary>
    public static string Compose(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(Plain))
            return text;
        var points = ToDecomposed(text);
        return ToString(points.AsSpan(0, Compose(points)));
    }

    /// <summary>Decomposes (NFD).</summary>
    public static string Decompose(string text) => Ascii.IsValid(text) ? text : ToString(ToDecomposed(text));

    private static int[] ToDecomposed(string text)
    {
        var points = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
            AddDecomposed(rune.Value, points);
        int[] ordered = [.. points];
        Order(ordered);
        return ordered;
    }

    private static void AddDecomposed(int code, List<int> points)
    {
        if (code - SyllableBase is >= 0 and < Syllables and var syllable)
        {
            points.Add(LeadBase + (syllable / (Vowels * Tails)));
            points.Add(VowelBase + (syllable / Tails % Vowels));
            if (syllable % Tails > 0)
                points.Add(TailBase + (syllable % Tails));
        }
        else if (Data.Decompositions.TryGetValue(code, out var parts))
        {
            foreach (var part in parts)
                AddDecomposed(part, points);
        }
        else
        {
            points.Add(code);
        }
    }

    /// <summary>Sorts each run of combining marks by class; marks of one class keep their order.</summary>
    private static void Order(int[] points)
    {
        for (var start = 0; start < points.Length; start++)
        {
            var end = start;
            while (end < points.Length && Data.ClassOf(points[end]) > 0)
                end++;
            if (end - start > 1)
                points.AsSpan(start, end - start).ToArray().OrderBy(Data.ClassOf).ToArray().CopyTo(points, start);
            start = end;
        }
    }

    /// <summary>Composes in place (Unicode, section 3.11) and returns the new length.</summary>
    private static int Compose(int[] points)
    {
        var (starter, length, last) = (-1, 0, 0);
        foreach (var code in points)
        {
            var mark = Data.ClassOf(code);
            // A mark is blocked from its starter by another mark of the same class; a starter by any mark.
            var adjacent = starter == length - 1;
            if (starter >= 0 && (adjacent || (last < mark && mark > 0)) && Join(points[starter], code) is { } joined)
            {
                points[starter] = joined;
                continue;
            }
            if (mark == 0)
                starter = length;
            last = mark;
            points[length++] = code;
        }
        return length;
    }

    private static int? Join(int first, int second)
    {
        if (first - LeadBase is >= 0 and < Leads and var lead && second - VowelBase is >= 0 and < Vowels and var vowel)
            return SyllableBase + (((lead * Vowels) + vowel) * Tails);
        if (first - SyllableBase is >= 0 and < Syllables and var syllable && syllable % Tails == 0 && second - TailBase is > 0 and < Tails and var tail)
            return first + tail;
        return Data.Compositions.TryGetValue((first, second), out var joined) ? joined : null;
    }

    private static string ToString(ReadOnlySpan<int> points)
    {
        var text = new StringBuilder(points.Length);
        foreach (var point in points)
            text.Append(new Rune(point).ToString());
        return text.ToString();
    }

    private sealed record Table(FrozenDictionary<int, int[]> Decompositions, FrozenDictionary<(int, int), int> Compositions, FrozenDictionary<int, int> Classes)
    {
        public int ClassOf(int code) => code < 0x300 ? 0 : Classes.GetValueOrDefault(code);

        public static Table Read()
        {
            var (decompositions, compositions, classes) = (new Dictionary<int, int[]>(), new Dictionary<(int, int), int>(), new Dictionary<int, int>());
            using var reader = new StreamReader(typeof(CanonicalForm).Assembly.GetManifestResourceStream("canonical-forms.txt")!);
            while (reader.ReadLine() is { } line)
            {
                if (line[0] == '#')
                    continue;
                var numbers = Array.ConvertAll(line.Split([' ', '-', '=', '!'], StringSplitOptions.RemoveEmptyEntries), part => int.Parse(part, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                if (line.Contains('='))
                {
                    for (var code = numbers[0]; code <= numbers[1]; code++)
                        classes.Add(code, numbers[2]);
                    continue;
                }
                decompositions.Add(numbers[0], numbers[1..]);
                if (line[0] != '!')
                    compositions.Add((numbers[1], numbers[2]), numbers[0]);
            }
            return new Table(decompositions.ToFrozenDictionary(), compositions.ToFrozenDictionary(), classes.ToFrozenDictionary());
        }
    }
}
