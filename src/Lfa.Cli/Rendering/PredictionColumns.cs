using Lfa.Classification;
using Lfa.Model;

namespace Lfa.Cli.Rendering;

/// <summary>What a row says of an image.</summary>
/// <param name="Top">The number of classes listed.</param>
/// <param name="Set">Whether it has the set of classes.</param>
/// <param name="Unknown">Whether it says if the image is of none of the classes.</param>
/// <param name="DependsOnBatch">Whether it depends on the other images; JSON says so.</param>
internal sealed record PredictionColumns(int Top, bool Set, bool Unknown, bool DependsOnBatch = false)
{
    /// <summary>Returns what the options ask for, or else the model's own defaults.</summary>
    public static PredictionColumns Of(LfaModel model, PredictionOptions options) => new(
        Math.Min(options.TopK, model.ClassNames.Count),
        (options.Coverage ?? model.Calibration?.Coverage) is not null,
        (options.FalseRejection ?? model.Calibration?.FalseRejection) is not null);

    /// <summary>Returns what there is of images classified together, of which prediction sets and rejection tell nothing.</summary>
    public static PredictionColumns OfBatch(LfaModel model, PredictionOptions options) =>
        new(Math.Min(options.TopK, model.ClassNames.Count), Set: false, Unknown: false, DependsOnBatch: true);
}
