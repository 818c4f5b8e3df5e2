using Lfa.Alignment;
using Lfa.Data;
using Lfa.Numerics;
using Lfa.Transport;
using Lfa.Validation;

namespace Lfa.Methods;

/// <summary>Images without labels, and perhaps some with; it becomes a labeled task anew whenever a better transform is at hand.</summary>
internal sealed class UnlabeledTask
{
    // What equal shares may cost, of what labels drawn by probabilities do: on even images they cost at most 0.08 in the last round, unless the temperature is far too low.
    private const double LargestCost = 0.1;
    // With fewer, half of them teach too little to label the others anew, and labels that cut clusters passed for good ones.
    private const int EnoughImages = 4;

    private readonly TransportOptions _options;
    private readonly ClassPrior _classPrior;
    private readonly FitContext _context;
    private readonly List<TransportRound> _rounds = [];
    private SinkhornOptions _transport;
    private PseudoLabels? _labels;
    private int[] _rows = []; // Which images took part last.
    private int _classesWithoutImages;
    private bool _isDoubted; // Whether the images speak against equal shares in the first round.
    private double _cost; // What equal shares cost in the last round.

    /// <summary>Prepares a task.</summary>
    /// <param name="task">The images.</param>
    /// <param name="options">How they get labels.</param>
    /// <param name="byDefault">The class prior where none is given.</param>
    /// <param name="context">The threads and the cancellation.</param>
    public UnlabeledTask(FitTask task, TransportOptions options, ClassPrior byDefault, FitContext context)
    {
        var images = task.Unlabeled ?? throw new LfaDataException("All images have labels; give some without.");
        (Images, _options, _context) = (images, options, context);
        if (!images.SharesSpace)
            throw new LfaDataException($"{images.DescribeSpaces()}; a projection between two spaces is fitted to labeled images. Give every image a label, or text features of the encoder of the images and no projection.");
        images.ThrowIfTooWide();
        images.ThrowIfConstant();
        _transport = options.ToSinkhorn(byDefault, images.Temperature);
        _classPrior = _transport.ClassPrior;
        _classPrior.ThrowIfNotOf(images.ClassCount);
        if (task.Labeled is not { } labeled)
            return;
        if (labeled.Crops.Count != images.Crops.Count)
            throw new LfaDataException(Invariant($"The labeled set holds {labeled.Crops.Count} crops an image and that without labels {images.Crops.Count}; both must hold the same number."));
        TestSetValidation.ThrowIfOther(labeled, "labeled", images.ClassNames, images.Dimension, "set without labels");
        Labeled = images.Derive(labeled.Crops, images.ClassPrototypes, labeled.Labels, images.ClassNames);
        Images = WithoutLabeled(images, Labeled);
    }

    /// <summary>Gets the images without labels, but those that are among the labeled ones.</summary>
    public FeatureSet Images { get; }

    /// <summary>Gets whether there are four images a class or more.</summary>
    public bool HasEnoughImages => Images.SampleCount >= EnoughImages * Images.ClassCount;

    /// <summary>Gets the images with labels that join them, with their class prototypes; null where there are none.</summary>
    public FeatureSet? Labeled { get; }

    /// <summary>Gets whether each class has a labeled image.</summary>
    public bool LabeledTellAllClasses => Labeled?.Labels.ToArray().Distinct().Count() == Images.ClassCount;

    /// <summary>Labels the images by transport.</summary>
    /// <param name="transform">The transform of the images so far; null where there is none.</param>
    /// <returns>The labeled images, then those without whose label is sure enough, their features as they were.</returns>
    public FeatureSet Label(Transform? transform = null) =>
        Label(transform?.Apply(Images.ImageFeatures, _context.MaxDegreeOfParallelism).NormalizeRows() ?? Images.ImageFeatures, Images.ClassPrototypes);

    /// <summary>Labels the images anew: transport moves each by what a classifier says that was fitted without it.</summary>
    /// <param name="fits">The classifiers, fitted to parts of what was labeled last.</param>
    /// <returns>As the other overload.</returns>
    public FeatureSet Label(IReadOnlyList<CrossFit> fits)
    {
        // An image that no fold holds out, such as the only one of its class, goes with the first.
        var (folds, first) = (new int[Images.SampleCount], Labeled?.SampleCount ?? 0);
        for (var fold = 1; fold < fits.Count; fold++)
        {
            foreach (var row in fits[fold].Held.Where(row => row >= first))
                folds[_rows[row - first]] = fold;
        }
        var scores = CrossScores.Of(Images, [.. fits.Select(fit => fit.Head)], folds, _context);
        return Label(scores.Images, scores.Classes);
    }

    /// <summary>Describes the rounds; warns where equal shares do not fit the images.</summary>
    public TransportReport Report()
    {
        var report = Describe();
        if (!report.EqualSharesFit)
            FitLog.DoubtsEqualShares(_context.Logger);
        return report;
    }

