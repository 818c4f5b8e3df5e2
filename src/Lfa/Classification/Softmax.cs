using System.Numerics.Tensors;

namespace Lfa.Classification;

/// <summary>Turns scores into probabilities.</summary>
internal static class Softmax
{
    /// <summary>Replaces scores by probabilities, exp(score / τ) over their sum.</summary>
    public static void Apply(Span<float> scores, double temperature)
    {
        var logSum = LogSumExp(scores, temperature);
        for (var c = 0; c < scores.Length; c++)
            scores[c] = (float)Math.Exp((scores[c] / temperature) - logSum);
    }

    /// <summary>Computes the softmax of logits in single precision, which may be done in place: for the loops of fits, which see every score many times.</summary>
    public static void Apply(ReadOnlySpan<float> logits, Span<float> probabilities)
    {
        TensorPrimitives.Subtract(logits, TensorPrimitives.Max(logits), probabilities);
        TensorPrimitives.Exp(probabilities, probabilities);
        TensorPrimitives.Divide(probabilities, TensorPrimitives.Sum<float>(probabilities), probabilities);
    }

    /// <summary>Computes log Σ exp(score / τ) without overflow, in double precision.</summary>
    public static double LogSumExp(ReadOnlySpan<float> scores, double temperature)
    {
        var largest = TensorPrimitives.Max(scores) / temperature;
        var sum = 0.0;
        foreach (var score in scores)
            sum += Math.Exp((score / temperature) - largest);
        return largest + Math.Log(sum);
    }
}
