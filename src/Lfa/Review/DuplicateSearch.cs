using System.Numerics.Tensors;
using Lfa.Data;

namespace Lfa.Review;

/// <summary>The nearest of some rows, and the cosine to it.</summary>
/// <param name="Row">The row, or −1 where there is none.</param>
/// <param name="Cosine">The cosine; below −1 where there is none.</param>
internal readonly record struct Neighbor(int Row, float Cosine)
{
    public static readonly Neighbor None = new(-1, -2);
}

/// <summary>Finds images that are there twice.</summary>
/// <remarks>Each image is listed once at most, so the lists stay short even where all images are alike.</remarks>
internal static class DuplicateSearch
{
    // Equal rows have a cosine this near to 1 in single precision.
    private const double Rounding = 1e-6;

    /// <summary>Lists the images that are near an earlier one: what is left without them has no duplicates.</summary>
    public static DuplicateImage[] Within(FeatureSet task, double threshold, int threads, CancellationToken cancellationToken)
    {
        var (features, least) = (task.ImageFeatures, Least(threshold));
        // The nearest earlier image of the same class and of another one.
        var (same, other) = (new Neighbor[features.Rows], new Neighbor[features.Rows]);
        Array.Fill(same, Neighbor.None);
        Array.Fill(other, Neighbor.None);
        foreach (var (start, column, cosines) in CosineBlocks.Of(features, features, earlierOnly: true, threads, cancellationToken))
        {
            var labels = task.Labels.Span;
            for (var i = 0; i < cosines.Rows; i++)
            {
                var row = start + i;
                var earlier = cosines.Row(i)[..Math.Clamp(row - column, 0, cosines.Columns)];
                if (earlier.Length == 0 || TensorPrimitives.Max(earlier) < least)
                    continue;
                for (var j = 0; j < earlier.Length; j++)
                {
                    if (earlier[j] < least)
                        continue;
                    ref var nearest = ref labels[column + j] == labels[row] ? ref same[row] : ref other[row];
                    if (earlier[j] > nearest.Cosine)
                        nearest = new Neighbor(column + j, earlier[j]);
                }
            }
        }
        var duplicates = new List<DuplicateImage>();
        for (var row = 0; row < features.Rows; row++)
        {
            var conflicts = other[row].Row >= 0;
            var (earlier, cosine) = conflicts ? other[row] : same[row];
            if (earlier < 0)
                continue;
            var exact = features.Row(row).SequenceEqual(features.Row(earlier));
            duplicates.Add(new DuplicateImage(row, earlier, Cosine(cosine, exact), exact, conflicts));
        }
        return [.. duplicates.OrderByDescending(one => one.IsConflict).ThenByDescending(one => one.IsExact).ThenByDescending(one => one.Cosine).ThenBy(one => one.Row)];
    }

    /// <summary>Finds the nearest row of one matrix for each row of another; the first of equals.</summary>
    public static Neighbor[] Nearest(Matrix rows, Matrix among, int threads, CancellationToken cancellationToken)
    {
        var nearest = new Neighbor[rows.Rows];
        Array.Fill(nearest, Neighbor.None);
        foreach (var (start, column, cosines) in CosineBlocks.Of(rows, among, earlierOnly: false, threads, cancellationToken))
        {
            for (var i = 0; i < cosines.Rows; i++)
            {
                var best = TensorPrimitives.IndexOfMax(cosines.Row(i));
                if (cosines[i, best] > nearest[start + i].Cosine)
                    nearest[start + i] = new Neighbor(column + best, cosines[i, best]);
            }
        }
        return nearest;
    }

    /// <summary>Lists the images that are near one of another set.</summary>
    public static Overlap[] Between(Matrix rows, Matrix among, Neighbor[] nearest, double threshold)
    {
        var overlaps = new List<Overlap>();
        for (var row = 0; row < rows.Rows; row++)
        {
            var (other, cosine) = nearest[row];
            if (cosine < Least(threshold))
                continue;
            var exact = rows.Row(row).SequenceEqual(among.Row(other));
            overlaps.Add(new Overlap(row, other, Cosine(cosine, exact), exact));
        }
        return [.. overlaps.OrderByDescending(one => one.IsExact).ThenByDescending(one => one.Cosine).ThenBy(one => one.Row)];
    }

    /// <summary>Returns the least cosine of duplicates, as single precision computes it.</summary>
    public static float Least(double threshold) => (float)(threshold - Rounding);

    private static double Cosine(float cosine, bool exact) => exact ? 1 : Math.Min(cosine, 1);
}
