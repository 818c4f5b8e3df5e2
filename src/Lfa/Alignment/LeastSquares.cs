using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Alignment;

/// <summary>
/// Fits the transform of least squares: argmin ‖XW − PY‖²_F + λ‖W‖²_F.
/// </summary>
/// <remarks>
/// Ouali et al., ICCV 2023, section 3.2. Solved in double precision through the Cholesky factor of XᵀX + λI. Where λ = 0
/// and X has not full column rank, W is the solution of least norm: with Q an orthonormal basis of the rows of X,
/// W = Qᵀ · argmin ‖(XQᵀ)V − PY‖²_F.
/// </remarks>
public static class LeastSquares
{
    // Relative to the longest row: single-precision features that depend on each other do so to about 1e-7.
    private const double RankCutoff = 1e-5;
    // The basis has told the rank; the Gram matrix in it may come to the square of that cut-off, over the number of rows.
    private const double ReducedPivotCutoff = 1e-15;

    /// <summary>Fits the transform from labeled images to the prototypes of their classes.</summary>
    /// <param name="task">The labeled images, n × d, and the class prototypes, C × d, rows of unit length.</param>
    /// <param name="ridge">The weight λ of the penalty, at least 0. Default: 0.</param>
    /// <param name="maxDegreeOfParallelism">The number of threads at most; −1 for all processors. Default: −1.</param>
    /// <returns>The transform, d × d; between two spaces d_image × d_text.</returns>
    /// <exception cref="LfaDataException">The images have no labels, or a class has no example.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ridge"/> is negative or not finite.</exception>
    public static Transform Fit(FeatureSet task, double ridge = 0, int maxDegreeOfParallelism = -1)
    {
        ArgumentNullException.ThrowIfNull(task);
        task.ThrowIfNotTrainable();
        var threads = Threads.Resolve(maxDegreeOfParallelism);
        var sums = CrossProducts.ClassSums(task.ImageFeatures, task.Labels.Span, task.ClassCount);
        var cross = CrossProducts.Of(CrossProducts.ToDouble(task.ClassPrototypes), sums, task.ClassCount, threads);
        return Solve(task.ImageFeatures, cross, ridge, threads);
    }

