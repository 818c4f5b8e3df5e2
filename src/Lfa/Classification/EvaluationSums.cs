using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Classification;

/// <summary>Gathers the outcome of a classifier, sample by sample.</summary>
internal sealed class EvaluationSums(FeatureSet test, double temperature, CalibrationBounds? bounds = null)
{
    private readonly int[] _predicted = new int[test.SampleCount];
    private readonly CalibrationSums _calibration = new();
    private readonly int[] _covered = new int[test.ClassCount];
    private int _first, _five, _unknown;
    private long _setSizes;

    /// <summary>Takes in one sample.</summary>
    /// <param name="sample">The sample, from 0.</param>
    /// <param name="scores">Its cosines with the C prototypes.</param>
    public void Add(int sample, ReadOnlySpan<float> scores)
    {
        var label = test.Labels.Span[sample];
        var ranked = TopK.Rank(scores);
        var (best, place) = (ranked[0], ranked.IndexOf(label));
        _predicted[sample] = best;
        _first += place == 0 ? 1 : 0;
        _five += place >= 0 ? 1 : 0;
        _calibration.Add(scores, label, best, temperature);
        if (bounds is not null)
            AddConfidence(test.ImageFeatures.Row(sample), scores, label, best);
    }

    public Evaluation ToEvaluation()
    {
        double samples = test.SampleCount;
        var classes = PerClass();
        return new Evaluation
        {
            Top1Accuracy = _first / samples,
            Top5Accuracy = _five / samples,
            LogLoss = _calibration.LogLoss,
            Ece = _calibration.Ece,
            Samples = test.SampleCount,
            Classes = test.ClassCount,
            PerClass = classes,
            Labels = test.Labels,
            Predicted = _predicted,
            PredictionSets = bounds?.Coverage is { } coverage ? ToSets(coverage, classes) : null,
            Rejection = bounds?.FalseRejection is { } rate ? new RejectionEvaluation(rate, _unknown / samples) : null,
        };
    }

    private PredictionSetEvaluation ToSets(double coverage, ClassEvaluation[] classes)
    {
        double samples = test.SampleCount;
        return new PredictionSetEvaluation(coverage, _covered.Sum() / samples, classes.Where(one => one.Samples > 0).Average(one => one.Coverage!.Value), _setSizes / samples) { Guarantee = bounds!.Guarantee };
    }

    private void AddConfidence(ReadOnlySpan<float> image, ReadOnlySpan<float> scores, int label, int best)
    {
        _unknown += bounds!.IsUnknown(image, scores) ? 1 : 0;
        if (bounds.Set(scores, best, Softmax.LogSumExp(scores, temperature)) is not { } set)
            return;
        _setSizes += set.Length;
        _covered[label] += set.Contains(label) ? 1 : 0;
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
        return [.. test.ClassNames.Select((name, c) => new ClassEvaluation(name, samples[c], (double)right[c] / samples[c], (double)right[c] / taken[c])
        {
            Coverage = bounds?.Coverage is null ? null : (double)_covered[c] / samples[c],
        })];
    }
}
