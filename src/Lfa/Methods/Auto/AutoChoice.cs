using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Validation;

namespace Lfa.Methods;

/// <summary>
/// Chooses everything from the examples alone: how much of which expert to add to zero-shot classification, the
/// iterations of the refinements, the temperature; and nothing, where nothing beats zero-shot beyond noise.
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>Each fold holds some images out (<see cref="SelectionFolds"/>); the experts (<see cref="ExpertRegistry"/>) are fitted to
/// the others and score those.</item>
/// <item><see cref="BlendChoice"/> finds the blend, judging a fold by weights and temperatures from the other folds.</item>
/// <item>The experts are fitted to all images and blended (<see cref="BlendedExperts"/>): a transform, and a head beside it.</item>
/// <item>What new classes get is decided by classes held out (<see cref="NewClassChoice"/>).</item>
/// <item><see cref="BlendCalibration"/> fits the temperature, and learns what sets and rejection need.</item>
/// </list>
/// Where only classes can be held out and a gap lies between images and class names, the first short step is taken unless the
/// held-out classes speak against it. Across a projection between two spaces, every fold fits its maps anew, and mapped features
/// stand for zero-shot classification; the head is of the images as they are.
/// </remarks>
internal sealed class AutoChoice
{
    private const int ClassRepeats = 2;
    // Bounds the memory of the held-out logits to 256 MB; with more classes, fewer images take part in the choice.
    private const long MostLogits = 1 << 26;
    // Bounds the time that new classes take: of more images on a side of their folds some are drawn.
    private const int MostNewClassImages = 1024;

    private readonly AutoTask _task;
    private readonly bool _holdsOutClasses;
    private readonly ExpertPool _pool;
    private readonly (Fold Fold, int Repeat)[] _folds;
    // The folds by which new classes are judged, where those above hold no classes out.
    private readonly ExpertPool _newClassPool;
    private readonly (Fold Fold, int Repeat)[] _newClassFolds = [];
    private int _done;

    /// <summary>Prepares to choose.</summary>
    public AutoChoice(AutoTask task)
    {
        _task = task;
        var (set, seed) = (task.Images, task.Context.Seed);
        var folds = SelectionFolds.Of(set, seed, task.IsQuick ? SelectionFolds.Fewest : SelectionFolds.Most);
        _holdsOutClasses = folds.HoldsOutClasses;
        // A head needs to know how the images of a class scatter.
        _pool = new ExpertPool(task.Origin, hasHeads: !_holdsOutClasses && folds.All.All(fold => 2 * (fold.Training.Length - set.ClassCount) >= set.ClassCount));
        _newClassPool = new ExpertPool(task.Origin, hasHeads: false);
        var all = folds.All.Select(fold => (fold, 0)).ToList();
        for (var repeat = 1; _holdsOutClasses && repeat < ClassRepeats; repeat++)
            all.AddRange(SelectionFolds.Of(set, unchecked(seed + (repeat * 1_000_003))).All.Select(fold => (fold, repeat)));
        _folds = [.. all];
        if (!_holdsOutClasses && !task.IsQuick && !task.IsProjected)
            _newClassFolds = [.. SelectionFolds.OfClasses(set, seed).All.Select(fold => (new Fold(DrawSome(fold.Training), DrawSome(fold.Held)), 0))];
    }

    private FittedExpert[] Experts => field ??= _pool.Fit(_task.ToExpertTask(_task.Aligned, _task.Images));

    /// <summary>Chooses, and fits what is chosen to all images.</summary>
    public AutoOutcome Run()
    {
        var outcome = _folds.Length < 2 ? KeepOrigin(AutoSelection.Nothing(_pool.Names[ExpertPool.Origin])) : Choose();
        Report(1);
        return _task.IsProjected ? outcome with { Selection = outcome.Selection with { NewClasses = NewClassSelection.AcrossSpaces } } : outcome;
    }

