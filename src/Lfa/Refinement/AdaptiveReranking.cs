using Lfa.Numerics;

namespace Lfa.Refinement;

/// <summary>
/// Pushes the true prototype of a projected feature before the k nearest ones, by a margin that adapts to how alike two classes are.
/// </summary>
/// <remarks>
/// Ouali et al., ICCV 2023, section 3.3 (ARerank). For a unit row ẑ of class ℓ, with d_c = ‖ẑ − y_c‖ = √(2 − 2 ẑ·y_c), K the
/// k classes nearest to ẑ and the margin m_ℓc = (1 − y_ℓ·y_c) / s, the loss is the mean over rows and over c ∈ K of
/// max(0, d_ℓ + m_ℓc − d_c), to which c = ℓ contributes 0. Differs from the published implementation: only the k + 1
/// prototypes that take part enter the gradient, and no row of scores is sorted.
/// </remarks>
public sealed class AdaptiveReranking : IAlignmentLoss
{
    /// <summary>Initializes the loss.</summary>
    /// <param name="neighbors">The number of nearest classes k, at least 1; all C where there are fewer. Default: 3.</param>
    /// <param name="scale">The scale s of the margin, above 0. Default: 4.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public AdaptiveReranking(int neighbors = 3, double scale = 4)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(neighbors, 1);
        if (!(scale > 0 && double.IsFinite(scale)))
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "scale must be above 0, and finite.");
        Neighbors = neighbors;
        Scale = scale;
    }

    /// <summary>Gets the number of nearest classes k.</summary>
    public int Neighbors { get; }

    /// <summary>Gets the scale s of the margin.</summary>
    public double Scale { get; }

    /// <inheritdoc/>
    public string Name => "arerank";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Parameters => new Dictionary<string, double> { ["neighbors"] = Neighbors, ["scale"] = Scale };

    /// <inheritdoc/>
    public bool UsesUnitRows => true;

    /// <inheritdoc/>
    public bool CouplesRows => false;

    /// <summary>Returns the name of the loss and its parameters.</summary>
    public override string ToString() => Invariant($"arerank (k = {Neighbors}, s = {Scale})");

    /// <inheritdoc/>
    public double Evaluate(in LossBlock block)
    {
        Span<int> nearest = stackalloc int[Math.Min(Math.Min(Neighbors, block.Prototypes.Rows), 64)];
        if (nearest.Length < Math.Min(Neighbors, block.Prototypes.Rows))
            nearest = new int[Math.Min(Neighbors, block.Prototypes.Rows)];
        var weight = 1.0 / ((double)block.BatchSize * nearest.Length);
        var loss = 0.0;
        for (var row = 0; row < block.Count; row++)
        {
            TopK.Select(block.ScoresOf(row), nearest);
            loss += EvaluateRow(block, row, nearest, weight);
        }
        return loss * weight;
    }

    private double EvaluateRow(in LossBlock block, int row, ReadOnlySpan<int> nearest, double weight)
    {
        var scores = block.ScoresOf(row);
        var label = block.Labels[row];
        var ownDistance = Distance(scores[label]);
        var (loss, active) = (0.0, 0);
        foreach (var other in nearest)
        {
            if (other == label)
                continue;
            var otherDistance = Distance(scores[other]);
            var margin = (1 - Similarity(block, label, other)) / Scale;
            var violation = ownDistance + margin - otherDistance;
            if (violation <= 0)
                continue;
            loss += violation;
            active++;
            if (otherDistance > 0)
                block.AddScoreGradient(row, other, weight / otherDistance); // ∂(−d_c)/∂(ẑ·y_c) = 1 / d_c
        }
        if (active > 0 && ownDistance > 0)
            block.AddScoreGradient(row, label, -active * weight / ownDistance);
        return loss;
    }

    private static double Distance(float similarity) => Math.Sqrt(Math.Max(0, 2 - (2.0 * similarity)));

    private static float Similarity(in LossBlock block, int first, int second) =>
        System.Numerics.Tensors.TensorPrimitives.Dot(block.Prototypes.Row(first), block.Prototypes.Row(second));
}
