using Lfa.Alignment;
using Lfa.Classification;

namespace Lfa.Methods;

/// <summary>
/// Chooses everything from the examples alone: how much of which expert to add to zero-shot classification, the
/// iterations of the refinements, the temperature; and nothing, where nothing beats zero-shot beyond noise.
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>Each fold holds some images out (<see cref="ExpertFolds"/>); the experts (<see cref="ExpertRegistry"/>) are fitted to
/// the others and score those.</item>
/// <item><see cref="BlendChoice"/> finds the blend, judging a fold by weights and temperatures from the other folds.</item>
/// <item>The experts are fitted to all images and blended (<see cref="BlendedExperts"/>): a transform, and a head beside it.</item>
/// <item>What new classes get is decided by classes held out (<see cref="NewClassChoice"/>).</item>
/// <item><see cref="BlendCalibration"/> fits the temperature, and learns what sets and rejection need.</item>
/// </list>
/// Where only classes can be held out, <see cref="OneShotChoice"/> takes the place of the blend's. Across a projection between two spaces, every fold fits its maps anew, and mapped features
/// stand for zero-shot classification; the head is of the images as they are.
/// </remarks>
internal sealed class AutoChoice
{
    // The part of a head beside a projection between two spaces: the more, the better on training files.
    private const double HeadPart = 0.75;

    private readonly AutoTask _task;
    private readonly ExpertFolds _folds;
    private readonly bool _isOneShot;
    private readonly ExpertPool _pool;
    private readonly ExpertPool _newClassPool;

    /// <summary>Prepares to choose.</summary>
    public AutoChoice(AutoTask task)
    {
        (_task, _folds) = (task, new ExpertFolds(task));
        _isOneShot = _folds.HoldsOutClasses && !task.IsProjected;
        _pool = _isOneShot ? ExpertPool.OneShot(hasHeads: true)
            : _folds.HoldsOutClasses ? ExpertPool.OneShotHeads(task.Origin)
            : ExpertPool.Stacked(task.Origin, hasHeads: true, _folds.HasScatter);
        _newClassPool = _isOneShot ? ExpertPool.OneShot(hasHeads: false) : ExpertPool.Stacked(task.Origin, hasHeads: false, hasScatter: false);
    }

    private FittedExpert[] Experts => field ??= _pool.Fit(_task.ToExpertTask(_task.Aligned, _task.Images));

    /// <summary>Chooses, and fits what is chosen to all images.</summary>
    public AutoOutcome Run()
    {
        var outcome = !_folds.AreEnough ? KeepOrigin(AutoSelection.Nothing(_pool.Names[ExpertPool.Origin]))
            : _folds.HoldsOutClasses && _task.IsProjected ? BlendAcrossSpaces()
            : _isOneShot ? ChooseOneShot()
            : Choose();
        _folds.Report(_pool, 1);
        return _task.IsProjected ? outcome with { Selection = outcome.Selection with { NewClasses = NewClassSelection.AcrossSpaces } }
            : _task.WeighsPrompts ? WeighedPrompts.AddTo(outcome, _task) : outcome;
    }

    private AutoOutcome Choose()
    {
        var folds = _folds.Score(_pool);
        var blend = BlendChoice.Of(_pool, folds, _task);
        var parts = Parts(blend.Weights, folds.All);
        var selection = blend.Step.Describe(Score(_pool, folds.All, parts), _pool.Names[ExpertPool.Origin]);
        if (selection.Reason is StepReason.Noise && !_task.IsProjected && !_task.HasPseudoLabels)
            (blend, selection) = Expect(folds, blend, selection);
        var outcome = selection.Adapts || _task.IsProjected || _task.WeighsPrompts ? Adapt(folds, blend.Weights, blend.CrossWeights, selection) : KeepOrigin(selection);
        return _task.IsProjected ? outcome
            : _task.IsQuick || !_folds.HaveNewClasses ? LeaveNewClasses(outcome)
            : ChooseForNewClasses(outcome, _folds.ScoreNewClasses(_newClassPool), blend.Weights);
    }

