namespace Lfa.Classification;

/// <summary>Gathers how well probabilities hold, sample by sample: the log-loss and the expected calibration error.</summary>
internal sealed class CalibrationSums
{
    private const int Bins = 15;

    private readonly double[] _confidence = new double[Bins];
    private readonly int[] _right = new int[Bins];
    private double _logLoss;
    private int _samples;

    /// <summary>Gets the mean of −log p of the true class, in nats.</summary>
    public double LogLoss => _logLoss / _samples;

    /// <summary>Gets the expected calibration error, from 0 to 1.</summary>
    public double Ece => Enumerable.Range(0, Bins).Sum(bin => Math.Abs(_confidence[bin] - _right[bin])) / _samples;

    /// <summary>Takes in one sample.</summary>
    /// <param name="scores">Its scores, C values.</param>
    /// <param name="label">Its class.</param>
    /// <param name="best">The class of highest score.</param>
    /// <param name="temperature">The temperature τ.</param>
    public void Add(ReadOnlySpan<float> scores, int label, int best, double temperature)
    {
        var logSum = Softmax.LogSumExp(scores, temperature);
        _samples++;
        _logLoss += logSum - (scores[label] / temperature);
        var confidence = Math.Exp((scores[best] / temperature) - logSum);
        var bin = Math.Clamp((int)Math.Ceiling(confidence * Bins) - 1, 0, Bins - 1);
        _confidence[bin] += confidence;
        _right[bin] += best == label ? 1 : 0;
    }
}
