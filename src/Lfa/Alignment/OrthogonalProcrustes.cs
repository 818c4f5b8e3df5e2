using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Alignment;

/// <summary>
/// Fits the orthogonal transform nearest to the one wanted: argmin ‖XW − PY‖²_F over WᵀW = I.
/// </summary>
/// <remarks>
/// P. H. Schönemann, "A generalized solution of the orthogonal Procrustes problem", Psychometrika 31(1), 1966; Ouali et al.,
/// ICCV 2023, section 3.2. With M = XᵀPY = UΣVᵀ the solution is W = UVᵀ. Differs from the published implementation:
/// <list type="number">
/// <item>For hard labels M = SᵀY with the C × d class sums S, which costs n·d + C·d² instead of n·d².</item>
/// <item>M has rank C at most. On its null space, where any orthogonal completion is a solution, W is the completion
/// nearest to the identity, the limit of polar(M + ε‖M‖I); the published one is what LAPACK happens to return. Training
/// classes are predicted alike, unseen classes far better.</item>
/// <item>W is the polar factor of M, in double precision, without singular values; with fewer than d / 4 classes, in the
/// space that the class sums and prototypes span, for W is the identity on the rest.</item>
/// <item>Between two spaces, of d_image and d_text components, W is the partial isometry from the span of the class sums to
/// that of the prototypes, and zero on the rest, where there is no identity to be near to: semi-orthogonal, as soon as one
/// span is its whole space.</item>
/// </list>
/// </remarks>
public static class OrthogonalProcrustes
{
    // With more classes than a quarter of the dimension, finding the basis costs more than the smaller problem saves.
    private const int SpanFactor = 4;

    /// <summary>Fits the transform from labeled images to the prototypes of their classes.</summary>
    /// <param name="task">The labeled images, n × d, and the class prototypes, C × d, rows of unit length.</param>
    /// <param name="maxDegreeOfParallelism">The number of threads at most; −1 for all processors. Default: −1.</param>
    /// <returns>The orthogonal transform, d × d; between two spaces d_image × d_text.</returns>
    /// <exception cref="LfaDataException">The images have no labels, or a class has no example.</exception>
    public static Transform Fit(FeatureSet task, int maxDegreeOfParallelism = -1)
    {
        ArgumentNullException.ThrowIfNull(task);
        task.ThrowIfNotTrainable();
        return Fit(CrossProducts.ClassSums(task.ImageFeatures, task.Labels.Span, task.ClassCount), task.ClassPrototypes, Threads.Resolve(maxDegreeOfParallelism));
    }

    /// <summary>Fits the transform between features given in pairs.</summary>
    /// <param name="source">The features to transform, n × d.</param>
    /// <param name="target">The features they should become, n × d, or n × d_text of another space.</param>
    /// <param name="maxDegreeOfParallelism">The number of threads at most; −1 for all processors. Default: −1.</param>
    /// <returns>The orthogonal transform, d × d; between two spaces d_image × d_text.</returns>
    /// <exception cref="LfaDataException">The numbers of rows differ, there are no rows, or an entry is not finite.</exception>
    public static Transform Fit(Matrix source, Matrix target, int maxDegreeOfParallelism = -1)
    {
        LeastSquares.ThrowIfNotPaired(source, target);
        var threads = Threads.Resolve(maxDegreeOfParallelism);
        return source.Columns == target.Columns
            ? Transform.FromDouble(PolarFactor.Of(new SquareMatrix(CrossProducts.Of(source, target, threads), source.Columns), threads))
            : FitBetweenSpans(CrossProducts.ToDouble(source), CrossProducts.ToDouble(target), source.Rows, threads);
    }

