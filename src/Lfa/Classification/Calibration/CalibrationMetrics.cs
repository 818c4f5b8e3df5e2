namespace Lfa.Classification;

/// <summary>How well the probabilities at a temperature hold on images held out of the fit.</summary>
/// <param name="Temperature">The temperature τ.</param>
/// <param name="LogLoss">The mean of −log p of the true class, in nats.</param>
/// <param name="Ece">The expected calibration error of the most probable class, from 0 to 1, over 15 bins of equal width.</param>
public sealed record CalibrationMetrics(double Temperature, double LogLoss, double Ece);