    /// <summary>Where held-out images are too few to tell, what is expected of examples counts beside them.</summary>
    private (BlendChoice Blend, AutoSelection Selection) Expect(ScoredFolds folds, BlendChoice blend, AutoSelection kept)
    {
        var direction = _pool.TransformPartsIn(UnfittedBlend.OneExample);
        var choice = ChooseStep(folds, direction, holdsOutClasses: false);
        if (choice.Step == 0)
            return (blend, kept);
        double[] Toward(double[] zeroShot) => StepChoice.Between(zeroShot, [.. direction.Select(part => part * zeroShot[ExpertPool.Origin])], choice.Step);
        var weights = Toward(folds.AllZeroShot);
        return (blend with { Weights = weights, CrossWeights = [.. folds.ZeroShot.Select(Toward)] }, choice.Describe(Score(_pool, folds.All, Parts(weights, folds.All))));
    }

    /// <summary>Chooses where most classes have one example.</summary>
    private AutoOutcome ChooseOneShot()
    {
        var folds = _folds.Score(_newClassPool);
        var choice = ChooseStep(folds, _newClassPool.TransformPartsIn(UnfittedBlend.OneExample), holdsOutClasses: true);
        var parts = StepChoice.Between(OriginAlone(), _pool.PartsIn(UnfittedBlend.OneExample), choice.Step);
        var selection = choice.Describe(Score(_newClassPool, folds.All, parts));
        var weights = choice.Step > 0 ? ToWeights(parts) : parts;
        var outcome = choice.Step > 0 ? AdaptOneShot(weights, selection) : KeepOrigin(selection);
        return _task.IsQuick ? LeaveNewClasses(outcome) : ChooseForNewClasses(outcome, folds, weights);
    }

    private OneShotChoice ChooseStep(ScoredFolds folds, IReadOnlyList<double> direction, bool holdsOutClasses)
    {
        var zeroShot = BlendCalibration.ScoreZeroShot(_task, ExpertFolds.MostImages(_pool, _task.Aligned.ClassCount));
        return OneShotChoice.Of(folds.All, direction, JudgedFold.BestLogLoss([zeroShot], [1]), _task.Aligned.ClassCount, ModalityGap.IsPresent(_task.Unweighed), holdsOutClasses);
    }

    /// <summary>Blends a head whose means the names of the other space predict with the projection, where no image can be held out of its class.</summary>
    private AutoOutcome BlendAcrossSpaces()
    {
        var parts = StepChoice.Between(OriginAlone(), _pool.PartsIn(UnfittedBlend.OneExample), HeadPart);
        var training = ScoreTraining();
        // The scores of a Gaussian are logits: the blend is as sure as it is.
        var head = Enumerable.Range(0, parts.Length).First(e => !_pool.AreTransforms[e] && parts[e] > 0);
        double[] weights = [.. parts.Select((part, e) => part * training.Spread(head) / training.Spread(e))];
        var selection = AutoSelection.Nothing(_pool.Names[ExpertPool.Origin]) with { Adapts = true, Step = HeadPart, Experts = Score(_pool, [], parts) };
        var blend = BlendedExperts.Of(Experts, weights, _task);
        return new AutoOutcome(blend.Transform, blend.Residual, blend.Temperature, selection, blend.Weights, null);
    }

    /// <summary>Fits the experts to all images and blends them.</summary>
    private AutoOutcome Adapt(ScoredFolds folds, double[] weights, double[][] crossWeights, AutoSelection selection)
    {
        var blend = BlendedExperts.Of(Experts, weights, _task);
        var calibration = BlendCalibration.Of(folds.All, [.. crossWeights.Select(fold => fold.Select(weight => weight * blend.Temperature).ToArray())], heldOutClasses: false, _task);
        calibration = calibration.AtTemperature(calibration.Temperature * Math.Sqrt(Growth(folds.All, weights)));
        return new AutoOutcome(blend.Transform, blend.Residual, blend.Temperature, selection, blend.Weights, calibration)
        {
            CrossFits = _task.IsQuick ? [.. folds.All.Zip(_folds.Held, (scored, held) => new CrossFit(held, BlendedExperts.ToHead(scored.Fitted!, weights, _task)))] : [],
        };
    }

