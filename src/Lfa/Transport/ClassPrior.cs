using System.Numerics.Tensors;

namespace Lfa.Transport;

/// <summary>What part of the images is of each class: the same for all, given, or estimated from the images.</summary>
public sealed class ClassPrior
{
    // Below this a class receives no image of any number that fits in memory.
    private const double SmallestShare = 1e-12;

    private readonly double[] _values;

    private ClassPrior(double[] values, bool isEstimated = false) => (_values, IsEstimated) = (values, isEstimated);

    /// <summary>Gets equal shares of all classes, as published.</summary>
    public static ClassPrior Uniform { get; } = new([]);

    /// <summary>Gets shares between what zero-shot classification finds and equal ones, as near to equal as the images make likely.</summary>
    public static ClassPrior Estimated { get; } = new([], isEstimated: true);

    /// <summary>Gets whether the shares are estimated from the images.</summary>
    public bool IsEstimated { get; }

    /// <summary>Gets the given shares, C values that add up to 1; none where they are uniform or estimated.</summary>
    public ReadOnlyMemory<double> Values => _values;

    /// <summary>Gives the share of each class.</summary>
    /// <param name="values">C values above 0, in any unit: numbers of images serve as well.</param>
    /// <exception cref="LfaDataException">There are no values, or one is not above 0 or not finite.</exception>
    public static ClassPrior FromWeights(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
            throw new LfaDataException("values is empty; give a share for each class.");
        for (var c = 0; c < values.Length; c++)
        {
            if (!(values[c] > 0 && double.IsFinite(values[c])))
                throw new LfaDataException(Invariant($"values holds the part {values[c]} for class {c}; a part must be above 0, and finite. Leave a class without images out of the classes."));
        }
        var shares = values.ToArray();
        TensorPrimitives.Divide(shares, TensorPrimitives.Max<double>(shares), shares); // So that no sum overflows.
        if (TensorPrimitives.Min<double>(shares) < SmallestShare)
            throw new LfaDataException(Invariant($"values holds shares from {TensorPrimitives.Min(values)} to {TensorPrimitives.Max(values)}; the smallest must be at least {SmallestShare} of the largest."));
        TensorPrimitives.Divide(shares, TensorPrimitives.Sum<double>(shares), shares);
        // Shares that add up to 1 but for rounding stay as they are, so that files give them back bit for bit.
        if (Math.Abs(TensorPrimitives.Sum(values) - 1) < SmallestShare)
            values.CopyTo(shares);
        return new ClassPrior(shares);
    }

    /// <summary>Returns the words for it, as model files and reports have them.</summary>
    public override string ToString() => IsEstimated ? "estimated" : _values.Length == 0 ? "uniform" : "given";

    /// <summary>Throws unless there are as many given shares as classes.</summary>
    internal void ThrowIfNotOf(int classes)
    {
        if (_values.Length != 0 && _values.Length != classes)
            throw new LfaDataException(Invariant($"There are {_values.Length} shares but {classes} classes; give one share for each class."));
    }

    /// <summary>Returns equal shares of C classes.</summary>
    internal static double[] Equal(int classes) => [.. Enumerable.Repeat(1.0 / classes, classes)];
}
