namespace Lfa.Protocols.Tests.Support;

/// <summary>Reads files of results.</summary>
internal static class Csv
{
    private const int Times = 3; // threads, seconds and peak_bytes stand last, and are never quoted

    public static string WithoutTimes(string path)
    {
        var lines = File.ReadAllLines(path);
        lines[0].ShouldEndWith(",threads,seconds,peak_bytes");
        return string.Join('\n', lines.Select(line => string.Join(',', line.Split(',')[..^Times])));
    }
}
