using System.Numerics.Tensors;
using Lfa.Alignment;
using Lfa.Bridging;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Numerics;
using Lfa.Refinement;

namespace Lfa.Selection;

/// <summary>
/// Chooses everything from the examples alone: how much of which way to score to add to zero-shot classification, the
/// iterations of the refinements, the temperature; and nothing, where nothing beats zero-shot beyond noise.
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>Each fold holds some images out (<see cref="SelectionFolds"/>); the experts (<see cref="ExpertPool"/>) are fitted to
/// the others and score those.</item>
/// <item>The blend of least held-out log-loss is found (<see cref="LogitStacking"/>).</item>
/// <item>The guard decides how far to go from zero-shot to the blend (<see cref="StepChoice"/>). It judges a fold by weights
/// and temperatures from the other folds.</item>
/// <item>The experts are fitted to all images and blended: a transform, and a head beside it.</item>
/// <item>What new classes get is decided by classes held out (<see cref="NewClassChoice"/>).</item>
/// </list>
/// Beside the fitted blend a fixed one is tried, whose gain has no noise of fitting: the better for few images. Where only
/// classes can be held out, there is no telling how classes with an example fare; then it is the only one; and where a gap lies
/// between images and class names the first short step to it is taken unless the held-out classes speak against it.
/// Across a bridge between two encoders, every fold fits the maps of the bridge anew, and mapped features stand for zero-shot
/// classification; the head is of the images as they are.
/// </remarks>
internal sealed class AutoSelector
{
    private const int ClassRepeats = 2;
    // Bounds the memory of the held-out logits to 256 MB; with more classes, fewer images take part in the choice.
    private const long MostLogits = 1 << 26;
    // Bounds the time that new classes take: of more images on a side of their folds some are drawn.
    private const int MostNewClassImages = 1024;
    // Keeps a part of zero-shot in every blend, so that there is a transform to scale.
    private const double LeastZeroShot = 1e-3;

    private readonly FeatureSet _unmapped;
    private readonly FeatureSet _task;
    private readonly Func<FeatureSet, SideMaps>? _fitMaps;
    private readonly bool _isQuick;
    private readonly LfaOptions _options;
    private readonly int _threads;
    private readonly IProgress<RefinementProgress>? _progress;
    private readonly CancellationToken _cancellationToken;
    private readonly bool _holdsOutClasses;
    private readonly ExpertPool _pool;
    private readonly (Fold Fold, int Repeat)[] _folds;
    // The folds by which new classes are judged, where those above hold no classes out.
    private readonly ExpertPool _newClassPool;
    private readonly (Fold Fold, int Repeat)[] _newClassFolds = [];
    private int _done;

    /// <summary>Prepares to choose.</summary>
    /// <param name="task">The images with their labels, which may be of few of the classes where they were told by transport.</param>
    /// <param name="options">The seed, the threads, and the temperature of the encoder.</param>
    /// <param name="progress">Told after each fit to a fold.</param>
    /// <param name="cancellationToken">Checked before each fold and each iteration.</param>
    /// <param name="isQuick">Whether half of the images teach nearly as much, since labels cost nothing, and new classes are left to zero-shot classification. Default: false.</param>
    /// <param name="fitMaps">Fits the maps of a bridge to a part of the task. Default: there is none.</param>
    /// <param name="origin">What the features say without a transform.</param>
    public AutoSelector(FeatureSet task, LfaOptions options, IProgress<RefinementProgress>? progress, CancellationToken cancellationToken, bool isQuick = false,
        Func<FeatureSet, SideMaps>? fitMaps = null, string origin = AutoSelection.ZeroShot)
    {
        (_unmapped, _fitMaps, _isQuick) = (task, fitMaps, isQuick);
        _task = fitMaps?.Invoke(task).ApplyLinearly(task, options.Threads) ?? task;
        (_options, _threads, _progress, _cancellationToken) = (options, Threads.Resolve(options.Threads), progress, cancellationToken);
        var folds = SelectionFolds.Of(task, options.Seed, isQuick ? SelectionFolds.Fewest : SelectionFolds.Most);
        _holdsOutClasses = folds.HoldsOutClasses;
        _pool = new ExpertPool(options, origin, hasScatter: !_holdsOutClasses && folds.All.All(fold => 2 * (fold.Training.Length - task.ClassCount) >= task.ClassCount));
        _newClassPool = new ExpertPool(options, origin, hasScatter: false);
        var all = folds.All.Select(fold => (fold, 0)).ToList();
        for (var repeat = 1; _holdsOutClasses && repeat < ClassRepeats; repeat++)
            all.AddRange(SelectionFolds.Of(task, unchecked(options.Seed + (repeat * 1_000_003))).All.Select(fold => (fold, repeat)));
        _folds = [.. all];
        if (!_holdsOutClasses && !isQuick && fitMaps is null)
            _newClassFolds = [.. SelectionFolds.OfClasses(task, options.Seed).All.Select(fold => (new Fold(Draw(fold.Training), Draw(fold.Held)), 0))];
    }

