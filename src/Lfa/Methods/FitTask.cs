using Lfa.Data;

namespace Lfa.Methods;

/// <summary>What a method learns from: images with labels, images without, or both, of the same classes.</summary>
/// <remarks>A <see cref="FeatureSet"/> stands for the task of its images, with labels or without.</remarks>
public sealed record FitTask
{
    /// <summary>Initializes a task.</summary>
    /// <param name="labeled">The labeled images, n × d, and the class prototypes. Default: none.</param>
    /// <param name="unlabeled">The images without labels, m × d, and the class prototypes; labels, if there are any, are not looked at. Default: none.</param>
    /// <exception cref="LfaDataException">There are neither, or the labeled images have no labels.</exception>
    public FitTask(FeatureSet? labeled = null, FeatureSet? unlabeled = null)
    {
        if (labeled is null && unlabeled is null)
            throw new LfaDataException("The task has no images; give images with labels, or without.");
        if (labeled is { IsLabeled: false })
            throw new LfaDataException("The images that shall have labels have none; give one for each of them, or leave these images to those without.") { Subject = nameof(labeled) };
        (Labeled, Unlabeled) = (labeled, unlabeled);
    }

    /// <summary>Gets the labeled images; null where there are none.</summary>
    public FeatureSet? Labeled { get; }

    /// <summary>Gets the images without labels; null where there are none.</summary>
    public FeatureSet? Unlabeled { get; }

    /// <summary>Gets the images that come first, for the classes and the encoders, which are the same for all.</summary>
    internal FeatureSet Any => Unlabeled ?? Labeled!;

    /// <summary>Makes the task of a set: of labeled images where it has labels, else of images without.</summary>
    /// <param name="set">The set.</param>
    public static FitTask FromFeatureSet(FeatureSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return set.IsLabeled ? new FitTask(set) : new FitTask(unlabeled: set);
    }

    /// <inheritdoc cref="FromFeatureSet"/>
    public static implicit operator FitTask(FeatureSet set) => FromFeatureSet(set);

    /// <summary>Returns the labeled images, which a method needs that learns from these alone.</summary>
    /// <param name="method">The method: what it needs is checked.</param>
    /// <exception cref="LfaDataException">There are no labels, a class has no example, or images and class names cannot be compared.</exception>
    public FeatureSet Require(IMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        if (method.Needs.HasFlag(MethodNeeds.Labels) && Labeled is null)
            throw new LfaDataException($"The images have no labels; method {method.Name} needs one for each image.");
        if (!method.Needs.HasFlag(MethodNeeds.ImagesToClassify) && !method.Needs.HasFlag(MethodNeeds.UnlabeledImages) && Unlabeled is not null && Labeled is not null)
            throw new LfaDataException($"There are images without labels, which method {method.Name} cannot learn from; leave them out, or take a method that can.");
        if (method.Needs.HasFlag(MethodNeeds.ImagesToClassify) && Unlabeled is null)
            throw new LfaDataException($"Method {method.Name} classifies images together; give the images to be classified as those without labels.");
        var set = Labeled ?? Any;
        if (method.Needs.HasFlag(MethodNeeds.Labels))
            set.ThrowIfNotTrainable();
        if (method.Needs.HasFlag(MethodNeeds.TextFeatures))
            set.ThrowIfTwoSpaces(method.Name);
        return set;
    }
}
