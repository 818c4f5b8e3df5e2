using System.Numerics.Tensors;

namespace Lfa.Refinement;

/// <summary>
/// Measures the cross-entropy of the scores of projected features: the mean over rows of −log softmax(z·Yᵀ / τ)_ℓ, z not
/// normalized unless asked for.
/// </summary>
/// <remarks>Ouali et al., ICCV 2023, section 4.4, after A. Radford et al., "Learning transferable visual models from natural language supervision", ICML 2021.</remarks>
public sealed class ContrastiveLoss : IAlignmentLoss
{
    /// <summary>Initializes the loss.</summary>
    /// <param name="temperature">The temperature τ, above 0. Default: 0.07.</param>
    /// <param name="usesUnitRows">Whether z is scaled to unit length, so that the loss is that of the classifier's own probabilities. Default: false, as published.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="temperature"/> is not above 0.</exception>
    public ContrastiveLoss(double temperature = 0.07, bool usesUnitRows = false)
    {
        if (!(temperature > 0 && double.IsFinite(temperature)))
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "temperature must be above 0, and finite.");
        Temperature = temperature;
        UsesUnitRows = usesUnitRows;
    }

    /// <summary>Gets the temperature τ.</summary>
    public double Temperature { get; }

    /// <inheritdoc/>
    public string Name => "contrastive";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Parameters => new Dictionary<string, double> { ["temperature"] = Temperature, ["unit_rows"] = UsesUnitRows ? 1 : 0 };

    /// <inheritdoc/>
    public bool UsesUnitRows { get; }

    /// <inheritdoc/>
    public bool CouplesRows => false;

    /// <summary>Returns the name of the loss and its parameters.</summary>
    public override string ToString() => Invariant($"contrastive (τ = {Temperature}{(UsesUnitRows ? ", unit rows" : "")})");

    /// <inheritdoc/>
    public double Evaluate(in LossBlock block)
    {
        var weight = (float)(1 / (Temperature * block.BatchSize));
        var loss = 0.0;
        for (var row = 0; row < block.Count; row++)
        {
            var scores = block.ScoresOf(row);
            var label = block.Labels[row];
            var largest = TensorPrimitives.Max<float>(scores);
            var own = (scores[label] - largest) / Temperature;
            TensorPrimitives.Subtract(scores, largest, scores);
            TensorPrimitives.Multiply(scores, (float)(1 / Temperature), scores);
            TensorPrimitives.Exp(scores, scores);
            var sum = TensorPrimitives.Sum<float>(scores);
            loss += Math.Log(sum) - own;
            TensorPrimitives.Multiply(scores, weight / sum, scores); // softmax − one-hot, over τ and the batch
            scores[label] -= weight;
        }
        block.SetGradientFromScores();
        return loss / block.BatchSize;
    }
}
