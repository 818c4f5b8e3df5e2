using System.Numerics.Tensors;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Refinement;

/// <summary>Represents a block of rows of a batch, as a loss sees it.</summary>
public readonly ref struct LossBlock
{
    private readonly Lazy<MatrixProduct<float>> _byPrototypes;

    internal LossBlock(ReadOnlySpan<float> rows, Span<float> scores, ReadOnlySpan<int> labels, Matrix prototypes,
        int batchSize, Span<float> gradient, Lazy<MatrixProduct<float>> byPrototypes)
    {
        Rows = rows;
        Scores = scores;
        Labels = labels;
        Prototypes = prototypes;
        BatchSize = batchSize;
        Gradient = gradient;
        _byPrototypes = byPrototypes;
    }

    /// <summary>Gets the projected features, count × d by rows; of unit length where the loss asks for it.</summary>
    public ReadOnlySpan<float> Rows { get; }

    /// <summary>Gets the product of the rows with the prototypes, count × C by rows; the loss may write over it.</summary>
    public Span<float> Scores { get; }

    /// <summary>Gets the labels of the rows, count values from 0 to C − 1.</summary>
    public ReadOnlySpan<int> Labels { get; }

    /// <summary>Gets the class prototypes, C × d.</summary>
    public Matrix Prototypes { get; }

    /// <summary>Gets the number of rows of the whole batch, over which the loss is a mean.</summary>
    public int BatchSize { get; }

    /// <summary>Gets the gradient of the loss in <see cref="Rows"/>, count × d by rows; zero at the start.</summary>
    public Span<float> Gradient { get; }

    /// <summary>Gets the number of rows in the block.</summary>
    public int Count => Labels.Length;

    /// <summary>Gets the scores of one row, C values.</summary>
    /// <param name="row">The row in the block, from 0.</param>
    public Span<float> ScoresOf(int row) => Scores.Slice(row * Prototypes.Rows, Prototypes.Rows);

    /// <summary>Gets one row, d values.</summary>
    /// <param name="row">The row in the block, from 0.</param>
    public ReadOnlySpan<float> Row(int row) => Rows.Slice(row * Prototypes.Columns, Prototypes.Columns);

    /// <summary>Gets the gradient in one row, d values.</summary>
    /// <param name="row">The row in the block, from 0.</param>
    public Span<float> GradientOf(int row) => Gradient.Slice(row * Prototypes.Columns, Prototypes.Columns);

    /// <summary>Adds weight · prototype to the gradient in a row: the gradient of a score that enters the loss with this weight.</summary>
    /// <param name="row">The row in the block, from 0.</param>
    /// <param name="prototype">The class, from 0 to C − 1.</param>
    /// <param name="weight">The derivative of the loss in the score.</param>
    public void AddScoreGradient(int row, int prototype, double weight)
    {
        var gradient = GradientOf(row);
        TensorPrimitives.MultiplyAdd(Prototypes.Row(prototype), (float)weight, gradient, gradient);
    }

    /// <summary>Sets the gradient from the derivatives of the loss in all scores, which the loss has written over <see cref="Scores"/>.</summary>
    public void SetGradientFromScores() => _byPrototypes.Value.MultiplyPacked(Scores, Count, Gradient);
}
