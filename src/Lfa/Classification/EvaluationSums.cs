using Lfa.Data;

namespace Lfa.Classification;

/// <summary>Gathers the outcome of a classifier, sample by sample.</summary>
internal sealed class EvaluationSums(FeatureSet test, double temperature)
{
    private const int CalibrationBins = 15;

    private readonly int[] _predicted = new int[test.SampleCount];
    private readonly double[] _confidence = new double[CalibrationBins];
    private readonly int[] _right = new int[CalibrationBins];
    private int _first, _five;
    private double _logLoss;

    /// <summary>Takes in one sample.</summary>
    /// <param name="sample">The sample, from 0.</param>
    /// <param name="scores">Its cosines with the C prototypes.</param>
    public void Add(int sample, ReadOnlySpan<float> scores)
    {
        var label = test.Labels.Span[sample];
        var ranked = CosineScorer.Rank(scores);
        var (best, place) = (ranked[0], ranked.IndexOf(label));
        var logSum = Softmax.LogSumExp(scores, temperature);
        _predicted[sample] = best;
        _first += place == 0 ? 1 : 0;
        _five += place >= 0 ? 1 : 0;
        _logLoss += logSum - (scores[label] / temperature);
        var confidence = Math.Exp((scores[best] / temperature) - logSum);
        var bin = Math.Clamp((int)Math.Ceiling(confidence * CalibrationBins) - 1, 0, CalibrationBins - 1);
        _confidence[bin] += confidence;
        _right[bin] += place == 0 ? 1 : 0;
    }

    public Evaluation ToEvaluation()
    {
        double samples = test.SampleCount;
        return new Evaluation
        {
            Top1 = 100.0 * _first / samples,
            Top5 = 100.0 * _five / samples,
            LogLoss = _logLoss / samples,
            Ece = Enumerable.Range(0, CalibrationBins).Sum(bin => Math.Abs(_confidence[bin] - _right[bin])) / samples,
            Samples = test.SampleCount,
            Classes = test.ClassCount,
            PerClass = PerClass(),
            Labels = test.Labels,
            Predicted = _predicted,
        };
    }

    private ClassEvaluation[] PerClass()
    {
        var (samples, taken, right) = (new int[test.ClassCount], new int[test.ClassCount], new int[test.ClassCount]);
        for (var i = 0; i < _predicted.Length; i++)
        {
            var label = test.Labels.Span[i];
            samples[label]++;
            taken[_predicted[i]]++;
            right[label] += label == _predicted[i] ? 1 : 0;
        }
        return [.. test.ClassNames.Select((name, c) => new ClassEvaluation(name, samples[c], 100.0 * right[c] / samples[c], 100.0 * right[c] / taken[c]))];
    }
}
