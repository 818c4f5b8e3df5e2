using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Alignment;

/// <summary>
/// Projects the wider of two spaces to as many components as the narrower has, by a matrix of independent normal deviates of
/// variance 1 / components.
/// </summary>
/// <remarks>
/// Ouali et al., ICCV 2023 (uni-modal encoders); the map keeps distances in the mean (W. B. Johnson, J. Lindenstrauss, "Extensions of
/// Lipschitz mappings into a Hilbert space", 1984). It knows neither images nor labels; published with it are β = 0.1 and
/// 800 iterations. Differs from the published implementation: the deviates are this library's own, fixed by the seed.
/// </remarks>
public sealed record GaussianProjection() : SpaceProjection("gaussian")
{
    /// <inheritdoc/>
    public override SideMaps Fit(FeatureSet task, FitContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        return Between(task.Dimension, task.TextDimension, (context ?? new FitContext()).Seed);
    }

    /// <summary>Draws the map of the wider side.</summary>
    /// <param name="imageDimension">The number of components of image features, at least 1.</param>
    /// <param name="textDimension">The number of components of text features, at least 1.</param>
    /// <param name="seed">The seed. Default: 1.</param>
    /// <returns>The maps to the smaller number of components; both sides stay as they are where they have as many.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number of components is below 1.</exception>
    public static SideMaps Between(int imageDimension, int textDimension, int seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(imageDimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(textDimension, 1);
        return new SideMaps(
            imageDimension > textDimension ? Draw(imageDimension, textDimension, seed) : null,
            textDimension > imageDimension ? Draw(textDimension, imageDimension, seed) : null);
    }

    private static Transform Draw(int rows, int components, int seed)
    {
        var random = new RandomStream(seed, RandomPurpose.Projection);
        var values = new float[checked(rows * components)];
        var deviation = 1 / Math.Sqrt(components);
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(deviation * random.NextNormal());
        return new Transform(new Matrix(values, rows, components));
    }
}