    private int[] Draw(int[] rows) => FoldTask.Draw(rows, MostNewClassImages, _options.Seed);

    private Expert[] Experts => field ??= _pool.Fit(_task, _unmapped, _threads, _cancellationToken);

    /// <summary>Chooses, and fits what is chosen to all images.</summary>
    public AutoFit Run()
    {
        var fit = _folds.Length < 2 ? ZeroShot(AutoSelection.Nothing("there are too few examples or classes to hold any out", _pool.Names[ExpertPool.ZeroShot])) : Choose();
        Report(1);
        return _fitMaps is null ? fit : fit with { Selection = fit.Selection with { NewClasses = NewClassSelection.AcrossBridge } };
    }

    private AutoFit Choose()
    {
        var folds = ScoreFolds(_pool, _folds, _holdsOutClasses);
        var evidence = !_holdsOutClasses ? HeldOutEvidence.OfImages : _fitMaps is null && ModalityGap.IsPresent(_task) ? HeldOutEvidence.OfClassesWithGap : HeldOutEvidence.OfClasses;
        Func<HeldOutFold[], double[], double[]>[] directions = _holdsOutClasses ? [FixedBlend] : [StackedBlend, FixedBlend];
        var (direction, blends, choice) = directions
            .Select(direction => (Direction: direction, Blends: folds.Others.Zip(folds.ZeroShot, direction).ToArray()))
            .Select(item => (item.Direction, item.Blends, Choice: StepChoice.Of(folds.All, folds.ZeroShot, item.Blends, evidence)))
            .MaxBy(item => (item.Choice.Step > 0, item.Choice.Gain));
        var weights = StepChoice.Between(folds.AllZeroShot, direction(folds.All, folds.AllZeroShot), choice.Step);
        var selection = choice.Describe(Score(folds.All, weights), _pool.Names[ExpertPool.ZeroShot]);
        var fit = choice.Step > 0 || _fitMaps is not null
            ? Adapt(folds, weights, [.. folds.ZeroShot.Zip(blends, (from, to) => StepChoice.Between(from, to, choice.Step))], selection)
            : ZeroShot(selection);
        return _fitMaps is not null ? fit
            : _isQuick || (!_holdsOutClasses && _newClassFolds.Length < 2) ? LeaveNewClasses(fit)
            : _holdsOutClasses ? ChooseForNewClasses(fit, folds, weights)
            : ChooseForNewClasses(fit, ScoreFolds(_newClassPool, _newClassFolds, holdsOutClasses: true), weights);
    }

    /// <summary>Leaves new classes to zero-shot classification where nothing tells what helps them.</summary>
    private AutoFit LeaveNewClasses(AutoFit fit) => fit with
    {
        Selection = fit.Selection with { NewClasses = _isQuick ? NewClassSelection.NotTried : NewClassSelection.Nothing },
        NewClasses = fit.Selection.Adapts ? new NewClassScoring(Transform.Identity(_task.Dimension), _options.Temperature) : null,
    };

    /// <summary>Adds how new classes are scored; zero-shot classification serves them as it is.</summary>
    private AutoFit ChooseForNewClasses(AutoFit fit, ScoredFolds folds, double[] weights)
    {
        var transforms = weights[.._newClassPool.Count];
        List<(string Name, double[] Parts)> blends = [("the fixed blend", [.. _newClassPool.FixedDirection])];
        if (fit.Selection.Adapts)
            blends.Add(("the transform of the trained classes", [.. transforms.Select(weight => weight / transforms.Sum())]));
        var choice = NewClassChoice.Of(folds, blends, _task.Labels);
        var described = fit with { Selection = fit.Selection with { NewClasses = choice.Selection } };
        if (!fit.Selection.Adapts && choice.Selection.Step == 0)
            return described;
        var transform = choice.Selection.Step == 0 ? Transform.Identity(_task.Dimension) : ToTransform(Experts, choice.Parts);
        var temperature = _options.Temperature / (choice.InverseTemperature * MeanLength(transform));
        // Where the names tell the held-out classes nothing, no temperature does.
        return described with { NewClasses = new NewClassScoring(transform, LfaClassifier.IsTemperature(temperature) ? temperature : fit.Temperature) };
    }

