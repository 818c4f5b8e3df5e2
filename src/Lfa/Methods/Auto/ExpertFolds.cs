using Lfa.Validation;

namespace Lfa.Methods;

/// <summary>The folds of an automatic choice: what experts that are fitted to their training sides say of the images that they hold out.</summary>
internal sealed class ExpertFolds
{
    private const int ClassRepeats = 2;
    // Bounds the memory of the held-out logits to 256 MB; with more classes, fewer images take part in the choice.
    private const long MostLogits = 1 << 26;
    // With more images held out, weights and temperature hardly change.
    private const int EnoughImages = 1500;
    // Bounds the time that new classes take: of more images on a side of their folds some are drawn.
    private const int MostNewClassImages = 1024;

    private readonly AutoTask _task;
    private readonly (Fold Fold, int Repeat)[] _folds;
    // The folds by which new classes are judged, where the others hold no classes out.
    private readonly (Fold Fold, int Repeat)[] _newClassFolds = [];
    private int _done;

    /// <summary>Splits the images of a task.</summary>
    public ExpertFolds(AutoTask task)
    {
        _task = task;
        var (set, seed) = (task.Images, task.Context.Seed);
        var folds = SelectionFolds.Of(set, seed, task.IsQuick ? SelectionFolds.Fewest : SelectionFolds.Most);
        HoldsOutClasses = folds.HoldsOutClasses;
        HasScatter = folds.All.All(fold => 2 * (fold.Training.Length - set.ClassCount) >= set.ClassCount);
        var all = (HoldsOutClasses ? folds.All : Enough(folds.All)).Select(fold => (fold, 0)).ToList();
        for (var repeat = 1; HoldsOutClasses && repeat < ClassRepeats; repeat++)
            all.AddRange(SelectionFolds.Of(set, unchecked(seed + (repeat * 1_000_003))).All.Select(fold => (fold, repeat)));
        _folds = [.. all];
        if (!HoldsOutClasses && !task.IsQuick && !task.IsProjected)
            _newClassFolds = [.. SelectionFolds.OfClasses(set, seed).All.Select(fold => (new Fold(DrawSome(fold.Training), DrawSome(fold.Held)), 0))];
    }

    /// <summary>Gets whether whole classes are held out, since few have more than one example.</summary>
    public bool HoldsOutClasses { get; }

    /// <summary>Gets whether enough training images have others of their class, to tell how these scatter.</summary>
    public bool HasScatter { get; }

    /// <summary>Gets whether there are two folds, so that each can be judged by what the other chose.</summary>
    public bool AreEnough => _folds.Length >= SelectionFolds.Fewest;

    /// <summary>Gets whether classes are held out beside the images.</summary>
    public bool HaveNewClasses => _newClassFolds.Length >= SelectionFolds.Fewest;

    /// <summary>Gets the rows that each fold holds out.</summary>
    public IEnumerable<int[]> Held => _folds.Select(fold => fold.Fold.Held);

    /// <summary>Fits experts to the folds of the choice.</summary>
    public ScoredFolds Score(ExpertPool pool) => Score(pool, _folds, HoldsOutClasses);

    /// <summary>Fits experts to halves of the classes, beside folds that hold images out.</summary>
    public ScoredFolds ScoreNewClasses(ExpertPool pool) => Score(pool, _newClassFolds, holdsOutClasses: true);

    /// <summary>Returns how many images may be scored by a pool without taking too much memory.</summary>
    public static int MostImages(ExpertPool pool, int classes, int folds = 1) => (int)Math.Max(1, MostLogits / ((long)pool.Count * classes * folds));

    /// <summary>Counts fits that are done: one a fold, and that to all images.</summary>
    public void Report(ExpertPool pool, int done)
    {
        _done += done;
        _task.Context.Progress?.Report(new FitProgress(_done * pool.Iterations, (_folds.Length + _newClassFolds.Length + 1) * pool.Iterations));
    }

    /// <summary>Fits and scores, as many folds side by side as there are threads.</summary>
    private ScoredFolds Score(ExpertPool pool, (Fold Fold, int Repeat)[] folds, bool holdsOutClasses)
    {
        var classes = holdsOutClasses ? (_task.Aligned.ClassCount + 1) / 2 : _task.Aligned.ClassCount;
        var results = CrossFitting.Run(_task.Images, new SelectionFolds(holdsOutClasses, [.. folds.Select(fold => fold.Fold)]), _task.Context, fold => Score(pool, fold),
            // With threads to spare, one fold at a time uses all of them.
            sideBySide: _task.Threads > folds.Length ? 1 : _task.Threads, MostImages(pool, classes, folds.Length), done => Report(pool, done));
        return new ScoredFolds(results, [.. folds.Select(fold => fold.Repeat)], _task.Threads);
    }

    private HeldOutFold Score(ExpertPool pool, FoldTask fold)
    {
        var (training, held) = _task.Align(fold.Training, fold.Held);
        return HeldOutFold.Of(pool.Fit(_task.ToExpertTask(training, fold.Training)), held, fold.HeldRows, _task.Temperature, _task.Threads, fold.Held.ImageFeatures, keepsExperts: _task.IsQuick);
    }

    /// <summary>Leaves out folds beyond those that hold out enough images to choose and calibrate by.</summary>
    private static IReadOnlyList<Fold> Enough(IReadOnlyList<Fold> folds)
    {
        var count = 0;
        for (var images = 0; count < folds.Count && (images < EnoughImages || count < SelectionFolds.Fewest); count++)
            images += folds[count].Held.Length;
        return [.. folds.Take(count)];
    }

    private int[] DrawSome(int[] rows) => FoldTask.Draw(rows, MostNewClassImages, _task.Context.Seed);
}
