namespace Lfa.Cli;

/// <summary>Keeps messages to one line, whatever names they quote.</summary>
internal static class OneLine
{
    public static string Of(string message) =>
        string.Concat(message.Select(character => char.IsControl(character) || character is '\u2028' or '\u2029' ? ' ' : character));
}
