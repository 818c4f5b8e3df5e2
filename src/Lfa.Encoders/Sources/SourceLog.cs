using Microsoft.Extensions.Logging;

namespace Lfa.Encoders.Sources;

/// <summary>The messages about sources.</summary>
internal static partial class SourceLog
{
    /// <summary>Logs what was passed over.</summary>
    public static void Report(ILogger logger, string source, SourceFindings findings)
    {
        foreach (var warning in findings.Warnings)
            Skipped(logger, source, warning);
        if (findings.IgnoredFiles > 0)
            Ignored(logger, source, findings.IgnoredFiles);
        foreach (var image in findings.Unreadable)
            Unreadable(logger, source, image.Name, image.Problem);
    }

    [LoggerMessage(10, LogLevel.Warning, "{Source}: {Warning}")]
    private static partial void Skipped(ILogger logger, string source, string warning);

    [LoggerMessage(11, LogLevel.Information, "{Source}: {Count} files are neither images nor videos.")]
    private static partial void Ignored(ILogger logger, string source, int count);

    [LoggerMessage(12, LogLevel.Warning, "{Source}: {Name} is skipped: {Problem}")]
    private static partial void Unreadable(ILogger logger, string source, string name, string problem);

    [LoggerMessage(13, LogLevel.Information, "Images are embedded with {Model}.")]
    public static partial void Opened(ILogger logger, string model);
}
