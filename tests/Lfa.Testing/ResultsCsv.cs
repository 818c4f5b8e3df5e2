namespace Lfa.Testing;

/// <summary>Reads files of results.</summary>
public static class ResultsCsv
{
    /// <summary>Reads a file of results, without the columns that differ from run to run.</summary>
    public static string WithoutTimes(string path)
    {
        var lines = File.ReadAllLines(path);
        lines[0].ShouldEndWith(",threads,seconds,peak_bytes,top1,top5"); // Never quoted.
        return string.Join('\n', lines.Select(line => string.Join(',', (string[])[.. line.Split(',')[..^5], .. line.Split(',')[^2..]])));
    }
}
