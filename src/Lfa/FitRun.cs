using System.Diagnostics;
using Lfa.Alignment;
using Lfa.Bridging;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Refinement;
using Lfa.Selection;

namespace Lfa;

/// <summary>One fit under way: the stages so far and their times.</summary>
internal sealed class FitRun
{
    private readonly LfaOptions _options;
    private readonly UnlabeledTask? _unlabeled;
    private readonly IProgress<RefinementProgress>? _progress;
    private readonly CancellationToken _cancellationToken;
    private readonly FeatureSet _source;
    private readonly Bridge? _bridge;
    private readonly long _start = Stopwatch.GetTimestamp();
    private FeatureSet _task; // What the method sees: the source, labeled by transport, or as the maps of the bridge give it.
    private SideMaps _maps = new(null, null);
    private double _penalty = CanonicalCorrelation.DefaultPenalty;
    private FitStages _stages = new(null, null, null, null, null);
    private FitSeconds _seconds = new(0, 0, 0, 0, 0);
    private Transform _transform = null!;
    private double? _beta;
    private BetaSelection? _selection;
    private RefinementResult? _refinement;
    private AutoFit? _auto;
    private ClassStatistics? _statistics;

    /// <summary>Prepares a fit to labeled images.</summary>
    public FitRun(FeatureSet task, LfaOptions options, IProgress<RefinementProgress>? progress, CancellationToken cancellationToken) =>
        (_source, _task, _options, _progress, _cancellationToken, _bridge) = (task, task, options, progress, cancellationToken, options.BridgeOf(task));

    /// <summary>Prepares a fit to images that transport has to label first.</summary>
    public FitRun(UnlabeledTask unlabeled, LfaOptions options, IProgress<RefinementProgress>? progress, CancellationToken cancellationToken)
        : this(unlabeled.Images, options, progress, cancellationToken) => _unlabeled = unlabeled;

    public LfaFit Execute()
    {
        if (_unlabeled is not null)
            Transport(FitToLabeled());
        if (_bridge is not null)
            MapSides();
        _statistics = ClassStatistics.Of(_task, _options.Threads);
        switch (_options.Method)
        {
            case FitMethod.Auto:
                Choose();
                break;
            case FitMethod.LeastSquares:
                FitLeastSquares();
                break;
            case FitMethod.ZeroShot:
                _transform = Transform.Identity(_task.Dimension);
                break;
            default:
                FitProcrustes();
                if (_options.Method is FitMethod.BetaProcrustes || (_options.Method is FitMethod.Lfa && (_bridge is not Bridge.Procrustes || _options.Beta is not null)))
                    ShrinkToIdentity();
                if (_options.Method is FitMethod.Lfa)
                    Refine();
                break;
        }
        return ToFit();
    }

    private void MapSides()
    {
        var start = Stopwatch.GetTimestamp();
        if (_options.Method is FitMethod.Auto)
            _penalty = BridgeFit.ChoosePenalty(_source, _options, _cancellationToken);
        _maps = FitMaps(_source);
        _task = _maps.Apply(_source, _options.Threads);
        _seconds = _seconds with { Procrustes = Stopwatch.GetElapsedTime(start).TotalSeconds };
    }

    private SideMaps FitMaps(FeatureSet part) => BridgeFit.Of(_bridge!.Value, part, _options, _penalty);

    /// <summary>Fits to the images that have labels, if there are any: transport then starts from images that are adapted as far as these tell.</summary>
    private Transform? FitToLabeled() => _options.Method is FitMethod.Auto && _unlabeled!.Labeled is { } labeled
        && new AutoSelector(labeled, _options, progress: null, _cancellationToken, isQuick: true).Run() is { Selection.Adapts: true } fit
        ? fit.Transform
        : null;

    private void Transport(Transform? transform = null)
    {
        var start = Stopwatch.GetTimestamp();
        _task = _unlabeled!.Label(transform);
        _seconds = _seconds with { Transport = _seconds.Transport + Stopwatch.GetElapsedTime(start).TotalSeconds };
    }

    private void Choose()
    {
        var start = Stopwatch.GetTimestamp();
        var selector = _bridge is not { } bridge
            ? new AutoSelector(_task, _options, _progress, _cancellationToken, isQuick: _unlabeled is not null)
            : new AutoSelector(_source, _options, _progress, _cancellationToken, isQuick: false, FitMaps, Invariant($"{BridgeNames.Of(bridge)} bridge of penalty {_penalty}"));
        _auto = selector.Run();
        _transform = _auto.Transform;
        _seconds = _seconds with { Select = Stopwatch.GetElapsedTime(start).TotalSeconds };
    }

