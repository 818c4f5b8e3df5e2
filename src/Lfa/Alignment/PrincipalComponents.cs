using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Alignment;

/// <summary>
/// Maps each side to the k directions on which its own features lie longest: argmax over orthonormal A of ‖XA‖²_F, and
/// likewise of the class prototypes.
/// </summary>
/// <remarks>
/// The eigenvectors of XᵀX and YᵀY (K. Pearson, Philosophical Magazine 2(11), 1901). Instead of being centered, the features
/// lose their mean direction (<see cref="MeanDirections"/>): only a linear map folds into the transform. A side of k components
/// already is not mapped further, which would only turn it. How the two sides lie to each other is left to the alignment.
/// </remarks>
public sealed record PrincipalComponents() : SpaceProjection("pca")
{
    /// <inheritdoc/>
    public override bool HasComponents => true;

    /// <inheritdoc/>
    public override SideMaps Fit(FeatureSet task, FitContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        var k = Width(task, Components);
        var threads = Threads.Resolve((context ?? new FitContext()).MaxDegreeOfParallelism);
        var centered = MeanDirections.FitMaps(task);
        task = centered.Apply(task, threads);
        return centered.Then(new SideMaps(Largest(task.ImageFeatures, k, threads), Largest(task.ClassPrototypes, k, threads)));
    }

    /// <summary>Reads the number of components of a space for both sides.</summary>
    internal static int Width(FeatureSet task, int? components)
    {
        var most = Math.Min(task.Dimension, task.TextDimension);
        if (components is < 1 || components > most)
            throw new LfaDataException(Invariant($"components is {components} but imageFeatures is {task.SampleCount} × {task.Dimension} and classPrototypes {task.ClassCount} × {task.TextDimension}; give a number from 1 to {most}."));
        return components ?? most;
    }

    /// <summary>Finds the eigenvectors of XᵀX of the largest eigenvalues; of fewer rows than columns, in the space that the rows span.</summary>
    private static Transform? Largest(Matrix features, int components, int threads)
    {
        if (components == features.Columns)
            return null;
        if (features.Rows >= features.Columns)
            return Transform.FromColumns(SymmetricEigen.Of(CrossProducts.Gram(features, threads), threads).Vectors.Values, components, features.Columns);
        var (span, coordinates) = OrthonormalBasis.WithCoordinates(CrossProducts.ToDouble(features), features.Rows, features.Columns, threads);
        var (_, vectors) = SymmetricEigen.Of(new SquareMatrix(CrossProducts.Of(coordinates, coordinates, features.Rows, threads), span.Rows), threads);
        var columns = new double[components * features.Columns]; // Beyond the span there is no spread: zeros.
        MatrixProducts.Times(vectors.Values[..(Math.Min(components, span.Rows) * span.Rows)], span, threads).CopyTo(columns, 0);
        return Transform.FromColumns(columns, components, features.Columns);
    }
}