    private int MostImages(int classes, int folds) => (int)Math.Max(1, MostLogits / ((long)_pool.Count * classes * folds));

    /// <summary>The blend of least held-out log-loss.</summary>
    private double[] StackedBlend(HeldOutFold[] folds, double[] zeroShot)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        var weights = LogitStacking.Fit(folds, [.. Enumerable.Range(0, _pool.Count)], zeroShot, _threads);
        weights[ExpertPool.ZeroShot] = Math.Max(weights[ExpertPool.ZeroShot], LeastZeroShot * zeroShot[ExpertPool.ZeroShot]);
        return weights;
    }

    /// <summary>A blend that needs no fitting, at the temperature of zero-shot.</summary>
    private double[] FixedBlend(HeldOutFold[] folds, double[] zeroShot) =>
        [.. _pool.FixedDirection.Select(part => part * zeroShot[ExpertPool.ZeroShot])];

    /// <summary>Fits and scores folds, as many side by side as there are threads.</summary>
    private ScoredFolds ScoreFolds(ExpertPool pool, (Fold Fold, int Repeat)[] folds, bool holdsOutClasses)
    {
        var results = new HeldOutFold[folds.Length];
        // With threads to spare, one fold at a time uses all of them: alone in its loop it may.
        foreach (var group in Enumerable.Range(0, folds.Length).Chunk(_threads > folds.Length ? 1 : _threads))
        {
            ParallelLoop.For(group.Length, group.Length, this, (selector, i) => results[group[i]] = selector.ScoreFold(pool, folds[group[i]].Fold, holdsOutClasses, folds.Length));
            Report(group.Length);
        }
        return new ScoredFolds(results, [.. folds.Select(fold => fold.Repeat)], _threads);
    }

    /// <summary>Tells how many of the fits are done: one a fold, and that to all images.</summary>
    private void Report(int done)
    {
        _done += done;
        _progress?.Report(new RefinementProgress(_done * ExpertPool.Iterations, (_folds.Length + _newClassFolds.Length + 1) * ExpertPool.Iterations, 0));
    }

    private HeldOutFold ScoreFold(ExpertPool pool, Fold fold, bool holdsOutClasses, int folds)
    {
        var part = holdsOutClasses
            ? FoldTask.OfClasses(_unmapped, fold, MostImages((_task.ClassCount + 1) / 2, folds), _options.Seed)
            : FoldTask.OfImages(_unmapped, fold, MostImages(_task.ClassCount, folds), _options.Seed);
        if (_fitMaps?.Invoke(part.Training) is not { } maps)
            return HeldOutFold.Of(pool.Fit(part.Training, part.Training, _threads, _cancellationToken), part.Held, part.Images, _options.Temperature, _threads);
        var experts = pool.Fit(maps.ApplyLinearly(part.Training, _threads), part.Training, _threads, _cancellationToken);
        return HeldOutFold.Of(experts, maps.ApplyLinearly(part.Held, _threads), part.Images, _options.Temperature, _threads, part.Held.ImageFeatures);
    }

    /// <summary>Describes every expert: alone, and in the blend.</summary>
    private ExpertScore[] Score(HeldOutFold[] folds, double[] weights)
    {
        var spreads = Enumerable.Range(0, _pool.Count).Select(e => folds.Average(fold => fold.Spread(e))).ToArray();
        var total = weights.Zip(spreads, (weight, spread) => weight * spread).Sum();
        return [.. Enumerable.Range(0, _pool.Count).Select(e =>
        {
            _cancellationToken.ThrowIfCancellationRequested();
            var start = new double[_pool.Count];
            start[e] = ScoredFolds.SoftStart(folds, e);
            var alone = LogitStacking.Fit(folds, [e], start, _threads);
            (double Loss, bool IsRight)[] images = [.. folds.SelectMany(fold => JudgedFold.Judge(fold, alone))];
            return new ExpertScore(_pool.Names[e], total > 0 ? weights[e] * spreads[e] / total : e == ExpertPool.ZeroShot ? 1 : 0, 100.0 * images.Count(image => image.IsRight) / images.Length, images.Average(image => image.Loss));
        })];
    }

    /// <summary>Leaves zero-shot classification as it is, but for its temperature.</summary>
    private AutoFit ZeroShot(AutoSelection selection)
    {
        if (_fitMaps is not null) // Fitted to the images, which then tell nothing of others.
            return new AutoFit(Transform.Identity(_task.Dimension), null, _options.Temperature, selection, new BlendWeights(1, 0, 0, 0), null);
        var confidence = ZeroShotConfidence(heldOutClasses: false);
        return new AutoFit(Transform.Identity(_task.Dimension), null, confidence.Temperature, selection, new BlendWeights(1, 0, 0, 0), confidence);
    }

    /// <summary>What all images tell of zero-shot classification: it is fitted to none.</summary>
    private Confidence ZeroShotConfidence(bool heldOutClasses)
    {
        var rows = FoldTask.Draw([.. Enumerable.Range(0, _task.SampleCount)], MostImages(_task.ClassCount, 1), _options.Seed);
        var whole = HeldOutFold.Of([new Expert(Transform.Identity(_task.Dimension))], FoldTask.CenterCrop(_task, rows), rows, temperature: 1, _threads);
        return ToConfidence([whole], [[1]], heldOutClasses);
    }

    /// <summary>Fits the experts to all images and blends them.</summary>
    private AutoFit Adapt(ScoredFolds folds, double[] weights, double[][] crossWeights, AutoSelection selection)
    {
        var scale = TransformWeight(Experts, weights);
        var blended = ToTransform(Experts, weights);
        var head = weights[^1] > 0 ? Experts[^1].Head : null;
        var temperature = _options.Temperature / scale;
        var (zeroShot, procrustes) = (weights[ExpertPool.ZeroShot] / scale, weights[ExpertPool.Procrustes] / scale);
        var blend = new BlendWeights(zeroShot, procrustes, Math.Max(0, 1 - zeroShot - procrustes), head is null ? 0 : weights[^1] * temperature);
        var residual = head?.Times(blend.Gaussian);
        if (residual is null)
            temperature /= MeanLength(blended);
        if (_holdsOutClasses && _fitMaps is not null)
            return new AutoFit(blended, residual, temperature / JudgedFold.BestScale(folds.All, weights), selection, blend, null);
        if (_holdsOutClasses)
        {
            // How sharp probabilities among all classes may be, only zero-shot tells; how much sharper those of the blend, the held-out classes.
            var zeroShotConfidence = ZeroShotConfidence(heldOutClasses: true);
            temperature *= zeroShotConfidence.Temperature * folds.AllZeroShot[ExpertPool.ZeroShot] / (_options.Temperature * JudgedFold.BestScale(folds.All, weights));
            return new AutoFit(blended, residual, temperature, selection, blend, zeroShotConfidence.AtTemperature(temperature));
        }
        return new AutoFit(blended, residual, temperature, selection, blend, ToConfidence(folds.All, [.. crossWeights.Select(fold => fold.Select(weight => weight * temperature).ToArray())], heldOutClasses: false));
    }

    private static double TransformWeight(Expert[] experts, double[] weights) => experts.Zip(weights).Where(pair => pair.First.Transform is not null).Sum(pair => pair.Second);

    /// <summary>Blends the transforms among the experts, whose weights are scaled to add up to 1.</summary>
    private Transform ToTransform(Expert[] experts, double[] weights)
    {
        var (values, scale) = (new float[_task.Dimension * _task.Dimension], TransformWeight(experts, weights));
        foreach (var (expert, weight) in experts.Zip(weights))
        {
            if (expert.Transform is { } part)
                TensorPrimitives.MultiplyAdd(part.Matrix.Values.Span, (float)(weight / scale), values, values);
        }
        return new Transform(new Matrix(values, _task.Dimension, _task.Dimension));
    }

    /// <summary>Without a residual head the classifier scales x·W to unit length: its logits then are those of the blend on average.</summary>
    private double MeanLength(Transform transform)
    {
        var projected = transform.Apply(_task.ImageFeatures, _threads);
        return Enumerable.Range(0, projected.Rows).Average(i => (double)TensorPrimitives.Norm(projected.Row(i)));
    }

    /// <summary>What held-out images tell, each fold blended by weights from others.</summary>
    private Confidence ToConfidence(HeldOutFold[] folds, double[][] weights, bool heldOutClasses)
    {
        var classes = folds[0].Classes;
        var scores = new float[folds.Sum(fold => fold.Count) * classes];
        var row = 0;
        foreach (var (fold, foldWeights) in folds.Zip(weights))
        {
            for (var i = 0; i < fold.Count; i++)
                fold.Blend(i, foldWeights, scores.AsSpan(row++ * classes, classes));
        }
        return Confidence.FromHeldOut(new Matrix(scores, row, classes), folds.SelectMany(fold => fold.Labels).ToArray(), heldOutClasses, _options.Temperature);
    }
}
