using System.Numerics.Tensors;
using Lfa.Data;

namespace Lfa.Classification;

/// <summary>
/// Finds the weights of the views of <see cref="Familiarity"/> by images held out of the fit: each once as it is, and once without its class
/// among those that compete, as an image of a class that is not known would be.
/// </summary>
/// <remarks>
/// Minimizes Σ log(1 + exp(−(w·v + b))) over the images as they are + Σ log(1 + exp(w·v + b)) over those without their class + λ/2 ‖w‖², w ≥ 0, the views v
/// scaled to deviation 1: logistic regression, by Newton steps in one weight after the other. Nothing is fitted anew, so it costs nothing; an image is a little
/// too unlike, since its class took part in the fit of the scorer, and since the classes most like a new one may be fewer.
/// </remarks>
internal static class FamiliarityFit
{
    private const int LeastImages = 40; // Of fewer, three weights tell more of the sample than of the classes.
    private const int LeastClasses = 4;
    private const double Usual = 2; // Images of mean nearness that every class is taken to have beside its own.
    private const double Penalty = 1e-3;
    private const int Sweeps = 500;
    private const double Tolerance = 1e-6;

    /// <summary>Finds the weights.</summary>
    /// <param name="scores">The scores of the held-out images, n × C.</param>
    /// <param name="labels">Their classes, n values.</param>
    /// <param name="temperature">The temperature τ.</param>
    /// <param name="nearness">Their cosines with the names of the classes, less the mean of each row, n × C; null where names say nothing.</param>
    /// <param name="isOfClassifier">Whether the scores are of the classifier in question; of another they tell no weights.</param>
    /// <param name="familiarity">Receives the familiarity of each image, n values; by a usual nearness that leaves it out.</param>
    public static Familiarity Run(Matrix scores, ReadOnlySpan<int> labels, double temperature, Matrix? nearness, bool isOfClassifier, Span<double> familiarity)
    {
        var usual = nearness is null ? null : new UsualNearness(nearness, labels);
        var fitted = !isOfClassifier || labels.Length < LeastImages || scores.Columns < LeastClasses
            ? Familiarity.OfProbability
            : Fit(scores, labels, temperature, usual);
        for (var i = 0; i < labels.Length; i++)
        {
            var views = Views(scores.Row(i), temperature, usual, i, labels[i], without: false);
            familiarity[i] = TensorPrimitives.Dot<double>([.. fitted.Weights], views);
        }
        return fitted;
    }

    private static Familiarity Fit(Matrix scores, ReadOnlySpan<int> labels, double temperature, UsualNearness? usual)
    {
        var n = labels.Length;
        var columns = new double[Familiarity.Views][];
        for (var v = 0; v < columns.Length; v++)
            columns[v] = new double[2 * n];
        for (var i = 0; i < 2 * n; i++)
        {
            var views = Views(scores.Row(i % n), temperature, usual, i % n, labels[i % n], without: i >= n);
            for (var v = 0; v < columns.Length; v++)
                columns[v][i] = views[v];
        }
        var scales = columns.Select(column => TensorPrimitives.StdDev<double>(column)).ToArray();
        for (var v = 0; v < columns.Length; v++)
            TensorPrimitives.Divide(columns[v], scales[v] > 0 ? scales[v] : 1, columns[v]);
        var weights = Regress(columns, n);
        for (var v = 0; v < weights.Length; v++)
            weights[v] = (float)(weights[v] / (scales[v] > 0 ? scales[v] : 1)); // As a file keeps it.
        return weights.Any(weight => weight > 0) ? new Familiarity(weights, usual?.ToVector() ?? default) : Familiarity.OfProbability;
    }

    private static double[] Regress(double[][] columns, int known)
    {
        var (weights, bias, logits) = (new double[columns.Length], 0.0, new double[2 * known]);
        for (var (sweep, largest) = (0, 1.0); sweep < Sweeps && largest > Tolerance; sweep++)
        {
            largest = 0;
            for (var v = -1; v < weights.Length; v++)
            {
                var (slope, curvature) = v < 0 ? (0, Penalty) : (Penalty * weights[v], Penalty);
                for (var i = 0; i < logits.Length; i++)
                {
                    var (p, x) = (1 / (1 + Math.Exp(-logits[i])), v < 0 ? 1 : columns[v][i]);
                    slope += (p - (i < known ? 1 : 0)) * x / logits.Length;
                    curvature += p * (1 - p) * x * x / logits.Length;
                }
                var before = v < 0 ? bias : weights[v];
                var after = v < 0 ? before - (slope / curvature) : Math.Max(0, before - (slope / curvature));
                if (v < 0)
                    bias = after;
                else
                    weights[v] = after;
                largest = Math.Max(largest, Math.Abs(after - before));
                for (var i = 0; i < logits.Length; i++)
                    logits[i] += (after - before) * (v < 0 ? 1 : columns[v][i]);
            }
        }
        return weights;
    }

    private static double[] Views(ReadOnlySpan<float> scores, double temperature, UsualNearness? usual, int image, int label, bool without)
    {
        var competing = scores.ToArray();
        if (without)
            competing = [.. competing[..label], .. competing[(label + 1)..]];
        var best = TensorPrimitives.IndexOfMax<float>(competing);
        var bestClass = without && best >= label ? best + 1 : best;
        return [Familiarity.OfScores(competing, temperature), Familiarity.Prominence(competing), usual?.Excess(image, label, bestClass) ?? 0];
    }

    /// <summary>How near to its name an image of each class usually is: a mean over its images, shrunk towards that of all.</summary>
    private sealed class UsualNearness
    {
        private readonly Matrix _nearness;
        private readonly double[] _sums;
        private readonly int[] _counts;
        private readonly double _mean;

        public UsualNearness(Matrix nearness, ReadOnlySpan<int> labels)
        {
            (_nearness, _sums, _counts) = (nearness, new double[nearness.Columns], new int[nearness.Columns]);
            for (var i = 0; i < labels.Length; i++)
            {
                _sums[labels[i]] += nearness.Row(i)[labels[i]];
                _counts[labels[i]]++;
            }
            _mean = _sums.Sum() / labels.Length;
        }

        /// <summary>By how much an image is nearer to the name of a class than the others of that class.</summary>
        public double Excess(int image, int label, int other)
        {
            double near = _nearness.Row(image)[other];
            return near - (label == other ? Of(_sums[other] - near, _counts[other] - 1) : Of(_sums[other], _counts[other]));
        }

        public float[] ToVector() => [.. _sums.Select((sum, c) => (float)Of(sum, _counts[c]))];

        private double Of(double sum, int count) => (sum + (Usual * _mean)) / (count + Usual);
    }
}
