using Lfa.Data;

namespace Lfa.Methods;

/// <summary>How a classifier was fitted: what its file keeps to fit it again and, beside the sums over its images, to change it without them.</summary>
public sealed record FitRecord
{
    /// <summary>Gets the name of the method, such as "lfa". Default: unknown.</summary>
    public string? Method { get; init; }

    /// <summary>Gets the method with its options; null where the file tells none, or a method or a loss that is not registered here.</summary>
    public IMethod? Options { get; init; }

    /// <summary>Gets the seed. Default: unknown.</summary>
    public int? Seed { get; init; }

    /// <summary>Gets the number of images that the parts were fitted to that an update keeps as they are. Default: 0, unknown.</summary>
    public int Samples { get; init; }

    /// <summary>Gets the number of images without labels among those of the fit; 0 where all had one. A classifier with any cannot be updated.</summary>
    public int UnlabeledSamples { get; init; }

    /// <summary>Gets the values that were chosen or given, such as β. Default: none.</summary>
    public IReadOnlyList<ChosenValue> Chosen { get; init; } = [];

    /// <summary>Gets the experts of a blend with their weights, for a method that blends. Default: none.</summary>
    public IReadOnlyList<ExpertWeight> Blend { get; init; } = [];

    /// <summary>Gets the number of iterations of the refinement; null for methods without one. Default: null.</summary>
    public int? Iterations { get; init; }

    /// <summary>Gets for what the scorer stands in the place of that of the fit: "new classes", or null for the classes of the fit. Default: null.</summary>
    public string? Variant { get; init; }

    /// <summary>Gets the encoder of the images. Default: unknown.</summary>
    public EncoderIdentity? ImageEncoder { get; init; }

    /// <summary>Gets the encoder of the class names. Default: unknown.</summary>
    public EncoderIdentity? TextEncoder { get; init; }

    /// <summary>Gets the version of the library that fitted it. Default: unknown.</summary>
    public string? LibraryVersion { get; init; }

    /// <summary>Finds a chosen value.</summary>
    /// <param name="name">Its name, such as "beta".</param>
    /// <returns>The value; null where there is none.</returns>
    public double? Find(string name) => Chosen.FirstOrDefault(value => value.Name == name)?.Value;

    /// <summary>Makes the record of a fit that starts.</summary>
    internal static FitRecord Of(IMethod method, FitTask task, FitContext context) => new()
    {
        Method = method.Name,
        Options = method,
        Seed = context.Seed,
        Samples = (task.Labeled?.SampleCount ?? 0) + (task.Unlabeled?.SampleCount ?? 0),
        ImageEncoder = task.Any.ImageEncoder,
        TextEncoder = task.Any.TextEncoder,
        LibraryVersion = Lfa.LibraryVersion.Current,
    };
}

/// <summary>An expert of a blend.</summary>
/// <param name="Name">The name of the expert.</param>
/// <param name="Weight">Its weight: of transforms the part of W, of heads the factor from their scores to those of the blend.</param>
public sealed record ExpertWeight(string Name, double Weight);
