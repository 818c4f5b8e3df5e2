using System.Diagnostics;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Refinement;
using Lfa.Selection;

namespace Lfa;

/// <summary>
/// Fits a classifier to a few labelled images and class names: Linear Feature Alignment.
/// </summary>
/// <remarks>
/// Y. Ouali, A. Bulat, B. Martinez, G. Tzimiropoulos, "Black box few-shot adaptation for vision-language models", ICCV 2023.
/// The steps are an orthogonal transform in closed form (<see cref="OrthogonalProcrustes"/>), its shrinkage to the identity
/// by a cross-validated β (<see cref="BetaCrossValidation"/>, <see cref="BetaProcrustes"/>), and a short refinement
/// (<see cref="TransformRefinement"/>). Each can be used alone.
/// </remarks>
public static class LfaTrainer
{
    /// <summary>Fits a classifier.</summary>
    /// <param name="task">The labelled images, n × d, and the class prototypes, C × d; at least one image of each class.</param>
    /// <param name="options">The options. Default: whatever the examples show to be best, <see cref="FitMethod.Auto"/>.</param>
    /// <param name="progress">Told after each iteration of the refinement, on the calling thread. Default: nobody.</param>
    /// <param name="cancellationToken">Checked before each split and each iteration.</param>
    /// <returns>The classifier, with what was chosen on the way and why.</returns>
    /// <exception cref="ArgumentException">The images have no labels, or a class has no example.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public static LfaFit Fit(FeatureSet task, LfaOptions? options = null, IProgress<RefinementProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        options ??= new LfaOptions();
        task.ThrowIfNotTrainable();
        var run = new FitRun(task, options, progress, cancellationToken);
        run.Execute();
        return run.ToFit();
    }

    /// <summary>One fit under way: the stages so far and their times.</summary>
    private sealed class FitRun(FeatureSet task, LfaOptions options, IProgress<RefinementProgress>? progress, CancellationToken cancellationToken)
    {
        private readonly long _start = Stopwatch.GetTimestamp();
        private FitStages _stages = new(null, null, null, null, null);
        private FitSeconds _seconds = new(0, 0, 0, 0, 0);
        private Transform _transform = null!;
        private double? _beta;
        private BetaSelection? _selection;
        private RefinementResult? _refinement;
        private AutoFit? _auto;
        private ClassStatistics? _statistics;

        public void Execute()
        {
            _statistics = ClassStatistics.Of(task, options.Threads);
            if (options.Method is FitMethod.Auto)
            {
                Choose();
                return;
            }
            if (options.Method is FitMethod.ZeroShot)
            {
                task.ThrowIfTwoSpaces(FitMethodNames.Of(options.Method));
                _transform = Transform.Identity(task.Dimension);
                return;
            }
            if (options.Method is FitMethod.LeastSquares)
            {
                FitLeastSquares();
                return;
            }
            FitProcrustes();
            if (options.Method is FitMethod.Procrustes)
                return;
            if (task.SharesSpace || options.Method is FitMethod.BetaProcrustes)
                ShrinkToIdentity();
            if (options.Method is FitMethod.Lfa)
                Refine();
        }

        private void Choose()
        {
            task.ThrowIfTwoSpaces(FitMethodNames.Of(FitMethod.Auto));
            var start = Stopwatch.GetTimestamp();
            _auto = new AutoSelector(task, options, progress, cancellationToken).Run();
            _transform = _auto.Transform;
            _seconds = _seconds with { Select = Stopwatch.GetElapsedTime(start).TotalSeconds };
        }

        private void FitLeastSquares()
        {
            var start = Stopwatch.GetTimestamp();
            _transform = LeastSquares.Fit(task, options.Ridge, options.Threads);
            _stages = _stages with { LeastSquares = _transform };
            _seconds = _seconds with { Procrustes = Stopwatch.GetElapsedTime(start).TotalSeconds };
        }

        private void FitProcrustes()
        {
            var start = Stopwatch.GetTimestamp();
            _transform = OrthogonalProcrustes.Fit(_statistics!, task.ClassPrototypes, options.Threads);
            _stages = _stages with { Procrustes = _transform };
            _seconds = _seconds with { Procrustes = Stopwatch.GetElapsedTime(start).TotalSeconds };
        }

        private void ShrinkToIdentity()
        {
            task.ThrowIfTwoSpaces(FitMethodNames.Of(FitMethod.BetaProcrustes));
            var start = Stopwatch.GetTimestamp();
            if (options.Beta is null)
                _selection = BetaCrossValidation.Select(task, options.CrossValidation, options.Seed, options.Threads, cancellationToken);
            _beta = options.Beta ?? _selection!.Beta;
            _transform = BetaProcrustes.Shrink(_transform, _beta.Value);
            _stages = _stages with { BetaProcrustes = _transform };
            _seconds = _seconds with { Select = Stopwatch.GetElapsedTime(start).TotalSeconds };
        }

        private void Refine()
        {
            var start = Stopwatch.GetTimestamp();
            _refinement = TransformRefinement.Run(task, _transform, options.Refinement, options.Seed, options.Threads, progress, cancellationToken);
            _transform = _refinement.Transform;
            _stages = _stages with { Lfa = _transform, MovingAverage = _refinement.MovingAverage };
            _seconds = _seconds with { Refine = Stopwatch.GetElapsedTime(start).TotalSeconds };
        }

        public LfaFit ToFit() => new()
        {
            Classifier = ToClassifier(),
            Method = options.Method,
            Auto = _auto?.Selection,
            Beta = _beta,
            BetaSelection = _selection,
            Iterations = _refinement?.Losses.Count ?? 0,
            Losses = _refinement?.Losses ?? [],
            Seed = options.Seed,
            Seconds = _seconds with { Total = Stopwatch.GetElapsedTime(_start).TotalSeconds },
            Stages = _stages,
        };

        private LfaClassifier ToClassifier()
        {
            var classifier = new LfaClassifier(_transform, task.ClassPrototypes, task.ClassNames, _auto?.Temperature ?? options.Temperature, NewClasses(), Provenance(), _auto?.Residual, statistics: _statistics, recipe: Recipe());
            return _auto?.Confidence is { } confidence ? classifier.WithConfidence(confidence) : classifier;
        }

        private NewClassScoring? NewClasses() => _refinement is null ? _auto?.NewClasses : new NewClassScoring(_refinement.MovingAverage, options.Temperature);

        private FitRecipe Recipe() => new() { Options = options with { Threads = 0 }, Samples = task.SampleCount, Blend = _auto?.Blend };

        private string? Describe()
        {
            var choice = _selection is null ? "" : Invariant($"beta by cross-validation of {options.CrossValidation.Candidates} values on {options.CrossValidation.Splits} {(options.CrossValidation.Stratified ? "stratified " : "")}splits of {options.CrossValidation.ValidationFraction}");
            return options.Method switch
            {
                FitMethod.Auto => _auto!.Selection.Chosen,
                FitMethod.LeastSquares => Invariant($"ridge {options.Ridge}"),
                FitMethod.BetaProcrustes when _selection is not null => choice,
                FitMethod.Lfa => _selection is null ? options.Refinement.ToString() : $"{options.Refinement}, {choice}",
                _ => null,
            };
        }

        private ClassifierProvenance Provenance() => new()
        {
            Method = FitMethodNames.Of(options.Method),
            Beta = _beta,
            Iterations = _refinement?.Losses.Count,
            Seed = options.Seed,
            Encoder = options.Encoder,
            EncoderFingerprint = options.EncoderFingerprint,
            Options = Describe(),
            LibraryVersion = LibraryVersion.Current,
        };
    }
}
