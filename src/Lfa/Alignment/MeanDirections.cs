using System.Numerics.Tensors;
using Lfa.Data;

namespace Lfa.Alignment;

/// <summary>Leaves both sides in their spaces, between which the alignment is a partial isometry, but for the direction that their features have in common: x − (x·m)m, m the direction of their mean.</summary>
/// <remarks>
/// Features lie in cones, and the axes of two cones say nothing of the classes, yet as the longest directions they would
/// decide most of an alignment. To subtract the mean itself would not be linear; this map is, so that it folds into the
/// transform. A side on which a row lies along its mean stays as it is.
/// </remarks>
public sealed record MeanDirections() : SpaceProjection("procrustes")
{
    // A row with so little of it left beside the mean would be mostly rounding once scaled to unit length.
    private const double LeastRest = 1e-3;

    /// <inheritdoc/>
    public override bool GivesCommonSpace => false;

    /// <inheritdoc/>
    public override SideMaps Fit(FeatureSet task, FitContext? context = null) => FitMaps(task);

    /// <summary>Finds the maps of both sides.</summary>
    /// <param name="task">The labeled images, n × d_image, and the class prototypes, C × d_text. The mean of the images is that of the means of the classes.</param>
    /// <exception cref="LfaDataException">The images have no labels, or a class has no example.</exception>
    internal static SideMaps FitMaps(FeatureSet task)
    {
        ArgumentNullException.ThrowIfNull(task);
        task.ThrowIfNotTrainable();
        var means = Array.ConvertAll(CrossProducts.ClassSums(task.ImageFeatures, task.Labels.Span, task.ClassCount), sum => (float)sum);
        Matrix.NormalizeRows(means, task.Dimension);
        return new SideMaps(
            Without(Mean(new Matrix(means, task.ClassCount, task.Dimension)), task.ImageFeatures),
            Without(Mean(task.ClassPrototypes), task.ClassPrototypes));
    }

    private static double[] Mean(Matrix features)
    {
        var (mean, row) = (new double[features.Columns], new double[features.Columns]);
        for (var i = 0; i < features.Rows; i++)
        {
            TensorPrimitives.ConvertTruncating(features.Row(i), row);
            TensorPrimitives.Add(mean, row, mean);
        }
        var length = TensorPrimitives.Norm<double>(mean);
        TensorPrimitives.Divide(mean, length > 0 ? length : 1, mean);
        return mean;
    }

    /// <summary>Makes the map I − m·mᵀ; null where it would leave nothing of a row.</summary>
    private static Transform? Without(double[] mean, Matrix features)
    {
        var row = new double[mean.Length];
        for (var i = 0; i < features.Rows; i++)
        {
            TensorPrimitives.ConvertTruncating(features.Row(i), row);
            TensorPrimitives.MultiplyAdd(mean, -TensorPrimitives.Dot<double>(row, mean), row, row);
            if (TensorPrimitives.Norm<double>(row) < LeastRest)
                return null;
        }
        var map = Numerics.SquareMatrix.Identity(mean.Length);
        for (var i = 0; i < mean.Length; i++)
            TensorPrimitives.MultiplyAdd(mean, -mean[i], map.Row(i), map.Row(i));
        return Transform.FromDouble(map);
    }
}
