using System.Diagnostics;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Refinement;
using Lfa.Selection;

namespace Lfa;

/// <summary>One fit under way: the stages so far and their times.</summary>
internal sealed class FitRun
{
    private readonly LfaOptions _options;
    private readonly UnlabelledTask? _unlabelled;
    private readonly IProgress<RefinementProgress>? _progress;
    private readonly CancellationToken _cancellationToken;
    private readonly long _start = Stopwatch.GetTimestamp();
    private FeatureSet _task;
    private FitStages _stages = new(null, null, null, null, null);
    private FitSeconds _seconds = new(0, 0, 0, 0, 0);
    private Transform _transform;
    private double? _beta;
    private BetaSelection? _selection;
    private RefinementResult? _refinement;
    private AutoFit? _auto;
    private ClassStatistics? _statistics;

    /// <summary>Prepares a fit to labelled images.</summary>
    public FitRun(FeatureSet task, LfaOptions options, IProgress<RefinementProgress>? progress, CancellationToken cancellationToken)
    {
        (_task, _options, _progress, _cancellationToken) = (task, options, progress, cancellationToken);
        _transform = Transform.Identity(task.Dimension);
    }

    /// <summary>Prepares a fit to images that transport has to label first.</summary>
    public FitRun(UnlabelledTask unlabelled, LfaOptions options, IProgress<RefinementProgress>? progress, CancellationToken cancellationToken)
        : this(unlabelled.Images, options, progress, cancellationToken) => _unlabelled = unlabelled;

    public LfaFit Execute()
    {
        if (_unlabelled is not null)
            Transport(FitToLabelled());
        _statistics = ClassStatistics.Of(_task, _options.Threads);
        switch (_options.Method)
        {
            case FitMethod.Auto:
                Choose();
                break;
            case FitMethod.LeastSquares:
                FitLeastSquares();
                break;
            case not FitMethod.ZeroShot:
                FitProcrustes();
                if (_options.Method is FitMethod.BetaProcrustes or FitMethod.Lfa)
                    ShrinkToIdentity();
                if (_options.Method is FitMethod.Lfa)
                    Refine();
                break;
        }
        return ToFit();
    }

    /// <summary>Fits to the images that have labels, if there are any: transport then starts from images that are adapted as far as these tell.</summary>
    private Transform? FitToLabelled() => _options.Method is FitMethod.Auto && _unlabelled!.Labelled is { } labelled
        ? new AutoSelector(labelled, _options, progress: null, _cancellationToken, SelectionFolds.Fewest).Run().Transform
        : null;

    private void Transport(Transform? transform = null)
    {
        var start = Stopwatch.GetTimestamp();
        _task = _unlabelled!.Label(transform);
        _seconds = _seconds with { Transport = _seconds.Transport + Stopwatch.GetElapsedTime(start).TotalSeconds };
    }

    private void Choose()
    {
        var start = Stopwatch.GetTimestamp();
        // Half of the images teach nearly as much where labels cost nothing: two folds do.
        _auto = new AutoSelector(_task, _options, _progress, _cancellationToken, _unlabelled is null ? SelectionFolds.Most : SelectionFolds.Fewest).Run();
        _transform = _auto.Transform;
        _seconds = _seconds with { Select = Stopwatch.GetElapsedTime(start).TotalSeconds };
    }

    private void FitLeastSquares()
    {
        var start = Stopwatch.GetTimestamp();
        _transform = LeastSquares.Fit(_task, _options.Ridge, _options.Threads);
        _stages = _stages with { LeastSquares = _transform };
        _seconds = _seconds with { Procrustes = Stopwatch.GetElapsedTime(start).TotalSeconds };
    }

    private void FitProcrustes()
    {
        var start = Stopwatch.GetTimestamp();
        _transform = OrthogonalProcrustes.Fit(_statistics!, _task.ClassPrototypes, _options.Threads);
        _stages = _stages with { Procrustes = _transform };
        _seconds = _seconds with { Procrustes = Stopwatch.GetElapsedTime(start).TotalSeconds };
    }

    private void ShrinkToIdentity()
    {
        var start = Stopwatch.GetTimestamp();
        if (_options.Beta is null)
            _selection = BetaCrossValidation.SelectUnchecked(_task, _options.CrossValidation, _options.Seed, _options.Threads, _cancellationToken);
        _beta = _options.Beta ?? _selection!.Beta;
        _transform = BetaProcrustes.Shrink(_transform, _beta.Value);
        _stages = _stages with { BetaProcrustes = _transform };
        _seconds = _seconds with { Select = Stopwatch.GetElapsedTime(start).TotalSeconds };
    }

