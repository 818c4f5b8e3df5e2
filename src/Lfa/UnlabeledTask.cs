using Lfa.Alignment;
using Lfa.Data;
using Lfa.Transport;

namespace Lfa;

/// <summary>Images without labels, and perhaps some with; it becomes a labeled task anew whenever a better transform is at hand.</summary>
internal sealed class UnlabeledTask
{
    private readonly LfaOptions _options;
    private readonly SinkhornOptions _transport;
    private readonly CancellationToken _cancellationToken;
    private readonly List<TransportRound> _rounds = [];
    private PseudoLabels? _labels;
    private int _classesWithoutImages;

    public UnlabeledTask(FeatureSet images, FeatureSet? labeled, LfaOptions options, CancellationToken cancellationToken)
    {
        (Images, _options, _cancellationToken) = (images, options, cancellationToken);
        if (options.Method is not (FitMethod.Auto or FitMethod.Lfa))
            throw new ArgumentException($"The method is {FitMethodNames.Of(options.Method)}; without labels it must be {FitMethodNames.Of(FitMethod.Auto)} or {FitMethodNames.Of(FitMethod.Lfa)}.", nameof(options));
        if (options.Bridge is not null || !images.SharesSpace)
            throw new ArgumentException($"{images.DescribeSpaces()}; a bridge between them is fitted to labeled images. Give every image a label, or text features of the encoder of the images and no bridge.", nameof(options));
        images.ThrowIfTooWide();
        images.ThrowIfConstant();
        _transport = options.Unsupervised.Transport(options.Method, options.Temperature);
        _transport.Shares.ThrowIfNotOf(images.ClassCount);
        if (labeled is null)
            return;
        ThrowIfNotJoinedBy(labeled);
        Labeled = images.Derive(labeled.Crops, images.ClassPrototypes, labeled.Labels, images.ClassNames);
    }

    /// <summary>Gets the images without labels.</summary>
    public FeatureSet Images { get; }

    /// <summary>Gets the images with labels that join them, with their class prototypes; null where there are none.</summary>
    public FeatureSet? Labeled { get; }

    /// <summary>Gets what a fit to the images is called.</summary>
    public string Kind => Labeled is null ? "unsupervised" : "semi-supervised";

    /// <summary>Labels the images by transport.</summary>
    /// <param name="transform">The transform of the images so far; null where there is none.</param>
    /// <returns>The labeled images, then those without whose label is sure enough, their features as they were.</returns>
    public FeatureSet Label(Transform? transform = null)
    {
        var features = transform?.Apply(Images.ImageFeatures, _options.Threads).NormalizeRows() ?? Images.ImageFeatures;
        var plan = Sinkhorn.Solve(features, Images.ClassPrototypes, _transport, _options.Threads, _cancellationToken);
        var labels = PseudoLabels.Of(plan, features, _options.Threads);
        var rows = labels.RowsFrom(_options.Unsupervised.Confidence);
        var before = _labels ?? PseudoLabels.Of(plan.WithoutPotentials(), features, _options.Threads);
        _rounds.Add(new TransportRound(plan.Iterations, plan.MarginalError, plan.Converged, plan.Uniformity, labels.Agreement(before), (double)rows.Length / Images.SampleCount));
        _labels = labels;
        int[] kept = [.. rows.Select(row => labels.Labels.Span[row])];
        _classesWithoutImages = Images.ClassCount - kept.Distinct().Count();
        return Join(rows, kept);
    }

    /// <summary>Describes the rounds.</summary>
    public UnsupervisedSelection Describe() => new()
    {
        Images = Images.SampleCount,
        LabeledImages = Labeled?.SampleCount ?? 0,
        Shares = _transport.Shares.ToString(),
        Rounds = [.. _rounds],
        ClassesWithoutImages = _classesWithoutImages,
    };

    /// <summary>Returns how the images took part, in words, the same on every machine, as model files keep them.</summary>
    public override string ToString() => Invariant($"{_transport.Shares} shares, epsilon {_transport.Epsilon}")
        + (_options.Unsupervised.Confidence > 0 ? Invariant($", confidence {_options.Unsupervised.Confidence}") : "")
        + (_options.Method is FitMethod.Lfa ? Invariant($", {_options.Unsupervised.Rounds} rounds") : "");

    private FeatureSet Join(int[] rows, int[] labels)
    {
        if (rows.Length == 0 && Labeled is null)
            throw new ArgumentException(Invariant($"None of the {Images.SampleCount} images goes to a class by {_options.Unsupervised.Confidence} or more; ask for less confidence."));
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

    private void ThrowIfNotJoinedBy(FeatureSet labeled)
    {
        if (!labeled.IsLabeled)
            throw new ArgumentException("The images that shall have labels have none; give one for each of them, or leave these images to those without.", nameof(labeled));
        if (labeled.Crops.Count != Images.Crops.Count)
            throw new ArgumentException(Invariant($"The labeled set holds {labeled.Crops.Count} crops an image and that without labels {Images.Crops.Count}; both must hold the same number."), nameof(labeled));
        TestSetValidation.ThrowIfOther(labeled, "labeled", Images.ClassNames, Images.Dimension, "set without labels");
    }
}