    private void FitLeastSquares()
    {
        var start = Stopwatch.GetTimestamp();
        _transform = LeastSquares.Fit(_task, _options.Ridge, _options.Threads);
        _stages = _stages with { LeastSquares = _transform };
        _seconds = _seconds with { Procrustes = _seconds.Procrustes + Stopwatch.GetElapsedTime(start).TotalSeconds };
    }

    private void FitProcrustes()
    {
        var start = Stopwatch.GetTimestamp();
        _transform = OrthogonalProcrustes.Fit(_statistics!, _task.ClassPrototypes, _options.Threads);
        _stages = _stages with { Procrustes = _transform };
        _seconds = _seconds with { Procrustes = _seconds.Procrustes + Stopwatch.GetElapsedTime(start).TotalSeconds };
    }

    private void ShrinkToIdentity()
    {
        if (!_task.SharesSpace)
            throw new ArgumentException(Invariant($"Between {_task.Dimension} and {_task.TextDimension} components there is no identity for beta to weigh; leave beta out, or give a bridge to a common space, such as cca."));
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
        var rounds = _unlabeled is null ? 1 : _options.Unsupervised.Rounds;
        for (var round = 0; round < rounds; round++)
        {
            if (_unlabeled is not null)
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
        Bridge = _bridge,
        Auto = _auto?.Selection,
        Unsupervised = _unlabeled?.Describe(),
        Beta = _beta,
        BetaSelection = _selection,
        Iterations = _refinement?.Losses.Count ?? 0,
        Losses = _refinement?.Losses ?? [],
        Seed = _options.Seed,
        Seconds = _seconds with { Total = Stopwatch.GetElapsedTime(_start).TotalSeconds },
        Stages = new FitStages(Unfold(_stages.LeastSquares), Unfold(_stages.Procrustes), Unfold(_stages.BetaProcrustes), Unfold(_stages.Lfa), Unfold(_stages.MovingAverage)),
    };

    private Transform? Unfold(Transform? transform) => transform is null ? null : _maps.Unfold(transform);

    private LfaClassifier ToClassifier()
    {
        // Sums of labels that nobody gave, or of mapped images, serve no update.
        var statistics = _unlabeled is null && _bridge is null ? _statistics : null;
        var classifier = new LfaClassifier(_maps.Unfold(_transform), _task.ClassPrototypes, _task.ClassNames, _auto?.Temperature ?? _options.Temperature, NewClasses(), Provenance(), _auto?.Residual,
            statistics: statistics, recipe: Recipe(), textTransform: _maps.Texts);
        if (_unlabeled is not null)
            return AsSureAsZeroShot(classifier);
        return _auto?.Confidence is { } confidence ? classifier.WithConfidence(confidence) : classifier;
    }

    /// <summary>Gives the classifier temperatures that no label takes part in: those of pseudo-labels, which zero-shot classification nearly gives itself, are too low.</summary>
    private LfaClassifier AsSureAsZeroShot(LfaClassifier classifier)
    {
        double Match(LfaClassifier some) => EntropyMatching.Fit(some, _unlabeled!.Images.ImageFeatures, _options);
        // The automatic choice leaves new classes to zero-shot classification here, at the temperature it is compared with.
        var newClasses = _auto is null && classifier.NewClasses is { } scoring ? scoring with { Temperature = Match(classifier.ForShiftedDomain()) } : classifier.NewClasses;
        return classifier.WithTemperature(_auto is { Selection.Adapts: false } ? _options.Temperature : Match(classifier), newClasses);
    }

    private NewClassScoring? NewClasses() => _refinement is null ? _auto?.NewClasses : new NewClassScoring(_maps.Unfold(_refinement.MovingAverage), _options.Temperature);

    private FitRecipe Recipe() => new()
    {
        Options = _options with { Threads = 0 },
        Samples = _task.SampleCount,
        Unlabeled = _unlabeled?.Images.SampleCount ?? 0,
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
        if (_bridge is { } bridge)
            return fit is null ? $"bridge {BridgeNames.Of(bridge)}" : $"{fit}, bridge {BridgeNames.Of(bridge)}";
        return _unlabeled is null ? fit : Invariant($"{fit}, {_unlabeled.Images.SampleCount} images without labels, {_unlabeled}");
    }

    private ClassifierProvenance Provenance() => new()
    {
        Method = FitMethodNames.Of(_options.Method) + (_unlabeled is null ? "" : $", {_unlabeled.Kind}"),
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
