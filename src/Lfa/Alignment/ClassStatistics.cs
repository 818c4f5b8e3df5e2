using System.Diagnostics;
using System.Numerics.Tensors;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Alignment;

/// <summary>
/// Represents all that the closed forms need to know of labeled images: their number and their sum in each class, and
/// XᵀX. These are sums over images, so images can join later without those before them.
/// </summary>
/// <remarks>
/// Only the center crop of an image counts. Held in double precision: sums of parts are those of the whole to rounding.
/// Instances are immutable and safe for use by several threads at once.
/// </remarks>
public sealed class ClassStatistics
{
    private readonly int[] _counts; // C
    private readonly double[] _sums; // C × d
    private readonly SquareMatrix _secondMoments; // d × d, symmetric bit for bit

    internal ClassStatistics(int[] counts, double[] sums, SquareMatrix secondMoments, bool isSpreadEstimated = false)
    {
        Debug.Assert(counts.Length > 0 && sums.Length == (long)counts.Length * secondMoments.Size);
        (_counts, _sums, _secondMoments) = (counts, sums, secondMoments);
        SampleCount = counts.Sum();
        IsSpreadEstimated = isSpreadEstimated;
    }

    /// <summary>Gets the number of classes C.</summary>
    public int ClassCount => _counts.Length;

    /// <summary>Gets the number of components d of an embedding.</summary>
    public int Dimension => _secondMoments.Size;

    /// <summary>Gets the number of images of all classes.</summary>
    public int SampleCount { get; }

    /// <summary>Gets the number of images of each class, C values; 0 for a class without an example.</summary>
    public ReadOnlyMemory<int> Counts => _counts;

    /// <summary>Gets the class sums S, C × d by rows.</summary>
    public ReadOnlyMemory<double> Sums => _sums;

    /// <summary>Gets XᵀX, d × d by rows.</summary>
    public ReadOnlyMemory<double> SecondMoments => _secondMoments.Values;

    /// <summary>Gets whether classes of several images were removed, so that how the others spread about their means is an estimate, and with it XᵀX.</summary>
    public bool IsSpreadEstimated { get; }

