using System.Buffers;
using System.Numerics.Tensors;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Classification;

/// <summary>
/// Scores by the class prototypes Y and by the affinities to support images F: s = scale·x̂·Yᵀ + k(x̂, F)·A, with the kernel
/// k(x, f) = exp(−b(1 − x·f)) and coefficients A, n × C.
/// </summary>
/// <remarks>The support images are part of the scorer. Where A is a weight times the one-hot labels of the support images, the labels stand for it.</remarks>
public sealed class KernelScorer : Scorer
{
    private readonly PackedFactor _byPrototypes;
    private readonly PackedFactor _bySupport;
    private readonly PackedFactor? _byCoefficients;

    private KernelScorer(Matrix prototypes, double scale, Matrix support, double sharpness, double temperature)
        : base(prototypes.Rows, prototypes.Columns, temperature)
    {
        (ClassPrototypes, Scale, Support, Sharpness) = (prototypes, scale, support, sharpness);
        if (support.Rows == 0 || support.Columns != prototypes.Columns)
            throw new LfaDataException(Invariant($"support is {support.Rows} × {support.Columns} but classPrototypes is {prototypes.Rows} × {prototypes.Columns}; give at least one row, of as many columns."));
        _byPrototypes = new PackedFactor(() => prototypes.AsOperand().Transpose());
        _bySupport = new PackedFactor(() => support.AsOperand().Transpose());
    }

    /// <summary>Initializes a scorer whose support images vote for their own classes: A = weight · one-hot(labels).</summary>
    /// <param name="prototypes">The class prototypes Y, C × d, rows of unit length.</param>
    /// <param name="scale">The scale of the cosines with the prototypes.</param>
    /// <param name="support">The support images F, n × d.</param>
    /// <param name="sharpness">The sharpness b of the kernel.</param>
    /// <param name="labels">The classes of the support images, n values.</param>
    /// <param name="weight">The weight of a vote.</param>
    /// <param name="temperature">The temperature τ, above 0. Default: 1.</param>
    /// <exception cref="LfaDataException">The shapes contradict each other, or a label is out of its range.</exception>
    public KernelScorer(Matrix prototypes, double scale, Matrix support, double sharpness, ReadOnlyMemory<int> labels, double weight, double temperature = 1)
        : this(prototypes, scale, support, sharpness, temperature)
    {
        if (labels.Length != support.Rows || labels.Span.ContainsAnyExceptInRange(0, prototypes.Rows - 1))
            throw new LfaDataException(Invariant($"labels has {labels.Length} entries but support has {support.Rows} rows of {prototypes.Rows} classes; give one from 0 to {prototypes.Rows - 1} for each row."));
        (Labels, Weight) = (labels, weight);
    }

    /// <summary>Initializes a scorer with coefficients of its own.</summary>
    /// <param name="prototypes">The class prototypes Y, C × d, rows of unit length.</param>
    /// <param name="scale">The scale of the cosines with the prototypes.</param>
    /// <param name="support">The support images F, n × d.</param>
    /// <param name="sharpness">The sharpness b of the kernel.</param>
    /// <param name="coefficients">The coefficients by classes, Aᵀ, C × n.</param>
    /// <param name="temperature">The temperature τ, above 0. Default: 1.</param>
    /// <exception cref="LfaDataException">The shapes contradict each other.</exception>
    public KernelScorer(Matrix prototypes, double scale, Matrix support, double sharpness, Matrix coefficients, double temperature = 1)
        : this(prototypes, scale, support, sharpness, temperature)
    {
        if (coefficients.Rows != prototypes.Rows || coefficients.Columns != support.Rows)
            throw new LfaDataException(Invariant($"coefficients is {coefficients.Rows} × {coefficients.Columns} but there are {prototypes.Rows} classes and {support.Rows} support images; it must be classes × images."));
        Coefficients = coefficients;
        _byCoefficients = new PackedFactor(() => coefficients.AsOperand().Transpose());
    }

