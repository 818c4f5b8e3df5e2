using System.Numerics.Tensors;
using Lfa.Data;

namespace Lfa.Methods;

/// <summary>
/// Tells whether images and class names lie in different cones of the sphere: the modality gap
/// (W. Liang et al., "Mind the gap", NeurIPS 2022).
/// </summary>
internal static class ModalityGap
{
    // 1.3 and 2.2 for CLIP features of ImageNet and Caltech101; near 1 / n without a gap.
    private const double LeastRatio = 0.25;

    /// <summary>Returns whether the differences between images and their class prototypes have a common part of some size beside what differs among them.</summary>
    public static bool IsPresent(FeatureSet task)
    {
        var (mean, difference, squares) = (new double[task.Dimension], new float[task.Dimension], 0.0);
        var wide = new double[task.Dimension];
        for (var i = 0; i < task.SampleCount; i++)
        {
            TensorPrimitives.Subtract(task.ImageFeatures.Row(i), task.ClassPrototypes.Row(task.Labels.Span[i]), difference);
            TensorPrimitives.ConvertTruncating<float, double>(difference, wide);
            TensorPrimitives.Add(mean, wide, mean);
            squares += TensorPrimitives.SumOfSquares<double>(wide);
        }
        TensorPrimitives.Divide(mean, task.SampleCount, mean);
        var common = TensorPrimitives.SumOfSquares<double>(mean);
        var scatter = (squares / task.SampleCount) - common;
        return common > LeastRatio * scatter;
    }
}
