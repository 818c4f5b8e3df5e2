using System.Diagnostics.CodeAnalysis;

namespace Lfa.Cli.Parsing;

/// <summary>The names that options and their values had before, which scripts may hold still. They are taken for one version.</summary>
internal static class FormerOptions
{
    private static readonly Dictionary<string, string> Names = new()
    {
        ["--bridge"] = "--projection",
        ["--unlabelled"] = "--unlabeled",
        ["--shares"] = "--class-prior",
        ["--picture-batch"] = "--image-batch",
    };

    /// <summary>Returns the arguments with the names of today.</summary>
    public static string[] Rename(IReadOnlyList<string> args)
    {
        var renamed = args.ToArray();
        for (var i = 0; i < renamed.Length; i++)
        {
            var (name, value) = renamed[i].IndexOf('=') is > 0 and var end ? (renamed[i][..end], renamed[i][end..]) : (renamed[i], "");
            if (!Names.TryGetValue(name, out var today) && !IsImageBatch(name, renamed, out today))
                continue;
            renamed[i] = today + (value == "=projection" ? "=gaussian" : value);
            if (name == "--bridge" && i + 1 < renamed.Length && renamed[i + 1] == "projection")
                renamed[i + 1] = "gaussian";
        }
        return renamed;
    }

    // Of a fit, --batch was and is that of the refinement.
    private static bool IsImageBatch(string name, string[] args, [NotNullWhen(true)] out string? today)
    {
        today = name == "--batch" && args[0] != "fit" ? "--image-batch" : null;
        return today is not null;
    }
}
