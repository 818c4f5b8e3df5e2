using System.Numerics.Tensors;
using Lfa.Data;

namespace Lfa.Classification;

/// <summary>What held-out images say of labels that are wrong.</summary>
/// <param name="Fraction">The fraction of the labels that are wrong, e·(C − 1) / C, above 0.</param>
/// <param name="Temperature">The temperature τ at which the probabilities hold for the right ones.</param>
/// <param name="Kept">The images whose labels are taken for right: all but that part of n, of the least likely labels; in rising order.</param>
/// <remarks>
/// A label is that of the classifier's probabilities p with probability 1 − e, and any of the C classes alike with probability e: the likelihood
/// Π ((1 − e)·p_y(τ) + e / C) is maximized in both. An error of a classifier is a class that is nearly as likely, a wrong label any, so that the two
/// are told apart though every wrong label is an error. By expectation and maximization, one Newton step in 1 / τ at a time.
/// <para>
/// There are none where they raise the log-likelihood by less than 8 nats, whatever e: without any it rose by 5 at most (HWU64, whose labels may have some).
/// </para>
/// </remarks>
internal sealed record LabelNoise(double Fraction, double Temperature, int[] Kept)
{
    private const double LeastGain = 8;
    private const int LeastClasses = 5; // Of fewer, an error is nearly any class.
    private const double Start = 0.1;
    private const int Iterations = 100;
    private const double Tolerance = 1e-4;

    /// <summary>Estimates the wrong labels; null where nothing speaks for any beyond noise.</summary>
    /// <param name="scores">The scores of the held-out images, n × C.</param>
    /// <param name="labels">Their classes, n values.</param>
    /// <param name="temperature">The temperature of least log-loss, as though no label were wrong.</param>
    public static LabelNoise? Find(Matrix scores, ReadOnlySpan<int> labels, double temperature)
    {
        if (scores.Columns < LeastClasses)
            return null;
        var pass = new Pass(scores, labels.ToArray());
        var before = pass.Run(1 / temperature, 0).LogLikelihood;
        var (inverse, fraction) = (1 / temperature, Start);
        for (var (i, moves) = (0, true); i < Iterations && moves; i++)
        {
            var sums = pass.Run(inverse, fraction);
            var next = Math.Clamp(inverse - (sums.Slope / sums.Curvature), inverse / 2, inverse * 2);
            moves = Math.Abs(next - inverse) > Tolerance * inverse || Math.Abs(sums.Wrong - fraction) > Tolerance;
            (inverse, fraction) = (next, sums.Wrong);
        }
        var after = pass.Run(inverse, fraction);
        if (!(after.LogLikelihood - before > LeastGain))
            return null;
        var wrong = after.Wrong * (scores.Columns - 1) / scores.Columns;
        var kept = labels.Length - (int)Math.Round(wrong * labels.Length);
        return new LabelNoise(wrong, 1 / inverse, [.. Enumerable.Range(0, labels.Length).OrderByDescending(image => pass.Right[image]).Take(kept).Order()]);
    }

    /// <summary>The sums of one pass: the log-likelihood, the derivatives of the log-loss of the right labels in 1 / τ, and the mean probability that a label is any class.</summary>
    private readonly record struct Sums(double LogLikelihood, double Slope, double Curvature, double Wrong);

    private sealed class Pass(Matrix scores, int[] labels)
    {
        private readonly float[] _weights = new float[scores.Columns];
        private readonly float[] _products = new float[scores.Columns];

        // The part of an image that counts for its runner-up, as in the fit without wrong labels.
        private readonly double _doubt = TemperatureScaling.Doubt(labels.Length, TemperatureScaling.FewPseudoErrors);

        /// <summary>Gets the probability that the label of each image is right, n values.</summary>
        public double[] Right { get; } = new double[labels.Length];

        public Sums Run(double inverse, double fraction)
        {
            var (likelihood, slope, curvature, wrong) = (0.0, 0.0, double.Epsilon, 0.0);
            for (var i = 0; i < labels.Length; i++)
            {
                var row = scores.Row(i);
                var (p, mean, variance) = Moments(row, labels[i], inverse);
                var (right, any) = ((1 - fraction) * p, fraction / row.Length);
                Right[i] = right / Math.Max(right + any, double.Epsilon);
                likelihood += Math.Log(Math.Max(right + any, double.Epsilon));
                slope += Right[i] * (mean - row[labels[i]] + (_doubt * (row[labels[i]] - TemperatureScaling.HighestOther(row, labels[i]))));
                curvature += Right[i] * variance;
                wrong += (1 - Right[i]) / labels.Length;
            }
            return new Sums(likelihood, slope, curvature, wrong);
        }

        // The probability of the label, and mean and variance of the scores by the probabilities.
        private (double Probability, double Mean, double Variance) Moments(ReadOnlySpan<float> row, int label, double inverse)
        {
            var largest = TensorPrimitives.Max(row);
            TensorPrimitives.Subtract(row, largest, _weights);
            TensorPrimitives.Multiply(_weights, (float)inverse, _weights);
            TensorPrimitives.Exp(_weights, _weights);
            double sum = TensorPrimitives.Sum<float>(_weights);
            var mean = TensorPrimitives.Dot(_weights, row) / sum;
            TensorPrimitives.Subtract(row, (float)mean, _products);
            TensorPrimitives.Multiply(_products, _products, _products);
            return (Math.Exp((row[label] - largest) * inverse) / sum, mean, TensorPrimitives.Dot(_weights, _products) / sum);
        }
    }
}