    /// <summary>Fits the transform from the sums over labeled images.</summary>
    /// <param name="statistics">The sums over the images.</param>
    /// <param name="classPrototypes">The class prototypes, C × d, rows of unit length.</param>
    /// <param name="ridge">The weight λ of the penalty, at least 0. Default: 0.</param>
    /// <param name="maxDegreeOfParallelism">The number of threads at most; −1 for all processors. Default: −1.</param>
    /// <returns>The transform, d × d; between two spaces d_image × d_text. Where λ = 0 and there are fewer images than components, their span is known from XᵀX only, to about 1e-5 of the longest row.</returns>
    /// <exception cref="LfaDataException">The statistics are of other classes than the prototypes.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ridge"/> is negative or not finite.</exception>
    public static Transform Fit(ClassStatistics statistics, Matrix classPrototypes, double ridge = 0, int maxDegreeOfParallelism = -1)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        statistics.ThrowIfNotOf(classPrototypes);
        var threads = Threads.Resolve(maxDegreeOfParallelism);
        var cross = CrossProducts.Of(CrossProducts.ToDouble(classPrototypes), statistics.Sums.ToArray(), statistics.ClassCount, threads);
        return Solve(statistics.CopySecondMoments(), null, cross, ridge, threads);
    }

    /// <summary>Fits the transform between features given in pairs.</summary>
    /// <param name="source">The features to transform, n × d.</param>
    /// <param name="target">The features they should become, n × d, or n × d_text of another space.</param>
    /// <param name="ridge">The weight λ of the penalty, at least 0. Default: 0.</param>
    /// <param name="maxDegreeOfParallelism">The number of threads at most; −1 for all processors. Default: −1.</param>
    /// <returns>The transform, d × d; between two spaces d_image × d_text.</returns>
    /// <exception cref="LfaDataException">The numbers of rows differ, there are no rows, or an entry is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ridge"/> is negative or not finite.</exception>
    public static Transform Fit(Matrix source, Matrix target, double ridge = 0, int maxDegreeOfParallelism = -1)
    {
        ThrowIfNotPaired(source, target);
        var threads = Threads.Resolve(maxDegreeOfParallelism);
        return Solve(source, CrossProducts.Of(target, source, threads), ridge, threads);
    }

    /// <summary>
    /// Approximates soft prompts by a transform: argmin ‖YW − Y′‖²_F carries prototypes that prompt tuning learned elsewhere
    /// over to any class name.
    /// </summary>
    /// <remarks>Ouali et al., ICCV 2023, section 3.1. The prototypes of other classes are adapted by <see cref="Transform.Apply"/>.</remarks>
    /// <param name="classPrototypes">The text features of the class names Y, C × d.</param>
    /// <param name="learnedPrototypes">The prototypes learned for the same classes Y′, C × d.</param>
    /// <param name="ridge">The weight λ of the penalty, at least 0. Default: 0.</param>
    /// <param name="maxDegreeOfParallelism">The number of threads at most; −1 for all processors. Default: −1.</param>
    /// <returns>The transform of prototypes, d × d.</returns>
    /// <exception cref="LfaDataException">The numbers of rows differ, there are no rows, or an entry is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ridge"/> is negative or not finite.</exception>
    public static Transform ApproximateSoftPrompts(Matrix classPrototypes, Matrix learnedPrototypes, double ridge = 0, int maxDegreeOfParallelism = -1) =>
        Fit(classPrototypes, learnedPrototypes, ridge, maxDegreeOfParallelism);

    internal static void ThrowIfNotPaired(Matrix source, Matrix target)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        if (source.Rows != target.Rows)
            throw new LfaDataException(Invariant($"source is {source.Rows} × {source.Columns} but target is {target.Rows} × {target.Columns}; both must have the same number of rows."));
        if (source.Rows == 0)
            throw new LfaDataException("source has no rows; give at least one pair.");
        source.ThrowIfNotFinite("source");
        target.ThrowIfNotFinite("target");
    }

    private static Transform Solve(Matrix features, double[] cross, double ridge, int threads) =>
        Solve(CrossProducts.Gram(features, threads), features, cross, ridge, threads);

    /// <summary>Solves (XᵀX + λI) W = XᵀT for the transpose TᵀX of the right-hand side, d_text × d_image; the features may be gone.</summary>
    private static Transform Solve(SquareMatrix gram, Matrix? features, double[] cross, double ridge, int threads)
    {
        if (!(ridge >= 0 && double.IsFinite(ridge)))
            throw new ArgumentOutOfRangeException(nameof(ridge), ridge, "ridge must be 0 or more, and finite.");
        for (var i = 0; i < gram.Size; i++)
            gram.Row(i)[i] += ridge;
        if (Cholesky.TryFactor(gram) is not { } factor)
            return SolveOfLeastNorm(features, gram, cross, threads);
        factor.Solve(cross, threads); // A row of TᵀX becomes a column of W.
        return Transform.FromColumns(cross, cross.Length / gram.Size, gram.Size);
    }

    /// <summary>Solves in the coordinates of a basis of the rows, in which the Gram matrix is regular.</summary>
    private static Transform SolveOfLeastNorm(Matrix? features, SquareMatrix gram, double[] cross, int threads)
    {
        var (dimension, outputs) = (gram.Size, cross.Length / gram.Size);
        var (rows, rank) = features is not null && features.Rows <= dimension
            ? OrthonormalBasis.OfRows(CrossProducts.ToDouble(features), features.Rows, dimension, RankCutoff)
            : OrthonormalBasis.OfRows(gram.Values, dimension, dimension, RankCutoff * RankCutoff);
        var transform = new double[cross.Length];
        if (rank == 0)
            return Transform.FromDouble(transform, dimension, outputs);
        var basis = new Operand<double>(rows, rank, dimension);
        var product = MatrixProducts.Double();

        var half = new double[rank * dimension];
        product.Multiply(basis, gram.Operand, half, threads);
        var reducedGram = new SquareMatrix(rank);
        product.Multiply(new(half, rank, dimension), basis.Transpose(), reducedGram.Values, threads);
        var coordinates = new double[outputs * rank];
        product.Multiply(new(cross, outputs, dimension), basis.Transpose(), coordinates, threads); // TᵀX · Qᵀ

        var factor = Cholesky.TryFactor(reducedGram, ReducedPivotCutoff)
            ?? throw new LfaDataException(Invariant($"The features of {dimension} columns are too nearly dependent for least squares; use a ridge above 0."));
        factor.Solve(coordinates, threads); // Vᵀ, d_text × rank
        product.Multiply(basis.Transpose(), new Operand<double>(coordinates, outputs, rank).Transpose(), transform, threads);
        return Transform.FromDouble(transform, dimension, outputs);
    }
}
