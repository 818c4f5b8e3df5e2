using System.Buffers;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Classification;

/// <summary>Scores by one linear head: s = normalize(x)·Hᵀ + b.</summary>
public sealed class LinearScorer : Scorer
{
    private readonly PackedFactor _byHead;

    /// <summary>Initializes a scorer.</summary>
    /// <param name="head">The head, C × d.</param>
    /// <param name="temperature">The temperature τ, above 0. Default: 1, the scores of the head are logits.</param>
    /// <exception cref="LfaDataException">The head holds a NaN or an infinity.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="temperature"/> is not above 0.</exception>
    public LinearScorer(LinearHead head, double temperature = 1)
        : base(head?.ClassCount ?? throw new ArgumentNullException(nameof(head)), head.Dimension, temperature)
    {
        head.ThrowIfNotFinite("head");
        Head = head;
        _byHead = new PackedFactor(() => head.Weights.AsOperand().Transpose());
    }

    /// <summary>Gets the head, C × d.</summary>
    public LinearHead Head { get; }

    internal override string Kind => "linear";

    /// <inheritdoc/>
    public override Scorer SelectClasses(ReadOnlySpan<int> classes) => new LinearScorer(Head.SelectClasses(classes), Temperature);

    private protected override void ScoreChunk(ReadOnlySpan<float> features, int rows, Span<float> scores)
    {
        var buffer = ArrayPool<float>.Shared.Rent(features.Length);
        var unit = buffer.AsSpan(0, features.Length);
        features.CopyTo(unit);
        Matrix.NormalizeRows(unit, Dimension);
        _byHead.Multiply(unit, rows, scores);
        Head.AddBiases(scores);
        ArrayPool<float>.Shared.Return(buffer);
    }
}
