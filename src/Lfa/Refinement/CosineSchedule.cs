namespace Lfa.Refinement;

/// <summary>The learning rate of iteration t of T: lr_min + (lr − lr_min)(1 + cos(πt / T)) / 2.</summary>
/// <remarks>I. Loshchilov, F. Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017, without restarts.</remarks>
internal sealed class CosineSchedule(double learningRate, int iterations)
{
    private const double MinimumRate = 1e-7;

    public double Rate(int iteration) =>
        MinimumRate + ((learningRate - MinimumRate) * (1 + Math.Cos(Math.PI * iteration / iterations)) / 2);
}
