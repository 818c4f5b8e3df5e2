using System.Numerics.Tensors;
using Lfa.Data;

namespace Lfa.Classification;

/// <summary>
/// Fits the temperature by which logits become probabilities: the one of least log-loss on images held out of the fit.
/// </summary>
/// <remarks>C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, "On calibration of modern neural networks", ICML 2017, section 4.2.</remarks>
internal static class TemperatureScaling
{
    /// <summary>Errors to take for granted where a temperature is to serve other images: 0.25 halves the log-loss of other images where 30 are held out, and costs nothing where 600 are.</summary>
    public const double FewPseudoErrors = 0.25;

    private const int Iterations = 60;
    private const double WidestFactor = 1e3;

    /// <summary>Finds the temperature of least mean log-loss of softmax(logits / τ).</summary>
    /// <param name="logits">The logits of images held out of the fit, n × C.</param>
    /// <param name="labels">Their classes, n values from 0 to C − 1.</param>
    /// <param name="pseudoErrors">
    /// The number of images, of any fraction, that are taken to be of the runner-up class beside the n seen, at least 0: they
    /// keep few images without an error from claiming that there are none (after J. Platt, "Probabilistic outputs for support
    /// vector machines", 1999, section 2.2). Default: 0; <see cref="FewPseudoErrors"/> where few images are held out.
    /// </param>
    /// <returns>The temperature τ, relative to that of the logits: from 0.001 to 1000.</returns>
    /// <exception cref="LfaDataException">There are no rows, or another number of labels.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="pseudoErrors"/> is negative or not finite.</exception>
    public static double Fit(Matrix logits, ReadOnlySpan<int> labels, double pseudoErrors = 0)
    {
        ArgumentNullException.ThrowIfNull(logits);
        if (!(pseudoErrors >= 0 && double.IsFinite(pseudoErrors)))
            throw new ArgumentOutOfRangeException(nameof(pseudoErrors), pseudoErrors, "pseudoErrors must be 0 or more, and finite.");
        if (logits.Rows == 0 || logits.Rows != labels.Length)
            throw new LfaDataException(Invariant($"logits has {logits.Rows} rows but labels has {labels.Length} entries; give one for each row, and at least one."));
        var share = logits.Columns < 2 ? 0 : Doubt(labels.Length, pseudoErrors);
        // The log-loss is convex in 1 / τ: the sign of its slope tells the half to keep.
        var (low, high) = (Math.Log(1 / WidestFactor), Math.Log(WidestFactor));
        for (var i = 0; i < Iterations && high - low > 1e-6; i++)
        {
            var middle = (low + high) / 2;
            if (Slope(logits, labels, share, Math.Exp(middle)) > 0)
                high = middle;
            else
                low = middle;
        }
        return Math.Exp(-(low + high) / 2);
    }

    /// <summary>Computes the part of every image that counts for its runner-up, among as many pseudo-images of the one as of the other.</summary>
    public static double Doubt(int images, double pseudoErrors) => pseudoErrors / (images + (2 * pseudoErrors));

    /// <summary>Returns the highest score of a class that is not the label; there are at least two.</summary>
    public static float HighestOther(ReadOnlySpan<float> row, int label) => (label, row.Length - 1 - label) switch
    {
        (0, _) => TensorPrimitives.Max(row[1..]),
        (_, 0) => TensorPrimitives.Max(row[..label]),
        _ => Math.Max(TensorPrimitives.Max(row[..label]), TensorPrimitives.Max(row[(label + 1)..])),
    };

    /// <summary>Computes the derivative of the summed log-loss in the inverse temperature.</summary>
    private static double Slope(Matrix logits, ReadOnlySpan<int> labels, double share, double inverse)
    {
        var weights = new float[logits.Columns];
        var slope = 0.0;
        for (var i = 0; i < labels.Length; i++)
        {
            var row = logits.Row(i);
            TensorPrimitives.Subtract(row, TensorPrimitives.Max(row), weights);
            TensorPrimitives.Multiply(weights, (float)inverse, weights);
            TensorPrimitives.Exp(weights, weights);
            slope += (TensorPrimitives.Dot(weights, row) / TensorPrimitives.Sum<float>(weights)) - row[labels[i]];
            if (share > 0)
                slope += share * (row[labels[i]] - HighestOther(row, labels[i]));
        }
        return slope;
    }
}
