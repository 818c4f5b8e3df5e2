using System.Numerics.Tensors;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Alignment;

/// <summary>
/// Maps images and class names to the k directions that vary together most: argmax of trace(AᵀXᵀPYB) over A and B with
/// Aᵀ(XᵀX + ρₓI)A = I and Bᵀ(TᵀT + ρ_tI)B = I, where T = PY holds the prototype of the class of each image.
/// </summary>
/// <remarks>
/// H. Hotelling, "Relations between two sets of variates", Biometrika 28, 1936; with penalties H. D. Vinod, "Canonical ridge
/// and econometrics of joint production", J. Econometrics 4, 1976. With the Cholesky factors L of both penalized moments,
/// A = Lₓ⁻ᵀU and B = L_t⁻ᵀV of the singular vectors of Lₓ⁻¹·XᵀT·L_t⁻ᵀ, where XᵀT = SᵀY. Instead of being centered, the features
/// lose their mean direction (<see cref="MeanDirections"/>). The sides are aligned as they come out: cosines of mapped features
/// classify.
/// </remarks>
public sealed record CanonicalCorrelation() : SpaceProjection("cca")
{
    /// <summary>The default of the penalty, relative to the mean eigenvalue of a side.</summary>
    public const double DefaultPenalty = 3;

    // A correlation this much smaller than the largest is rounding, and its direction arbitrary.
    private const double RankCutoff = 1e-6;

    /// <summary>Gets the penalty ρ of a side over its mean eigenvalue, above 0. Default: <see cref="DefaultPenalty"/>.</summary>
    public double Penalty
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(Penalty), value, "Penalty must be above 0, and finite.");
    } = DefaultPenalty;

    /// <inheritdoc/>
    public override bool HasComponents => true;

    /// <inheritdoc/>
    /// <remarks>Directions without correlation are left out.</remarks>
    public override SideMaps Fit(FeatureSet task, FitContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        task.ThrowIfNotTrainable();
        var most = PrincipalComponents.Width(task, Components);
        var threads = Threads.Resolve((context ?? new FitContext()).MaxDegreeOfParallelism);
        var centered = MeanDirections.FitMaps(task);
        task = centered.Apply(task, threads);
        var prototypes = CrossProducts.ToDouble(task.ClassPrototypes);
        Operand<double>? span = null; // B lies in the span of the prototypes.
        if (task.ClassCount < task.TextDimension)
            (span, prototypes) = OrthonormalBasis.WithCoordinates(prototypes, task.ClassCount, task.TextDimension, threads);
        var images = Factor(CrossProducts.Gram(task.ImageFeatures, threads), Penalty, task.Dimension);
        var texts = Factor(TargetMoments(prototypes, task, threads), Penalty, task.TextDimension);
        var sums = CrossProducts.ClassSums(task.ImageFeatures, task.Labels.Span, task.ClassCount);
        if (!sums.AsSpan().ContainsAnyExcept(0.0))
            throw new LfaDataException("The images of every class cancel out; give images that differ between the classes.");
        images.SolveLower(sums, threads); // S·Lₓ⁻ᵀ
        texts.SolveLower(prototypes, threads); // Y·L_t⁻ᵀ
        var (left, right) = SingularVectors(sums, prototypes, task.ClassCount, most, threads);
        images.SolveUpper(left, threads);
        texts.SolveUpper(right, threads);
        if (span is { } basis)
            right = MatrixProducts.Times(right, basis, threads);
        var rank = left.Length / task.Dimension;
        ScaleToUnitMean(left, task.ImageFeatures, rank, threads);
        return centered.Then(new SideMaps(Transform.FromColumns(left, rank, task.Dimension), Transform.FromColumns(right, rank, task.TextDimension)));
    }

    /// <summary>Finds the singular vectors of FᵀG, by rows, given the rows of F and G: from the eigenvectors of the smaller Gram matrix, in the space that the rows span.</summary>
    private static (double[] Left, double[] Right) SingularVectors(double[] f, double[] g, int count, int most, int threads)
    {
        var (rows, columns) = (f.Length / count, g.Length / count);
        if (rows < columns)
        {
            var (right, left) = SingularVectors(g, f, count, most, threads);
            return (left, right);
        }
        if (count < columns)
        {
            var (from, fCoordinates) = OrthonormalBasis.WithCoordinates(f, count, rows, threads);
            var (to, gCoordinates) = OrthonormalBasis.WithCoordinates(g, count, columns, threads);
            var (left, right) = SingularVectors(fCoordinates, gCoordinates, count, most, threads);
            return (MatrixProducts.Times(left, from, threads), MatrixProducts.Times(right, to, threads));
        }
        var matrix = CrossProducts.Of(f, g, count, threads);
        var (values, vectors) = SymmetricEigen.Of(new SquareMatrix(CrossProducts.Of(matrix, matrix, rows, threads), columns), threads);
        if (values[0] <= 0)
            throw new LfaDataException("No direction of the images varies with one of the class names; give images that differ between the classes.");
        var rank = values.Take(most).Count(value => Math.Sqrt(Math.Max(0, value)) > RankCutoff * Math.Sqrt(values[0]));
        var kept = vectors.Values[..(rank * columns)];
        var images = MatrixProducts.Times(kept, new Operand<double>(matrix, rows, columns).Transpose(), threads);
        for (var i = 0; i < rank; i++)
        {
            var row = images.AsSpan(i * rows, rows);
            TensorPrimitives.Divide(row, Math.Sqrt(values[i]), row);
        }
        return (images, kept);
    }

    /// <summary>Scales the map of images, which has no length of its own, so that those it was fitted to are of length 1 on average.</summary>
    private static void ScaleToUnitMean(double[] columns, Matrix features, int rank, int threads)
    {
        var mapped = Transform.FromColumns(columns, rank, features.Columns).Apply(features, threads);
        var mean = Enumerable.Range(0, mapped.Rows).Average(i => (double)TensorPrimitives.Norm(mapped.Row(i)));
        TensorPrimitives.Divide(columns, mean, columns);
    }

    /// <summary>Computes TᵀT, each prototype counting once for every image of its class.</summary>
    private static SquareMatrix TargetMoments(double[] prototypes, FeatureSet task, int threads)
    {
        var size = prototypes.Length / task.ClassCount;
        var counted = (double[])prototypes.Clone();
        foreach (var (label, count) in task.Labels.ToArray().CountBy(label => label))
            TensorPrimitives.Multiply(counted.AsSpan(label * size, size), count, counted.AsSpan(label * size, size));
        return new SquareMatrix(CrossProducts.Of(prototypes, counted, task.ClassCount, threads), size);
    }

    /// <summary>Factors the second moments of a side, penalized by so many times the mean of all eigenvalues of its space.</summary>
    private static Cholesky Factor(SquareMatrix moments, double penalty, int dimension)
    {
        var trace = Enumerable.Range(0, moments.Size).Sum(i => moments[i, i]);
        for (var i = 0; i < moments.Size; i++)
            moments.Row(i)[i] += penalty * trace / dimension;
        return Cholesky.TryFactor(moments) ?? throw new LfaDataException("The second moments are singular in spite of the penalty; raise it.");
    }
}
