using Lfa.Numerics;

namespace Lfa.Refinement;

/// <summary>
/// Measures cross-domain similarity local scaling: −mean over rows i of [2 ẑ_i·t_i − max_j ẑ_i·t_j − mean of the k largest over j of t_i·ẑ_j].
/// </summary>
/// <remarks>
/// t_i is the prototype of row i's class, and j runs over the rows of the batch. A. Joulin et al., "Loss in translation:
/// learning bilingual word mapping with a retrieval criterion", EMNLP 2018, as Ouali et al., ICCV 2023, section 4.4 use it.
/// The rows of a batch affect each other, so its n × C scores are held at once.
/// </remarks>
public sealed class CslsLoss : IAlignmentLoss
{
    /// <summary>Initializes the loss.</summary>
    /// <param name="neighbors">The number of nearest rows k, at least 1; the whole batch where it is smaller. Default: 3.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="neighbors"/> is below 1.</exception>
    public CslsLoss(int neighbors = 3)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(neighbors, 1);
        Neighbors = neighbors;
    }

    /// <summary>Gets the number of nearest rows k.</summary>
    public int Neighbors { get; }

    /// <inheritdoc/>
    public string Name => "csls";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Parameters => new Dictionary<string, double> { ["neighbors"] = Neighbors };

    /// <inheritdoc/>
    public bool UsesUnitRows => true;

    /// <inheritdoc/>
    public bool CouplesRows => true;

    /// <summary>Returns the name of the loss and its parameters.</summary>
    public override string ToString() => Invariant($"csls (k = {Neighbors})");

    /// <inheritdoc/>
    public double Evaluate(in LossBlock block)
    {
        var classSizes = new int[block.Prototypes.Rows];
        foreach (var label in block.Labels)
            classSizes[label]++;
        var weight = 1.0 / block.BatchSize;
        var loss = EvaluateRows(block, classSizes, weight);
        return (loss + EvaluateClasses(block, classSizes, weight)) * weight;
    }

    /// <summary>The terms −2 ẑ_i·t_i + max_j ẑ_i·t_j, where j reaches the classes that occur in the batch.</summary>
    private static double EvaluateRows(in LossBlock block, ReadOnlySpan<int> classSizes, double weight)
    {
        var loss = 0.0;
        for (var row = 0; row < block.Count; row++)
        {
            var scores = block.ScoresOf(row);
            var nearest = block.Labels[row];
            for (var c = 0; c < scores.Length; c++)
            {
                if (classSizes[c] > 0 && scores[c] > scores[nearest])
                    nearest = c;
            }
            loss += scores[nearest] - (2.0 * scores[block.Labels[row]]);
            block.AddScoreGradient(row, block.Labels[row], -2 * weight);
            block.AddScoreGradient(row, nearest, weight);
        }
        return loss;
    }

    /// <summary>The term mean of the k largest t_i·ẑ_j, which the rows i of one class share.</summary>
    private double EvaluateClasses(in LossBlock block, ReadOnlySpan<int> classSizes, double weight)
    {
        var nearest = new int[Math.Min(Neighbors, block.Count)];
        var similarities = new float[block.Count];
        var loss = 0.0;
        for (var c = 0; c < classSizes.Length; c++)
        {
            if (classSizes[c] == 0)
                continue;
            for (var row = 0; row < block.Count; row++)
                similarities[row] = block.ScoresOf(row)[c];
            TopK.Select(similarities, nearest);
            var share = (double)classSizes[c] / nearest.Length;
            foreach (var row in nearest)
            {
                loss += share * similarities[row];
                block.AddScoreGradient(row, c, share * weight);
            }
        }
        return loss;
    }
}