    /// <summary>Computes how much further the logits of the blend lie apart than those of the folds: heads of more images say more.</summary>
    private double Growth(HeldOutFold[] folds, double[] weights) =>
        Parts(weights, folds).Select((part, e) => Experts[e].Head is { } head && part > 0 ? part * head.Size / folds.Average(fold => fold.HeadSizes[e]) : part).Sum();

    /// <summary>Blends by weights that no image was held out for: how sharp probabilities may be, zero-shot classification tells.</summary>
    private AutoOutcome AdaptOneShot(double[] weights, AutoSelection selection)
    {
        var blend = BlendedExperts.Of(Experts, weights, _task);
        var ofZeroShot = BlendCalibration.OfZeroShot(_task, ExpertFolds.MostImages(_pool, _task.Aligned.ClassCount), heldOutClasses: true);
        var temperature = blend.Temperature * ofZeroShot.Temperature / _task.Temperature;
        return new AutoOutcome(blend.Transform, blend.Residual, temperature, selection, blend.Weights, ofZeroShot.AtTemperature(temperature));
    }

    /// <summary>Turns parts of the spread of the logits into weights on them: heads come in units of their own.</summary>
    private double[] ToWeights(double[] parts)
    {
        var training = ScoreTraining();
        var transforms = Enumerable.Range(0, parts.Length).Where(e => _pool.AreTransforms[e]).ToArray();
        var spread = transforms.Sum(e => parts[e] * training.Spread(e)) / transforms.Sum(e => parts[e]);
        return [.. parts.Select((part, e) => _pool.AreTransforms[e] || part == 0 ? part : part * spread / training.Spread(e))];
    }

    private HeldOutFold ScoreTraining() =>
        HeldOutFold.Of(Experts, _task.Aligned, [.. Enumerable.Range(0, _task.Aligned.SampleCount)], _task.Temperature, _task.Threads, _task.Images.ImageFeatures);

    private double[] OriginAlone()
    {
        var parts = new double[_pool.Count];
        parts[ExpertPool.Origin] = 1;
        return parts;
    }

    /// <summary>Leaves zero-shot classification as it is, but for its temperature.</summary>
    private AutoOutcome KeepOrigin(AutoSelection selection)
    {
        // Maps that are fitted to the images tell nothing of others.
        var calibration = _task.IsProjected ? null : BlendCalibration.OfZeroShot(_task, ExpertFolds.MostImages(_pool, _task.Aligned.ClassCount), heldOutClasses: _task.WeighsPrompts);
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

    /// <summary>Returns the part of each candidate in the spread of the blended logits.</summary>
    private static double[] Parts(double[] weights, HeldOutFold[] folds)
    {
        double[] spreads = [.. weights.Select((weight, e) => weight * folds.Average(fold => fold.Spread(e)))];
        var total = spreads.Sum();
        return [.. spreads.Select((spread, e) => total > 0 ? spread / total : e == ExpertPool.Origin ? 1 : 0)];
    }

    /// <summary>Describes every candidate: alone, where the folds score it, and in the blend.</summary>
    private ExpertScore[] Score(ExpertPool scored, HeldOutFold[] folds, double[] parts) => [.. parts.Select((part, e) =>
    {
        _task.Context.CancellationToken.ThrowIfCancellationRequested();
        var place = scored.IndexOf(_pool.Names[e]);
        if (place < 0 || folds.Length == 0)
            return new ExpertScore(_pool.Names[e], part, null, null);
        var start = new double[scored.Count];
        start[place] = ScoredFolds.SoftStart(folds, place);
        var alone = LogitStacking.Fit(folds, [place], start, _task.Threads);
        (double Loss, bool IsRight)[] images = [.. folds.SelectMany(fold => JudgedFold.Judge(fold, alone))];
        return new ExpertScore(_pool.Names[e], part, (double)images.Count(image => image.IsRight) / images.Length, images.Average(image => image.Loss));
    })];
}