    private AutoOutcome Choose()
    {
        var folds = ScoreFolds(_pool, _folds, _holdsOutClasses);
        var evidence = !_holdsOutClasses ? HeldOutEvidence.OfImages : !_task.IsProjected && ModalityGap.IsPresent(_task.Aligned) ? HeldOutEvidence.OfClassesWithGap : HeldOutEvidence.OfClasses;
        var blend = BlendChoice.Of(_pool, folds, evidence, _task);
        var selection = blend.Step.Describe(Score(folds.All, blend.Weights), _pool.Names[ExpertPool.Origin]);
        var outcome = selection.Adapts || _task.IsProjected ? Adapt(folds, blend, selection) : KeepOrigin(selection);
        return _task.IsProjected ? outcome
            : _task.IsQuick || (!_holdsOutClasses && _newClassFolds.Length < 2) ? LeaveNewClasses(outcome)
            : ChooseForNewClasses(outcome, _holdsOutClasses ? folds : ScoreFolds(_newClassPool, _newClassFolds, holdsOutClasses: true), blend.Weights);
    }

    /// <summary>Fits the experts to all images and blends them.</summary>
    private AutoOutcome Adapt(ScoredFolds folds, BlendChoice choice, AutoSelection selection)
    {
        var blend = BlendedExperts.Of(Experts, choice.Weights, _task);
        var outcome = new AutoOutcome(blend.Transform, blend.Residual, blend.Temperature, selection, blend.Weights, null);
        if (!_holdsOutClasses)
            return outcome with { Calibration = BlendCalibration.Of(folds.All, [.. choice.CrossWeights.Select(fold => fold.Select(weight => weight * blend.Temperature).ToArray())], heldOutClasses: false, _task) };
        var scale = JudgedFold.BestScale(folds.All, choice.Weights);
        if (_task.IsProjected)
            return outcome with { Temperature = blend.Temperature / scale };
        // How sharp probabilities among all classes may be, only zero-shot tells; how much sharper those of the blend, the held-out classes.
        var ofZeroShot = BlendCalibration.OfZeroShot(_task, MostImages(_task.Aligned.ClassCount, 1), heldOutClasses: true);
        var temperature = blend.Temperature * (ofZeroShot.Temperature * folds.AllZeroShot[ExpertPool.Origin] / (_task.Temperature * scale));
        return outcome with { Temperature = temperature, Calibration = ofZeroShot.AtTemperature(temperature) };
    }

    /// <summary>Leaves zero-shot classification as it is, but for its temperature.</summary>
    private AutoOutcome KeepOrigin(AutoSelection selection)
    {
        // Maps that are fitted to the images tell nothing of others.
        var calibration = _task.IsProjected ? null : BlendCalibration.OfZeroShot(_task, MostImages(_task.Aligned.ClassCount, 1), heldOutClasses: false);
        return new AutoOutcome(Transform.Identity(_task.Aligned.Dimension), null, calibration?.Temperature ?? _task.Temperature, selection, [new ExpertWeight(FitStages.ZeroShot, 1)], calibration);
    }

    /// <summary>Leaves new classes to zero-shot classification where nothing tells what helps them.</summary>
    private AutoOutcome LeaveNewClasses(AutoOutcome outcome) => outcome with
    {
        Selection = outcome.Selection with { NewClasses = _task.IsQuick ? NewClassSelection.NotTried : NewClassSelection.Nothing },
        NewClasses = outcome.Selection.Adapts ? new NewClassScoring(Transform.Identity(_task.Aligned.Dimension), _task.Temperature) : null,
    };

    /// <summary>Adds how new classes are scored; zero-shot classification serves them as it is.</summary>
    private AutoOutcome ChooseForNewClasses(AutoOutcome outcome, ScoredFolds folds, double[] weights)
    {
        var choice = NewClassChoice.Of(folds, _newClassPool, outcome.Selection.Adapts ? TransformParts(weights) : null, _task.Aligned.Labels);
        var described = outcome with { Selection = outcome.Selection with { NewClasses = choice.Selection } };
        if (!outcome.Selection.Adapts && choice.Selection.Step == 0)
            return described;
        FittedExpert[] transforms = [.. Experts.Where(expert => expert.Transform is not null)];
        var transform = choice.Selection.Step == 0 ? Transform.Identity(_task.Aligned.Dimension) : BlendedExperts.ToTransform(transforms, choice.Parts, _task.Aligned.Dimension);
        var temperature = _task.Temperature / (choice.InverseTemperature * BlendedExperts.MeanLength(transform, _task));
        // Where the names tell the held-out classes nothing, no temperature does.
        return described with { NewClasses = new NewClassScoring(transform, Temperatures.IsTemperature(temperature) ? temperature : outcome.Temperature) };
    }

