using Lfa.Data;
using Lfa.Encoders.Hub;
using Lfa.Encoders.Models;

namespace Lfa.Encoders.Sources;

/// <summary>Finds the folder of a model: by a name of its own, on the disk, or in a hub, from which it is pulled if need be.</summary>
/// <remarks>Instances are safe for use by several threads at once.</remarks>
public sealed class ModelLocator : IDisposable
{
    private readonly Lazy<ModelHub> _hub;
    private readonly bool _ownsHub;

    /// <summary>Initializes a locator.</summary>
    /// <param name="hub">The hub, which is not disposed. Default: that of the environment, once it is needed.</param>
    /// <param name="folders">Folders by the names that they are asked for by, which go ahead of all others. Default: none.</param>
    public ModelLocator(ModelHub? hub = null, IReadOnlyDictionary<string, string>? folders = null)
    {
        _ownsHub = hub is null;
        _hub = new Lazy<ModelHub>(() => hub ?? new ModelHub());
        Folders = folders ?? new Dictionary<string, string>();
    }

    /// <summary>Gets the folders that have names of their own.</summary>
    public IReadOnlyDictionary<string, string> Folders { get; }

    /// <summary>Opens the folder of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="progress">Progress of a download; null to disable.</param>
    /// <param name="cancellationToken">Stops the download; what is done is kept.</param>
    /// <returns>The folder; a folder on the disk is named by its full path, so that it is found from elsewhere.</returns>
    /// <exception cref="LfaDataException">There is no such model, or it cannot be used.</exception>
    /// <exception cref="IOException">The hub or the disk fails.</exception>
    public async Task<ModelFolder> OpenAsync(ModelReference model, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (Folders.TryGetValue(model.Name, out var named))
            return ModelFolder.Open(named, model.Variant, model.ToString());
        if (Directory.Exists(model.Name))
            return ModelFolder.Open(model.Name, model.Variant, (model with { Name = Path.GetFullPath(model.Name) }).ToString());
        if (File.Exists(model.Name))
            throw BadInput.At(model.Name, "this is a file; give the folder of the model.");
        if (!model.Name.Contains('/') && ModelCatalog.Find(model.Name) is null)
            throw BadInput.At(model.Name, $"there is no such folder, and models of hubs are named owner/name; ModelCatalog.All lists some{Others}.");
        var folder = _hub.Value.Find(model.Name, model.Variant)
            ?? await _hub.Value.PullAsync(model.Name, model.Variant, progress: progress, cancellationToken: cancellationToken).ConfigureAwait(false);
        return ModelFolder.Open(folder, model.Variant, model.ToString());
    }

    /// <summary>Opens the model whose features a fitted model takes.</summary>
    /// <param name="encoder">The encoder of the images that the fitted model was fitted to.</param>
    /// <param name="model">Where the model is. Default: where the encoder's name tells.</param>
    /// <param name="progress">Progress of a download; null to disable.</param>
    /// <param name="cancellationToken">Stops the download; what is done is kept.</param>
    /// <returns>The folder.</returns>
    /// <exception cref="LfaDataException">The model cannot be opened, or is another one than <paramref name="encoder"/>.</exception>
    public async Task<ModelFolder> OpenForAsync(EncoderIdentity encoder, ModelReference? model = null, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        var name = model ?? ModelReference.Parse(encoder.Name ?? throw new LfaDataException("the classifier does not tell which model embedded its images; give SourceLoaderOptions.Model.") { Subject = nameof(SourceLoaderOptions.Model) });
        ModelFolder folder;
        try
        {
            folder = await OpenAsync(name, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (model is null && e is (IOException or LfaDataException or UnauthorizedAccessException))
        {
            throw BadInput.Because($"the classifier was fitted with the model {name}, which cannot be opened from here ({e.Message.TrimEnd('.')}); say with SourceLoaderOptions.Model where it is.", e);
        }
        ThrowIfOther(encoder, folder, name.ToString());
        return folder;
    }

    /// <summary>Throws where a model is known to be another one than a fitted model was fitted with.</summary>
    internal static void ThrowIfOther(EncoderIdentity encoder, ModelFolder folder, string name)
    {
        if (encoder.Fingerprint is { } fingerprint && fingerprint != folder.VisionFingerprint)
            throw BadInput.Because($"the classifier was fitted to features of {encoder.Name}, and {name} is not the same model; give it with SourceLoaderOptions.Model.");
    }

    /// <summary>Closes the connections of its own hub.</summary>
    public void Dispose()
    {
        if (_ownsHub && _hub.IsValueCreated)
            _hub.Value.Dispose();
    }

    private string Others => Folders.Count == 0 ? "" : $", and {string.Join(", ", Folders.Keys)} can be had by name";
}
