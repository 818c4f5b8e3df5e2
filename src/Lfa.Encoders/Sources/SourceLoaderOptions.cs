using Lfa.Data;
using Lfa.Encoders.Hub;
using Lfa.IO;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lfa.Encoders.Sources;

/// <summary>How sources are read: which model embeds images, how, and where text features come from.</summary>
public sealed record SourceLoaderOptions
{
    /// <summary>Gets the model that embeds images. Default: that of <see cref="FittedEncoder"/>.</summary>
    public ModelReference? Model { get; init; }

    /// <summary>Gets the encoder of the images that a fitted model was fitted to: it names the model where <see cref="Model"/> is null, and features of another are refused. Default: null, any.</summary>
    public EncoderIdentity? FittedEncoder { get; init; }

    /// <summary>Gets what finds models, which is not disposed. Default: folders, and the hub of the environment.</summary>
    public ModelLocator? Models { get; init; }

    /// <summary>Gets the folder of the datasets that are asked for by name. Default: null, the environment variable <c>LFA_DATA</c>.</summary>
    public string? DatasetRoot { get; init; }

    /// <summary>Gets how feature files are read. Default: rows of unit length, frames averaged.</summary>
    public FeatureFileOptions FeatureFiles { get; init => field = value ?? throw new ArgumentNullException(nameof(FeatureFiles)); } = new();

    /// <summary>Gets how images are embedded. Default: the center crop, "a photo of a {}.", with the cache.</summary>
    public DatasetEncoderOptions Encoding { get; init => field = value ?? throw new ArgumentNullException(nameof(Encoding)); } = new();

    /// <summary>Gets what gives the text features of class names, which is not disposed. Default: null, the model or the feature file.</summary>
    public TextFeatureSource? TextFeatures { get; init; }

    /// <summary>Gets the progress sink of the embedding; null to disable. Default: null.</summary>
    public IProgress<EncodingProgress>? Progress { get; init; }

    /// <summary>Gets the progress sink of the download of a model; null to disable. Default: null.</summary>
    public IProgress<DownloadProgress>? DownloadProgress { get; init; }

    /// <summary>Gets the logger, which takes what is passed over. Default: none.</summary>
    public ILogger Logger { get; init => field = value ?? throw new ArgumentNullException(nameof(Logger)); } = NullLogger.Instance;
}
