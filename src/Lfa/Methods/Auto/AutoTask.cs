using Lfa.Alignment;
using Lfa.Data;

namespace Lfa.Methods;

/// <summary>What the automatic choice works on.</summary>
internal sealed class AutoTask
{
    /// <summary>Prepares a task.</summary>
    /// <param name="images">The images with their labels, which may be of few of the classes where transport gave them.</param>
    /// <param name="context">The seed, the threads, the progress and the cancellation.</param>
    /// <param name="isQuick">Whether half of the images teach nearly as much, since labels cost nothing, and new classes are left to zero-shot classification. Default: false.</param>
    /// <param name="fitMaps">Fits the maps of a projection to a part of the task. Default: there is none.</param>
    /// <param name="origin">What the features say without a transform. Default: "zero-shot".</param>
    public AutoTask(FeatureSet images, FitContext context, bool isQuick = false, Func<FeatureSet, SideMaps>? fitMaps = null, string origin = FitStages.ZeroShot)
    {
        (Images, IsQuick, FitMaps, Origin) = (images, isQuick, fitMaps, origin);
        Threads = Numerics.Threads.Resolve(context.MaxDegreeOfParallelism);
        Context = context with { MaxDegreeOfParallelism = Threads };
        Aligned = fitMaps?.Invoke(images).ApplyLinearly(images, Threads) ?? images;
        Temperature = images.Temperature;
    }

    /// <summary>Gets the images as they are.</summary>
    public FeatureSet Images { get; }

    /// <summary>Gets both sides in one space, the images not scaled to unit length where a projection maps them.</summary>
    public FeatureSet Aligned { get; }

    /// <summary>Gets what fits the maps of a projection; null where there is none.</summary>
    public Func<FeatureSet, SideMaps>? FitMaps { get; }

    /// <summary>Gets whether there is a projection between two spaces.</summary>
    public bool IsProjected => FitMaps is not null;

    /// <summary>Gets whether labels cost nothing.</summary>
    public bool IsQuick { get; }

    /// <summary>Gets what the features say without a transform.</summary>
    public string Origin { get; }

    /// <summary>Gets the context of the fit.</summary>
    public FitContext Context { get; }

    /// <summary>Gets the number of threads.</summary>
    public int Threads { get; }

    /// <summary>Gets the temperature of the encoder.</summary>
    public double Temperature { get; }

    /// <summary>Makes what experts are fitted to, of all images or of a part of them.</summary>
    public ExpertTask ToExpertTask(FeatureSet aligned, FeatureSet images) => new(aligned, images, Context) { Temperature = Temperature };
}