    /// <summary>Sums over the images of a task.</summary>
    /// <param name="task">The labeled images, n × d.</param>
    /// <param name="maxDegreeOfParallelism">The number of threads at most; −1 for all processors. Default: −1.</param>
    /// <exception cref="LfaDataException">The images have no labels.</exception>
    public static ClassStatistics FromTask(FeatureSet task, int maxDegreeOfParallelism = -1)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (!task.IsLabeled)
            throw new LfaDataException("The images have no labels; give one for each image.");
        var counts = new int[task.ClassCount];
        foreach (var label in task.Labels.Span)
            counts[label]++;
        return new ClassStatistics(counts, CrossProducts.ClassSums(task.ImageFeatures, task.Labels.Span, task.ClassCount),
            CrossProducts.Gram(task.ImageFeatures, Threads.Resolve(maxDegreeOfParallelism)));
    }

    /// <summary>Returns the sums over the images of both.</summary>
    /// <param name="other">The sums over other images, of the same classes in the same order.</param>
    /// <exception cref="LfaDataException">There are other classes or components.</exception>
    public ClassStatistics Add(ClassStatistics other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.ClassCount != ClassCount || other.Dimension != Dimension)
            throw new LfaDataException(Invariant($"other is of {other.ClassCount} classes and {other.Dimension} components but these statistics are of {ClassCount} and {Dimension}; both must be the same."));
        var (counts, sums, moments) = Copy();
        TensorPrimitives.Add(counts, other._counts, counts);
        TensorPrimitives.Add(sums, other._sums, sums);
        TensorPrimitives.Add(moments.Values, other._secondMoments.Values, moments.Values);
        return new ClassStatistics(counts, sums, moments, IsSpreadEstimated || other.IsSpreadEstimated);
    }

    /// <summary>Returns the sums with classes after those there are, without an example yet.</summary>
    /// <param name="count">The number of classes to add, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public ClassStatistics AddClasses(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new ClassStatistics([.. _counts, .. new int[count]], [.. _sums, .. new double[count * Dimension]], _secondMoments, IsSpreadEstimated);
    }

    /// <summary>
    /// Returns the sums without some classes: their counts and sums are taken out, and so is their part in XᵀX, as far as
    /// it is known. How classes of several images spread about their means is not, since XᵀX is of all classes together; they
    /// are taken to spread like the others, in proportion to n − C.
    /// </summary>
    /// <param name="classes">The classes to remove, each from 0, each once; not all of them.</param>
    /// <exception cref="LfaDataException">A class is not one of these, stands twice, or none would be left.</exception>
    public ClassStatistics RemoveClasses(ReadOnlySpan<int> classes)
    {
        var removed = new bool[ClassCount];
        foreach (var c in classes)
        {
            if (c < 0 || c >= ClassCount || removed[c])
                throw new LfaDataException(Invariant($"classes holds {c}; give each class to remove once, from 0 to {ClassCount - 1}."));
            removed[c] = true;
        }
        if (classes.Length == 0)
            return this;
        int[] kept = [.. Enumerable.Range(0, ClassCount).Where(c => !removed[c])];
        if (kept.Length == 0)
            throw new LfaDataException(Invariant($"classes holds all {ClassCount} classes; at least one must be left."));
        var counts = Array.ConvertAll(kept, c => _counts[c]);
        double[] sums = [.. kept.SelectMany(c => _sums[(c * Dimension)..((c + 1) * Dimension)])];
        var moments = Within(threads: 1);
        var (before, after) = (Freedom(_counts), Freedom(counts));
        TensorPrimitives.Multiply(moments.Values, before > 0 ? (double)after / before : 0, moments.Values);
        var between = Between(counts, sums, Dimension, threads: 1);
        TensorPrimitives.Add(moments.Values, between.Values, moments.Values);
        return new ClassStatistics(counts, sums, moments, IsSpreadEstimated || after < before);
    }

    /// <summary>Returns the sums over all images but those of a part.</summary>
    internal ClassStatistics Without(ClassStatistics part)
    {
        var (counts, sums, moments) = Copy();
        TensorPrimitives.Subtract(counts, part._counts, counts);
        TensorPrimitives.Subtract(sums, part._sums, sums);
        TensorPrimitives.Subtract(moments.Values, part._secondMoments.Values, moments.Values);
        return new ClassStatistics(counts, sums, moments);
    }

    /// <summary>Throws unless there is a prototype for each class.</summary>
    internal void ThrowIfNotOf(Matrix classPrototypes)
    {
        ArgumentNullException.ThrowIfNull(classPrototypes);
        if (classPrototypes.Rows != ClassCount)
            throw new LfaDataException(Invariant($"statistics is of {ClassCount} classes but classPrototypes is {classPrototypes.Rows} × {classPrototypes.Columns}; give a row for each class."));
    }

    /// <summary>Copies XᵀX, for decompositions to work on.</summary>
    internal SquareMatrix CopySecondMoments() => _secondMoments.Clone();

    /// <summary>Computes the scatter of the images about the means of their classes, XᵀX − Σ_c n_c·μ_c·μ_cᵀ.</summary>
    internal SquareMatrix Within(int threads)
    {
        var within = _secondMoments.Clone();
        TensorPrimitives.Subtract(within.Values, Between(_counts, _sums, Dimension, threads).Values, within.Values);
        return within;
    }

    /// <summary>Computes Σ_c n_c·μ_c·μ_cᵀ over the classes that have an example.</summary>
    private static SquareMatrix Between(int[] counts, double[] sums, int dimension, int threads)
    {
        var means = (double[])sums.Clone();
        for (var c = 0; c < counts.Length; c++)
        {
            var mean = means.AsSpan(c * dimension, dimension);
            TensorPrimitives.Divide(mean, Math.Max(counts[c], 1), mean);
        }
        return new SquareMatrix(CrossProducts.Of(sums, means, counts.Length, threads), dimension);
    }

    /// <summary>Counts the degrees of freedom of the scatter within classes.</summary>
    private static int Freedom(int[] counts) => counts.Sum(count => Math.Max(count - 1, 0));

    private (int[] Counts, double[] Sums, SquareMatrix SecondMoments) Copy() =>
        ((int[])_counts.Clone(), (double[])_sums.Clone(), _secondMoments.Clone());
}
