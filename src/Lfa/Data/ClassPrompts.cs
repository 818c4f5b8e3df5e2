using System.Numerics.Tensors;

namespace Lfa.Data;

/// <summary>Represents several prompts of each class, kept apart: the embeddings of the sentences that its name was put into.</summary>
/// <remarks>Instances are immutable and safe for use by several threads at once.</remarks>
public sealed class ClassPrompts
{
    /// <summary>Initializes the prompts of C classes.</summary>
    /// <param name="features">The embeddings, C·P × d: the P prompts of the first class, then those of the second, and so on; they are scaled to unit length (a copy).</param>
    /// <param name="perClass">The number of prompts of a class P, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="perClass"/> is below 1.</exception>
    /// <exception cref="LfaDataException">There are no rows, or not P of each class, or a row is zero or not finite; the message names the first.</exception>
    public ClassPrompts(Matrix features, int perClass)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentOutOfRangeException.ThrowIfLessThan(perClass, 1);
        if (features.Rows == 0 || features.Rows % perClass != 0)
            throw new LfaDataException(Invariant($"prompts is {features.Rows} × {features.Columns}, which are not {perClass} prompts for each class; give as many for every class."));
        if (DegenerateRows.FindFirst(features.Values.Span, features.Columns) is var (row, problem))
            throw new LfaDataException(Invariant($"prompts: prompt {row % perClass} of class {row / perClass} {problem}; embed it again.")) { Subject = "prompts", Row = row };
        (Features, PerClass) = (features.NormalizeRows(), perClass);
    }

    private ClassPrompts(int perClass, Matrix unitRows) => (Features, PerClass) = (unitRows, perClass);

    /// <summary>Gets the embeddings, C·P × d, class by class, rows of unit length.</summary>
    public Matrix Features { get; }

    /// <summary>Gets the number of prompts of a class P.</summary>
    public int PerClass { get; }

    /// <summary>Gets the number of classes C.</summary>
    public int ClassCount => Features.Rows / PerClass;

    /// <summary>Gets one prompt.</summary>
    /// <param name="label">The class, from 0.</param>
    /// <param name="prompt">The prompt of that class, from 0.</param>
    /// <returns>Its d components.</returns>
    public ReadOnlySpan<float> Row(int label, int prompt) => Features.Row((label * PerClass) + prompt);

    /// <summary>Computes class prototypes as CLIP does: the mean of the prompts of each class, scaled to unit length.</summary>
    /// <returns>The prototypes, C × d.</returns>
    /// <exception cref="LfaDataException">The prompts of a class cancel each other.</exception>
    public Matrix ToPrototypes() => ToPrototypes(weights: default);

    /// <summary>Copies the prompts of the given classes, in the given order.</summary>
    internal ClassPrompts SelectClasses(IReadOnlyList<int> classes) =>
        new(PerClass, Features.SelectRows([.. classes.SelectMany(label => Enumerable.Range(label * PerClass, PerClass))]));

    /// <summary>Computes class prototypes as weighted means, scaled to unit length.</summary>
    /// <param name="weights">The weight of each prompt, C × P; empty for equal ones.</param>
    internal Matrix ToPrototypes(ReadOnlySpan<float> weights)
    {
        var sums = Sum(weights);
        if (DegenerateRows.FindFirst(sums, Features.Columns) is var (label, _))
            throw new LfaDataException(Invariant($"prompts: those of class {label} cancel each other; embed its name again.")) { Subject = "prompts" };
        Matrix.NormalizeRows(sums, Features.Columns);
        return new Matrix(sums, ClassCount, Features.Columns);
    }

    /// <summary>Finds the first class whose prompts cancel each other; null where there is none.</summary>
    internal int? FindCanceling() => DegenerateRows.FindFirst(Sum(weights: default), Features.Columns) is var (label, _) ? label : null;

    private float[] Sum(ReadOnlySpan<float> weights)
    {
        var sums = new float[ClassCount * Features.Columns];
        for (var row = 0; row < Features.Rows; row++)
        {
            var sum = sums.AsSpan(row / PerClass * Features.Columns, Features.Columns);
            if (weights.IsEmpty)
                TensorPrimitives.Add(sum, Features.Row(row), sum);
            else
                TensorPrimitives.MultiplyAdd(Features.Row(row), weights[row], sum, sum);
        }
        return sums;
    }
}
