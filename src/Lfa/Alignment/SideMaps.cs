using Lfa.Data;

namespace Lfa.Alignment;

/// <summary>The linear maps of the two sides of a projection: what becomes of image features and of text features before they are aligned.</summary>
/// <param name="Images">The map A of image features, d_image × k; null where they stay as they are.</param>
/// <param name="Texts">The map B of text features, d_text × m; null where they stay as they are.</param>
/// <remarks>
/// Only directions count on both sides. Since normalize(normalize(x·A)·W) = normalize(x·A·W), a transform W fitted to mapped
/// features is the transform A·W of the image features themselves; the class prototypes stay mapped.
/// </remarks>
public sealed record SideMaps(Transform? Images, Transform? Texts)
{
    /// <summary>Maps both sides of a task: n × k and C × m, rows of unit length.</summary>
    /// <param name="task">The images, n × d_image, and the class prototypes, C × d_text.</param>
    /// <param name="maxDegreeOfParallelism">The number of threads at most; −1 for all processors. Default: −1.</param>
    /// <exception cref="LfaDataException">A side has other columns than its map takes, or a row that is mapped to zero; the message names it.</exception>
    public FeatureSet Apply(FeatureSet task, int maxDegreeOfParallelism = -1)
    {
        ArgumentNullException.ThrowIfNull(task);
        return Apply(task, crop => Map(Images, crop, maxDegreeOfParallelism).NormalizeRows(), maxDegreeOfParallelism);
    }

    /// <summary>Maps both sides of a task, the images without scaling them to unit length: scores then stay linear in the images.</summary>
    internal FeatureSet ApplyLinearly(FeatureSet task, int threads) => Apply(task, crop => Map(Images, crop, threads), threads);

    /// <summary>Returns the transform of image features that a transform of mapped ones amounts to, A·W.</summary>
    /// <param name="transform">The transform W, k × m.</param>
    public Transform Unfold(Transform transform)
    {
        ArgumentNullException.ThrowIfNull(transform);
        return Then(Images, transform)!;
    }

    /// <summary>Returns the maps that have the effect of these and then of others.</summary>
    internal SideMaps Then(SideMaps next) => new(Then(Images, next.Images), Then(Texts, next.Texts));

    private FeatureSet Apply(FeatureSet task, Func<Matrix, Matrix> mapImages, int threads) =>
        task.Map([.. task.Crops.Select(mapImages)], Map(Texts, task.ClassPrototypes, threads).NormalizeRows());

    private static Matrix Map(Transform? map, Matrix features, int threads) => map?.Apply(features, threads) ?? features;

    private static Transform? Then(Transform? first, Transform? second) =>
        first is null ? second : second is null ? first : new Transform(second.Apply(first.Matrix));
}
