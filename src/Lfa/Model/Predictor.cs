using Lfa.Classification;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Model;

/// <summary>Turns scores into predictions, by the levels that are asked for.</summary>
internal sealed class Predictor
{
    private readonly LfaModel _model;
    private readonly PredictionOptions _options;
    private readonly CalibrationBounds _bounds;

    public Predictor(LfaModel model, PredictionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_model, _options, _bounds) = (model, options, new CalibrationBounds(model.Calibration, model.Scorer, model.ClassPrototypes, options));
    }

    /// <summary>Predicts a block of images.</summary>
    public IEnumerable<Prediction> Predict(Matrix block)
    {
        _model.ThrowIfNotClassifiable(block);
        foreach (var (start, scores) in _model.Scorer.Blocks(block, _options.MaxDegreeOfParallelism))
        {
            for (var i = 0; i < scores.Rows; i++)
                yield return ToPrediction(block.Row(start + i), scores.Row(i));
        }
    }

    /// <summary>Makes the prediction of one image of its scores: its most probable classes.</summary>
    public static Prediction ToPrediction(ReadOnlySpan<float> scores, IReadOnlyList<string> classNames, double temperature, int topK) =>
        new(Describe(MostProbable(scores, topK), scores, classNames, temperature, Softmax.LogSumExp(scores, temperature)));

    private Prediction ToPrediction(ReadOnlySpan<float> image, ReadOnlySpan<float> scores)
    {
        var logSum = Softmax.LogSumExp(scores, _model.Temperature);
        var classes = MostProbable(scores, _options.TopK);
        var set = _bounds.Set(scores, classes[0], logSum);
        return new Prediction(Describe(classes, scores, _model.ClassNames, _model.Temperature, logSum))
        {
            PredictionSet = set is null ? null : Describe(set, scores, _model.ClassNames, _model.Temperature, logSum),
            IsUnknown = _bounds.IsUnknown(image, scores),
        };
    }

    private static ReadOnlySpan<int> MostProbable(ReadOnlySpan<float> scores, int count)
    {
        var classes = TopK.Rank(scores, count);
        return classes.AsSpan(0, Math.Min(count, classes.Length));
    }

    private static ClassProbability[] Describe(ReadOnlySpan<int> classes, ReadOnlySpan<float> scores, IReadOnlyList<string> classNames, double temperature, double logSum)
    {
        var described = new ClassProbability[classes.Length];
        for (var i = 0; i < described.Length; i++)
            described[i] = new ClassProbability(classes[i], classNames[classes[i]], Math.Exp((scores[classes[i]] / temperature) - logSum));
        return described;
    }
}
