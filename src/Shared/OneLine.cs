using System.Text;

namespace Lfa;

/// <summary>Keeps messages to one line, whatever names they quote.</summary>
internal static class OneLine
{
    /// <summary>Replaces line ends and control characters, which a name may hold, by escapes.</summary>
    public static string Of(string text)
    {
        if (!text.Any(BreaksLine))
            return text;
        var line = new StringBuilder(text.Length + 16);
        foreach (var character in text)
            _ = BreaksLine(character) ? line.Append(Invariant($"\\u{(int)character:x4}")) : line.Append(character);
        return line.ToString();
    }

    private static bool BreaksLine(char character) => char.IsControl(character) || character is '\u2028' or '\u2029';
}
