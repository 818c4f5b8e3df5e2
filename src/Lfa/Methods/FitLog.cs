using Lfa.Alignment;
using Lfa.Data;
using Microsoft.Extensions.Logging;

namespace Lfa.Methods;

/// <summary>What fits log.</summary>
internal static partial class FitLog
{
    /// <summary>Warns that images and class names lie in two spaces, which nobody said.</summary>
    public static void BridgesSpaces(ILogger logger, FeatureSet task, SpaceProjection projection)
    {
        if (task.Dimension != task.TextDimension)
            BridgesWidths(logger, task.Dimension, task.TextDimension, projection.Name);
        else
            BridgesEncoders(logger, task.ImageEncoder?.Name, task.TextEncoder?.Name, projection.Name);
    }

    [LoggerMessage(1, LogLevel.Warning, "Images have {ImageDimension} components and class names {TextDimension}: two spaces, brought together by the projection {Projection}.")]
    private static partial void BridgesWidths(ILogger logger, int imageDimension, int textDimension, string projection);

    [LoggerMessage(2, LogLevel.Warning, "Images come from the encoder {ImageEncoder} and class names from {TextEncoder}: two spaces, brought together by the projection {Projection}.")]
    private static partial void BridgesEncoders(ILogger logger, string? imageEncoder, string? textEncoder, string projection);

    [LoggerMessage(3, LogLevel.Warning, "The images do not look equally shared among the classes, and equal shares are assumed: estimate the class prior, or give the part of each class.")]
    public static partial void DoubtsEqualShares(ILogger logger);
}
