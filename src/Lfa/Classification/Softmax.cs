namespace Lfa.Classification;

/// <summary>Turns scores into probabilities at a temperature.</summary>
internal static class Softmax
{
    /// <summary>Computes log Σ exp(score / τ) without overflow, in double precision.</summary>
    public static double LogSumExp(ReadOnlySpan<float> scores, double temperature)
    {
        var largest = System.Numerics.Tensors.TensorPrimitives.Max(scores) / temperature;
        var sum = 0.0;
        foreach (var score in scores)
            sum += Math.Exp((score / temperature) - largest);
        return largest + Math.Log(sum);
    }
}
