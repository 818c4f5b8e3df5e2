using Lfa.Alignment;
using Lfa.Data;

namespace Lfa.Methods;

/// <summary>What the automatic choice works on.</summary>
internal sealed class AutoTask
{
    /// <summary>Prepares a task.</summary>
    /// <param name="images">The images with their labels, which may be of few of the classes where transport gave them.</param>
    /// <param name="context">The seed, the threads, the progress and the cancellation.</param>
    /// <param name="isQuick">Whether two folds do, and new classes are left to zero-shot classification. Default: false.</param>
    /// <param name="fitMaps">Fits the maps of a projection to a part of the task. Default: there is none.</param>
    /// <param name="origin">What the features say without a transform. Default: "zero-shot".</param>
    /// <param name="hasPseudoLabels">Whether transport gave the labels. Default: false.</param>
    public AutoTask(FeatureSet images, FitContext context, bool isQuick = false, Func<FeatureSet, SideMaps>? fitMaps = null, string origin = FitStages.ZeroShot, bool hasPseudoLabels = false)
    {
        (Images, IsQuick, FitMaps, Origin, HasPseudoLabels) = (images, isQuick, fitMaps, origin, hasPseudoLabels);
        Threads = Numerics.Threads.Resolve(context.MaxDegreeOfParallelism);
        Context = context with { MaxDegreeOfParallelism = Threads };
        Aligned = Align(images, images).Training;
        Temperature = images.Temperature;
    }

    /// <summary>Gets the images as they are.</summary>
    public FeatureSet Images { get; }

    /// <summary>Gets both sides in one space, the images not scaled to unit length where a projection maps them, the prompts of each class weighed where there are several.</summary>
    public FeatureSet Aligned { get; }

    /// <summary>Gets what fits the maps of a projection; null where there is none.</summary>
    public Func<FeatureSet, SideMaps>? FitMaps { get; }

    /// <summary>Gets whether there is a projection between two spaces.</summary>
    public bool IsProjected => FitMaps is not null;

    /// <summary>Gets whether the images weigh several prompts of each class; labels by transport, which the prompts gave, cannot.</summary>
    public bool WeighsPrompts => Images.Prompts is not null && !IsProjected && !HasPseudoLabels;

    /// <summary>Gets both sides as no image had a part in them, where that is needed.</summary>
    public FeatureSet Unweighed => WeighsPrompts ? Images : Aligned;

    /// <summary>Gets whether two folds do.</summary>
    public bool IsQuick { get; }

    /// <summary>Gets whether transport gave the labels, from the names: they tell neither what prompts are worth nor what examples are expected to.</summary>
    public bool HasPseudoLabels { get; }

    /// <summary>Gets what the features say without a transform.</summary>
    public string Origin { get; }

    /// <summary>Gets the context of the fit.</summary>
    public FitContext Context { get; }

    /// <summary>Gets the number of threads.</summary>
    public int Threads { get; }

    /// <summary>Gets the temperature of the encoder.</summary>
    public double Temperature { get; }

    /// <summary>Brings images and classes together as far as those to fit to tell: by a projection, or by prompts that they weigh.</summary>
    /// <param name="training">The images to fit to.</param>
    /// <param name="held">Those to judge by; where they are of other classes, nobody weighs the prompts of these.</param>
    public (FeatureSet Training, FeatureSet Held) Align(FeatureSet training, FeatureSet held)
    {
        if (FitMaps?.Invoke(training) is { } maps)
            return (maps.ApplyLinearly(training, Threads), maps.ApplyLinearly(held, Threads));
        if (!WeighsPrompts)
            return (training, held);
        var prototypes = WeighedPrompts.Prototypes(training);
        return (training.Derive(training.Crops, prototypes, training.Labels), ReferenceEquals(held.Prompts, training.Prompts) ? held.Derive(held.Crops, prototypes, held.Labels) : held);
    }

    /// <summary>Makes what experts are fitted to, of all images or of a part of them.</summary>
    public ExpertTask ToExpertTask(FeatureSet aligned, FeatureSet images) => new(aligned, images, Context) { Temperature = Temperature };
}