    /// <summary>Fits the transform from the sums over labeled images; classes without an example take no part.</summary>
    /// <param name="statistics">The sums over the images.</param>
    /// <param name="classPrototypes">The class prototypes, C × d, rows of unit length.</param>
    /// <param name="maxDegreeOfParallelism">The number of threads at most; −1 for all processors. Default: −1.</param>
    /// <returns>The orthogonal transform, d × d, between two spaces d_image × d_text; the same bits as from the images themselves.</returns>
    /// <exception cref="LfaDataException">The statistics are of other classes than the prototypes.</exception>
    public static Transform Fit(ClassStatistics statistics, Matrix classPrototypes, int maxDegreeOfParallelism = -1)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        statistics.ThrowIfNotOf(classPrototypes);
        return Fit(statistics.Sums.ToArray(), classPrototypes, Threads.Resolve(maxDegreeOfParallelism));
    }

    /// <summary>Fits the transform from the class sums S, C × d; classes without an example have a sum of zero and take no part.</summary>
    internal static Transform Fit(double[] sums, Matrix classPrototypes, int threads)
    {
        var dimension = sums.Length / classPrototypes.Rows;
        var present = Enumerable.Range(0, classPrototypes.Rows).Where(c => sums.AsSpan(c * dimension, dimension).ContainsAnyExcept(0.0)).ToArray();
        var sharesSpace = classPrototypes.Columns == dimension;
        if (present.Length == 0)
            return sharesSpace ? Transform.Identity(dimension) : Transform.FromDouble(new double[dimension * classPrototypes.Columns], dimension, classPrototypes.Columns);
        var prototypes = CrossProducts.ToDouble(classPrototypes.SelectRows(present));
        if (present.Length < classPrototypes.Rows)
            sums = [.. present.SelectMany(c => sums[(c * dimension)..((c + 1) * dimension)])];
        var classes = present.Length;
        if (!sharesSpace)
            return FitBetweenSpans(sums, prototypes, classes, threads);
        return Transform.FromDouble(SpanFactor * classes < dimension
            ? FitInSpan(sums, prototypes, classes, dimension, threads)
            : PolarFactor.OfProduct(sums, prototypes, classes, threads));
    }

    /// <summary>With Q an orthonormal basis of the rows of S and Y, W = Qᵀ · polar(Q SᵀY Qᵀ) · Q + (I − QᵀQ).</summary>
    private static SquareMatrix FitInSpan(double[] sums, double[] prototypes, int classes, int dimension, int threads)
    {
        var (rows, rank) = OrthonormalBasis.OfRows([.. sums, .. prototypes], 2 * classes, dimension);
        var basis = new Operand<double>(rows, rank, dimension);
        var product = MatrixProducts.Double();

        var reducedSums = new double[classes * rank];
        product.Multiply(new(sums, classes, dimension), basis.Transpose(), reducedSums, threads);
        var reducedPrototypes = new double[classes * rank];
        product.Multiply(new(prototypes, classes, dimension), basis.Transpose(), reducedPrototypes, threads);
        var factor = PolarFactor.OfProduct(reducedSums, reducedPrototypes, classes, threads);

        for (var i = 0; i < rank; i++)
            factor.Row(i)[i]--; // W = I + Qᵀ · (factor − I) · Q
        var half = new double[rank * dimension];
        product.Multiply(factor.Operand, basis, half, threads);
        var transform = SquareMatrix.Identity(dimension);
        product.Multiply(basis.Transpose(), new(half, rank, dimension), transform.Values, threads, accumulate: true);
        return transform;
    }

    /// <summary>With P and Q orthonormal bases of the rows of S and of Y, W = Pᵀ · polar(P SᵀY Qᵀ) · Q.</summary>
    private static Transform FitBetweenSpans(double[] sums, double[] prototypes, int classes, int threads)
    {
        var (inputs, outputs) = (sums.Length / classes, prototypes.Length / classes);
        var (from, reducedSums) = OrthonormalBasis.WithCoordinates(sums, classes, inputs, threads);
        var (to, reducedPrototypes) = OrthonormalBasis.WithCoordinates(prototypes, classes, outputs, threads);
        var factor = PolarFactor.OfRectangle(CrossProducts.Of(reducedSums, reducedPrototypes, classes, threads), from.Rows, to.Rows, threads);

        var product = MatrixProducts.Double();
        var half = new double[from.Rows * outputs];
        product.Multiply(new(factor, from.Rows, to.Rows), to, half, threads);
        var transform = new double[inputs * outputs];
        product.Multiply(from.Transpose(), new(half, from.Rows, outputs), transform, threads);
        return Transform.FromDouble(transform, inputs, outputs);
    }
}