    private bool HasEqualShares => _classPrior is { IsEstimated: false, Values.IsEmpty: true };

    private TransportReport Describe() => new()
    {
        Images = Images.SampleCount,
        LabeledImages = Labeled?.SampleCount ?? 0,
        ClassPrior = _classPrior,
        Rounds = [.. _rounds],
        ClassesWithoutImages = _classesWithoutImages,
        EqualSharesFit = !(_isDoubted && _cost > LargestCost),
    };

    private FeatureSet Label(Matrix features, Matrix classes)
    {
        var (plan, labels) = Move(features, classes, _transport);
        if (_transport.ClassPrior.IsEstimated && plan.Uniformity < 1 && HasEnoughImages)
            (plan, labels) = Equalize(features, classes, plan, labels);
        if (HasEqualShares)
            Doubt(features, classes, plan, labels);
        var rows = labels.RowsFrom(_options.Confidence);
        var before = _labels ?? PseudoLabels.FromPlan(plan.WithoutPotentials(), features, _context.MaxDegreeOfParallelism);
        _rounds.Add(new TransportRound(plan.Iterations, plan.MarginalError, plan.Converged, plan.Uniformity, labels.Agreement(before), (double)rows.Length / Images.SampleCount));
        (_labels, _rows) = (labels, rows);
        int[] kept = [.. rows.Select(row => labels.Labels.Span[row])];
        _classesWithoutImages = Images.ClassCount - kept.Distinct().Count();
        return Join(rows, kept);
    }

    private (TransportPlan Plan, PseudoLabels Labels) Move(Matrix features, Matrix classes, SinkhornOptions options)
    {
        var plan = Sinkhorn.Solve(features, classes, options, _context.MaxDegreeOfParallelism, _context.CancellationToken);
        return (plan, PseudoLabels.FromPlan(plan, features, _context.MaxDegreeOfParallelism));
    }

    /// <summary>Takes equal shares, from now on, where their labels fit the clusters of the images better: scores that are far off make such labels seem too costly.</summary>
    private (TransportPlan Plan, PseudoLabels Labels) Equalize(Matrix features, Matrix classes, TransportPlan plan, PseudoLabels labels)
    {
        var uniform = _transport with { ClassPrior = ClassPrior.Uniform };
        var equal = Move(features, classes, uniform);
        if (!LabelDensity.IsHigher(Images.ImageFeatures, equal.Labels.Labels.Span, labels.Labels.Span, Images.ClassCount, _context))
            return (plan, labels);
        _transport = uniform;
        return equal;
    }

    /// <summary>Looks for what speaks against equal shares: at first that estimated ones fit the clusters of the images better, then that labels cost much even by better scores.</summary>
    private void Doubt(Matrix features, Matrix classes, TransportPlan plan, PseudoLabels labels)
    {
        if (_rounds.Count == 0)
        {
            var estimated = Move(features, classes, _transport with { ClassPrior = ClassPrior.Estimated }).Labels;
            _isDoubted = LabelDensity.IsHigher(Images.ImageFeatures, estimated.Labels.Span, labels.Labels.Span, Images.ClassCount, _context);
        }
        if (_isDoubted)
            _cost = ClassPriorEstimate.Cost(new ScoreBlocks(features, classes, Threads.Resolve(_context.MaxDegreeOfParallelism)), plan, Images.Temperature);
    }

    private static FeatureSet WithoutLabeled(FeatureSet images, FeatureSet labeled)
    {
        var first = RepeatedRows.FirstOf(Matrix.Stack([labeled.ImageFeatures, images.ImageFeatures]));
        int[] others = [.. Enumerable.Range(0, images.SampleCount).Where(row => first[labeled.SampleCount + row] >= labeled.SampleCount)];
        return others.Length == images.SampleCount ? images
            : others.Length > 0 ? images.SelectRows(others)
            : throw new LfaDataException(Invariant($"All {images.SampleCount} images without labels are among the labeled ones, too; give others."));
    }

    private FeatureSet Join(int[] rows, int[] labels)
    {
        if (rows.Length == 0 && Labeled is null)
            throw new LfaDataException(Invariant($"None of the {Images.SampleCount} images goes to a class by {_options.Confidence} or more; ask for less confidence."));
        if (Labeled is not null)
            labels = [.. Labeled.Labels.Span, .. labels];
        var crops = Images.Crops.Select((crop, i) => Stack(Labeled?.Crops[i], crop, rows)).ToArray();
        return Images.Derive(crops, Images.ClassPrototypes, labels, Images.ClassNames);
    }

    private static Matrix Stack(Matrix? labeled, Matrix images, int[] rows)
    {
        var chosen = rows.Length == images.Rows ? images : images.SelectRows(rows);
        return labeled is null ? chosen : Matrix.Stack([labeled, chosen]);
    }
}
