using System.Buffers;
using System.Numerics.Tensors;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Classification;

/// <summary>
/// Scores by a vote of the k nearest support images: the logarithm of the part of exp(cos(x, f) / 0.07) over the k images f nearest to x
/// that belongs to a class.
/// </summary>
/// <remarks>The support images are part of the scorer. A vote without a neighbor is no probability of zero: every class has 10⁻³ / C of the whole beforehand.</remarks>
public sealed class NeighborScorer : Scorer
{
    private const float VoteTemperature = 0.07f;
    private const double Beforehand = 1e-3;

    private readonly PackedFactor _bySupport;

    /// <summary>Initializes a scorer.</summary>
    /// <param name="support">The support images F, n × d.</param>
    /// <param name="labels">Their classes, n values.</param>
    /// <param name="classCount">The number of classes C.</param>
    /// <param name="neighbors">The number of neighbors k, at least 1; all images where there are fewer.</param>
    /// <param name="temperature">The temperature τ, above 0. Default: 1.</param>
    /// <exception cref="LfaDataException">There is no support image, or the shapes contradict each other.</exception>
    public NeighborScorer(Matrix support, ReadOnlyMemory<int> labels, int classCount, int neighbors, double temperature = 1)
        : base(classCount, support?.Columns ?? throw new ArgumentNullException(nameof(support)), temperature)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(neighbors, 1);
        if (support.Rows == 0 || labels.Length != support.Rows || labels.Span.ContainsAnyExceptInRange(0, classCount - 1))
            throw new LfaDataException(Invariant($"labels has {labels.Length} entries but support has {support.Rows} rows of {classCount} classes; give at least one row, and one label from 0 to {classCount - 1} for each."));
        (Support, Labels, Neighbors) = (support, labels, Math.Min(neighbors, support.Rows));
        _bySupport = new PackedFactor(() => support.AsOperand().Transpose());
    }

    /// <summary>Gets the support images F, n × d.</summary>
    public Matrix Support { get; }

    /// <summary>Gets the classes of the support images, n values.</summary>
    public ReadOnlyMemory<int> Labels { get; }

    /// <summary>Gets the number of neighbors k.</summary>
    public int Neighbors { get; }

    internal override string Kind => "neighbors";

    /// <inheritdoc/>
    public override Scorer SelectClasses(ReadOnlySpan<int> classes)
    {
        var (rows, labels) = KernelScorer.SupportOf(Labels.Span, classes);
        return new NeighborScorer(Support.SelectRows(rows), labels, classes.Length, Neighbors, Temperature);
    }

    private protected override void ScoreChunk(ReadOnlySpan<float> features, int rows, Span<float> scores)
    {
        var buffer = ArrayPool<float>.Shared.Rent(features.Length + (rows * Support.Rows));
        var nearest = ArrayPool<int>.Shared.Rent(Neighbors);
        var unit = buffer.AsSpan(0, features.Length);
        var cosines = buffer.AsSpan(features.Length, rows * Support.Rows);
        features.CopyTo(unit);
        Matrix.NormalizeRows(unit, Dimension);
        _bySupport.Multiply(unit, rows, cosines);
        for (var i = 0; i < rows; i++)
            Vote(cosines.Slice(i * Support.Rows, Support.Rows), nearest.AsSpan(0, Neighbors), scores.Slice(i * ClassCount, ClassCount));
        ArrayPool<int>.Shared.Return(nearest);
        ArrayPool<float>.Shared.Return(buffer);
    }

    private void Vote(ReadOnlySpan<float> cosines, Span<int> nearest, Span<float> parts)
    {
        TopK.Select(cosines, nearest);
        parts.Clear();
        foreach (var image in nearest)
            parts[Labels.Span[image]] += MathF.Exp((cosines[image] - cosines[nearest[0]]) / VoteTemperature);
        TensorPrimitives.Multiply(parts, (float)((1 - Beforehand) / TensorPrimitives.Sum<float>(parts)), parts);
        TensorPrimitives.Add(parts, (float)(Beforehand / ClassCount), parts);
        TensorPrimitives.Log(parts, parts);
    }
}
