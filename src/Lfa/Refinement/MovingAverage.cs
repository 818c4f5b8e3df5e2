using System.Numerics.Tensors;

namespace Lfa.Refinement;

/// <summary>
/// The average E of the transforms along the refinement: E₀ = I (the start itself between two spaces), E ← mE + (1 − m)W with m = 0.9 + 0.1r and
/// r = 1 − exp(−5 · min(t, T/2) / (T/2)), which slows it down towards the half of the T iterations.
/// </summary>
internal sealed class MovingAverage(float[] first, int iterations)
{
    private const double StartMomentum = 0.9;
    private const double RampSharpness = 5;

    /// <summary>Gets the average E.</summary>
    public float[] Values { get; } = first;

    /// <summary>Takes in the transform after iteration t, counted from 0.</summary>
    public void Update(ReadOnlySpan<float> transform, int iteration)
    {
        var half = iterations / 2;
        var ramp = half == 0 ? 1 : 1 - Math.Exp(-RampSharpness * Math.Min(iteration, half) / half);
        var momentum = (float)(StartMomentum + ((1 - StartMomentum) * ramp));
        TensorPrimitives.Multiply(Values, momentum, Values);
        TensorPrimitives.MultiplyAdd(transform, 1 - momentum, Values, Values);
    }
}
