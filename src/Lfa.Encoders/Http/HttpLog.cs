using Microsoft.Extensions.Logging;

namespace Lfa.Encoders.Http;

/// <summary>The messages about requests; they hold no secret.</summary>
internal static partial class HttpLog
{
    [LoggerMessage(1, LogLevel.Warning, "{Problem} Trying again in {Wait}.")]
    public static partial void Retrying(ILogger logger, string problem, TimeSpan wait);

    [LoggerMessage(2, LogLevel.Information, "Pulling {Model} at {Commit}: {Files} files of {Bytes} bytes together.")]
    public static partial void Pulling(ILogger logger, string model, string commit, int files, long bytes);

    [LoggerMessage(3, LogLevel.Debug, "{File} is whole.")]
    public static partial void Whole(ILogger logger, string file);

    [LoggerMessage(4, LogLevel.Debug, "Asking {Model} for {Texts} texts, {Known} come from the cache.")]
    public static partial void Asking(ILogger logger, string model, int texts, int known);
}