    private void Refine()
    {
        var rounds = _unlabelled is null ? 1 : _options.Unsupervised.Rounds;
        for (var round = 0; round < rounds; round++)
        {
            if (_unlabelled is not null)
                Transport(_transform);
            var start = Stopwatch.GetTimestamp();
            var progress = _progress is null ? null : new RoundProgress(_progress, round, rounds);
            _refinement = TransformRefinement.RunUnchecked(_task, _transform, _options.Refinement, unchecked(_options.Seed + (round * 1_000_003)), _options.Threads, progress, _cancellationToken);
            _transform = _refinement.Transform;
            _seconds = _seconds with { Refine = _seconds.Refine + Stopwatch.GetElapsedTime(start).TotalSeconds };
        }
        _stages = _stages with { Lfa = _transform, MovingAverage = _refinement!.MovingAverage };
    }

    private LfaFit ToFit() => new()
    {
        Classifier = ToClassifier(),
        Method = _options.Method,
        Auto = _auto?.Selection,
        Unsupervised = _unlabelled?.Describe(),
        Beta = _beta,
        BetaSelection = _selection,
        Iterations = _refinement?.Losses.Count ?? 0,
        Losses = _refinement?.Losses ?? [],
        Seed = _options.Seed,
        Seconds = _seconds with { Total = Stopwatch.GetElapsedTime(_start).TotalSeconds },
        Stages = _stages,
    };

    private LfaClassifier ToClassifier()
    {
        var classifier = new LfaClassifier(_transform, _task.ClassPrototypes, _task.ClassNames, _auto?.Temperature ?? _options.Temperature, _refinement?.MovingAverage, Provenance(), _auto?.Residual,
            statistics: _unlabelled is null ? _statistics : null, recipe: Recipe());
        if (_unlabelled is not null)
            return classifier.WithTemperature(_auto is { Selection.Adapts: false } ? _options.Temperature : EntropyMatching.Fit(classifier, _unlabelled.Images.ImageFeatures, _options));
        return _auto?.Confidence is { } confidence ? classifier.WithConfidence(confidence) : classifier;
    }

    private FitRecipe Recipe() => new()
    {
        Options = _options with { Threads = 0 },
        Samples = _task.SampleCount,
        Unlabelled = _unlabelled?.Images.SampleCount ?? 0,
        Blend = _auto?.Blend,
    };

    private string? Describe()
    {
        var choice = _selection is null ? "" : Invariant($"beta by cross-validation of {_options.CrossValidation.Candidates} values on {_options.CrossValidation.Splits} {(_options.CrossValidation.Stratified ? "stratified " : "")}splits of {_options.CrossValidation.ValidationFraction}");
        var fit = _options.Method switch
        {
            FitMethod.Auto => _auto!.Selection.Chosen,
            FitMethod.LeastSquares => Invariant($"ridge {_options.Ridge}"),
            FitMethod.BetaProcrustes when _selection is not null => choice,
            FitMethod.Lfa => _selection is null ? _options.Refinement.ToString() : $"{_options.Refinement}, {choice}",
            _ => null,
        };
        return _unlabelled is null ? fit : Invariant($"{fit}, {_unlabelled.Images.SampleCount} images without labels, {_unlabelled}");
    }

    private ClassifierProvenance Provenance() => new()
    {
        Method = FitMethodNames.Of(_options.Method) + (_unlabelled is null ? "" : $", {_unlabelled.Kind}"),
        Beta = _beta,
        Iterations = _refinement?.Losses.Count,
        Seed = _options.Seed,
        Encoder = _options.Encoder,
        EncoderFingerprint = _options.EncoderFingerprint,
        Options = Describe(),
        LibraryVersion = LibraryVersion.Current,
    };

    /// <summary>Tells of one of several refinements as of a part of one.</summary>
    private sealed class RoundProgress(IProgress<RefinementProgress> progress, int round, int rounds) : IProgress<RefinementProgress>
    {
        public void Report(RefinementProgress value) =>
            progress.Report(value with { Iteration = (round * value.Iterations) + value.Iteration, Iterations = rounds * value.Iterations });
    }
}