    /// <summary>Gets the class prototypes Y, C × d.</summary>
    public Matrix ClassPrototypes { get; }

    /// <summary>Gets the scale of the cosines with the prototypes.</summary>
    public double Scale { get; }

    /// <summary>Gets the support images F, n × d.</summary>
    public Matrix Support { get; }

    /// <summary>Gets the sharpness b of the kernel.</summary>
    public double Sharpness { get; }

    /// <summary>Gets the classes that support images vote for, n values; none where there are coefficients.</summary>
    public ReadOnlyMemory<int> Labels { get; }

    /// <summary>Gets the weight of a vote.</summary>
    public double Weight { get; }

    /// <summary>Gets the coefficients by classes, Aᵀ, C × n; null where support images vote.</summary>
    public Matrix? Coefficients { get; }

    internal override string Kind => "kernel";

    /// <inheritdoc/>
    public override Scorer SelectClasses(ReadOnlySpan<int> classes)
    {
        var prototypes = ClassPrototypes.SelectRows(classes);
        if (Coefficients is not null)
            return new KernelScorer(prototypes, Scale, Support, Sharpness, Coefficients.SelectRows(classes), Temperature);
        var (rows, labels) = SupportOf(Labels.Span, classes);
        if (rows.Length == 0)
            return new AlignedScorer(Alignment.Transform.Identity(Dimension), prototypes, Temperature / Scale);
        return new KernelScorer(prototypes, Scale, Support.SelectRows(rows), Sharpness, labels, Weight, Temperature);
    }

    /// <summary>Computes exp(−b(1 − x·f)) in place of the cosines x·f.</summary>
    internal static void ToAffinities(Span<float> cosines, double sharpness)
    {
        TensorPrimitives.Subtract(cosines, 1, cosines);
        TensorPrimitives.Multiply(cosines, (float)sharpness, cosines);
        TensorPrimitives.Exp(cosines, cosines);
    }

    /// <summary>Adds the affinities to the support images of each class, times a weight, to the scores of one image.</summary>
    internal static void AddVotes(ReadOnlySpan<float> affinities, ReadOnlySpan<int> labels, float weight, Span<float> scores)
    {
        for (var j = 0; j < labels.Length; j++)
            scores[labels[j]] += weight * affinities[j];
    }

    /// <summary>Lists the support images of some classes, with their labels counted among these.</summary>
    internal static (int[] Rows, int[] Labels) SupportOf(ReadOnlySpan<int> labels, ReadOnlySpan<int> classes)
    {
        var (rows, places) = (new List<int>(), new List<int>());
        for (var j = 0; j < labels.Length; j++)
        {
            if (classes.IndexOf(labels[j]) is var place and >= 0)
            {
                rows.Add(j);
                places.Add(place);
            }
        }
        return ([.. rows], [.. places]);
    }

    private protected override void ScoreChunk(ReadOnlySpan<float> features, int rows, Span<float> scores)
    {
        var buffer = ArrayPool<float>.Shared.Rent(features.Length + (rows * Support.Rows));
        var unit = buffer.AsSpan(0, features.Length);
        var affinities = buffer.AsSpan(features.Length, rows * Support.Rows);
        features.CopyTo(unit);
        Matrix.NormalizeRows(unit, Dimension);
        _byPrototypes.Multiply(unit, rows, scores);
        TensorPrimitives.Multiply(scores, (float)Scale, scores);
        _bySupport.Multiply(unit, rows, affinities);
        ToAffinities(affinities, Sharpness);
        if (_byCoefficients is not null)
            _byCoefficients.Multiply(affinities, rows, scores, accumulate: true);
        for (var i = 0; _byCoefficients is null && i < rows; i++)
            AddVotes(affinities.Slice(i * Support.Rows, Support.Rows), Labels.Span, (float)Weight, scores.Slice(i * ClassCount, ClassCount));
        ArrayPool<float>.Shared.Return(buffer);
    }
}
