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
        (_model, _options, _bounds) = (model, options, new CalibrationBounds(model.Calibration, model.Scorer, options));
    }

    /// <summary>Predicts a block of images.</summary>
    public IEnumerable<Prediction> Predict(Matrix block)
    {
        _model.ThrowIfNotClassifiable(block);
        foreach (var (_, scores) in _model.Scorer.Blocks(block, _options.MaxDegreeOfParallelism))
        {
            for (var i = 0; i < scores.Rows; i++)
                yield return ToPrediction(scores.Row(i));
        }
    }

    private Prediction ToPrediction(ReadOnlySpan<float> scores)
    {
        var classes = TopK.Rank(scores, _options.TopK);
        var logSum = Softmax.LogSumExp(scores, _model.Temperature);
        var set = _bounds.Set(scores, logSum);
        return new Prediction(Describe(classes.AsSpan(0, Math.Min(_options.TopK, classes.Length)), scores, logSum))
        {
            PredictionSet = set is null ? null : Describe(set, scores, logSum),
            IsUnknown = _bounds.IsUnknown(scores),
        };
    }

    private ClassProbability[] Describe(ReadOnlySpan<int> classes, ReadOnlySpan<float> scores, double logSum)
    {
        var described = new ClassProbability[classes.Length];
        for (var i = 0; i < described.Length; i++)
            described[i] = new ClassProbability(classes[i], _model.ClassNames[classes[i]], Math.Exp((scores[classes[i]] / _model.Temperature) - logSum));
        return described;
    }
}
