namespace Lfa.Refinement;

/// <summary>
/// Measures how far a projected feature is nearer to its prototype than to the hardest wrong one: the mean over rows of
/// max(0, ‖z − y_ℓ‖ − ‖z − y_w‖ + margin), w the wrong class of highest score, z not normalized.
/// </summary>
/// <remarks>
/// Ouali et al., ICCV 2023, section 4.4. As in the published implementation, 1e-6 is added to each component of a difference.
/// With one class there is no wrong one, and the loss is 0.
/// </remarks>
public sealed class TripletLoss : IAlignmentLoss
{
    private const double ComponentOffset = 1e-6;

    /// <summary>Initializes the loss.</summary>
    /// <param name="margin">The margin, at least 0. Default: 0.1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="margin"/> is negative or not finite.</exception>
    public TripletLoss(double margin = 0.1)
    {
        if (!(margin >= 0 && double.IsFinite(margin)))
            throw new ArgumentOutOfRangeException(nameof(margin), margin, "margin must be 0 or more, and finite.");
        Margin = margin;
    }

    /// <summary>Gets the margin.</summary>
    public double Margin { get; }

    /// <inheritdoc/>
    public string Name => "triplet";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Parameters => new Dictionary<string, double> { ["margin"] = Margin };

    /// <inheritdoc/>
    public bool UsesUnitRows => false;

    /// <inheritdoc/>
    public bool CouplesRows => false;

    /// <summary>Returns the name of the loss and its parameters.</summary>
    public override string ToString() => Invariant($"triplet (margin = {Margin})");

    /// <inheritdoc/>
    public double Evaluate(in LossBlock block)
    {
        var loss = 0.0;
        for (var row = 0; row < block.Count && block.Prototypes.Rows > 1; row++)
        {
            var (z, label) = (row, block.Labels[row]);
            block.ScoresOf(row)[label] = float.NegativeInfinity;
            var wrong = System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(block.ScoresOf(row));
            var (ownDistance, wrongDistance) = (Distance(block, z, label), Distance(block, z, wrong));
            var violation = ownDistance - wrongDistance + Margin;
            if (violation <= 0)
                continue;
            loss += violation;
            AddDistanceGradient(block, z, label, 1 / (ownDistance * block.BatchSize));
            AddDistanceGradient(block, z, wrong, -1 / (wrongDistance * block.BatchSize));
        }
        return loss / block.BatchSize;
    }

    private static double Distance(in LossBlock block, int row, int prototype)
    {
        var z = block.Row(row);
        var y = block.Prototypes.Row(prototype);
        var squared = 0.0;
        for (var j = 0; j < z.Length; j++)
        {
            var difference = (double)z[j] - y[j] + ComponentOffset;
            squared += difference * difference;
        }
        return Math.Sqrt(squared);
    }

    private static void AddDistanceGradient(in LossBlock block, int row, int prototype, double weight)
    {
        var z = block.Row(row);
        var y = block.Prototypes.Row(prototype);
        var gradient = block.GradientOf(row);
        for (var j = 0; j < z.Length; j++)
            gradient[j] += (float)(weight * ((double)z[j] - y[j] + ComponentOffset));
    }
}