    /// <summary>Returns the parts of the transforms in a blend, which add up to 1.</summary>
    private double[] TransformParts(double[] weights)
    {
        double[] transforms = [.. weights.Where((_, e) => _pool.AreTransforms[e])];
        return [.. transforms.Select(weight => weight / transforms.Sum())];
    }

    /// <summary>Fits and scores folds, as many side by side as there are threads.</summary>
    private ScoredFolds ScoreFolds(ExpertPool pool, (Fold Fold, int Repeat)[] folds, bool holdsOutClasses)
    {
        var classes = holdsOutClasses ? (_task.Aligned.ClassCount + 1) / 2 : _task.Aligned.ClassCount;
        var results = CrossFitting.Run(_task.Images, new SelectionFolds(holdsOutClasses, [.. folds.Select(fold => fold.Fold)]), _task.Context, fold => ScoreFold(pool, fold),
            // With threads to spare, one fold at a time uses all of them.
            sideBySide: _task.Threads > folds.Length ? 1 : _task.Threads, MostImages(classes, folds.Length), Report);
        return new ScoredFolds(results, [.. folds.Select(fold => fold.Repeat)], _task.Threads);
    }

    private HeldOutFold ScoreFold(ExpertPool pool, FoldTask fold)
    {
        var maps = _task.FitMaps?.Invoke(fold.Training);
        var training = maps?.ApplyLinearly(fold.Training, _task.Threads) ?? fold.Training;
        var held = maps?.ApplyLinearly(fold.Held, _task.Threads) ?? fold.Held;
        return HeldOutFold.Of(pool.Fit(_task.ToExpertTask(training, fold.Training)), held, fold.HeldRows, _task.Temperature, _task.Threads, fold.Held.ImageFeatures);
    }

    /// <summary>Describes every candidate: alone, and in the blend.</summary>
    private ExpertScore[] Score(HeldOutFold[] folds, double[] weights)
    {
        var spreads = Enumerable.Range(0, _pool.Count).Select(e => folds.Average(fold => fold.Spread(e))).ToArray();
        var total = weights.Zip(spreads, (weight, spread) => weight * spread).Sum();
        return [.. Enumerable.Range(0, _pool.Count).Select(e =>
        {
            _task.Context.CancellationToken.ThrowIfCancellationRequested();
            var start = new double[_pool.Count];
            start[e] = ScoredFolds.SoftStart(folds, e);
            var alone = LogitStacking.Fit(folds, [e], start, _task.Threads);
            (double Loss, bool IsRight)[] images = [.. folds.SelectMany(fold => JudgedFold.Judge(fold, alone))];
            var part = total > 0 ? weights[e] * spreads[e] / total : e == ExpertPool.Origin ? 1 : 0;
            return new ExpertScore(_pool.Names[e], part, (double)images.Count(image => image.IsRight) / images.Length, images.Average(image => image.Loss));
        })];
    }

    /// <summary>Counts the fits that are done: one a fold, and that to all images.</summary>
    private void Report(int done)
    {
        _done += done;
        var iterations = _pool.Iterations;
        _task.Context.Progress?.Report(new FitProgress(_done * iterations, (_folds.Length + _newClassFolds.Length + 1) * iterations));
    }

    private int MostImages(int classes, int folds) => (int)Math.Max(1, MostLogits / ((long)_pool.Count * classes * folds));

    private int[] DrawSome(int[] rows) => FoldTask.Draw(rows, MostNewClassImages, _task.Context.Seed);
}
