using Lfa.Encoders.Http;
using Lfa.Encoders.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lfa.Encoders.Hub;

/// <summary>Downloads models from a hub into its cache, and finds those that are there.</summary>
/// <remarks>
/// Instances are safe for use by several threads at once, and so is the cache by several processes: every file is downloaded
/// once. Whatever ends a pull, the parts that it got are taken up by the next one, and a snapshot shows files only when all
/// that were asked for are whole.
/// </remarks>
public sealed class ModelHub : IDisposable
{
    private readonly ModelHubOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Connection _connection;

    /// <summary>Initializes a hub.</summary>
    /// <param name="options">Where the hub and its cache are. Default: those of the environment.</param>
    /// <param name="client">Sends the requests, and is not disposed; it should follow no redirect by itself and have no timeout. Default: one of its own.</param>
    /// <param name="time">Waits between tries, and measures silence. Default: the system's clock.</param>
    /// <param name="logger">Takes what is pulled, and what is tried again. Default: none.</param>
    public ModelHub(ModelHubOptions? options = null, HttpClient? client = null, TimeProvider? time = null, ILogger<ModelHub>? logger = null)
    {
        _options = options ?? ModelHubOptions.FromEnvironment();
        (_time, _logger) = (time ?? TimeProvider.System, logger ?? NullLogger<ModelHub>.Instance);
        _connection = new Connection(client, _options.Timeout);
    }

    /// <summary>Gets the options.</summary>
    public ModelHubOptions Options => _options;

    /// <summary>Downloads what a model needs and the cache does not have.</summary>
    /// <param name="model">The name of a known model, or of a repository ("owner/name") with ONNX towers.</param>
    /// <param name="variant">The suffix of the towers ("fp16", "quantized", …); null or "fp32" for those without one.</param>
    /// <param name="revision">A branch, a tag or a commit of the repository. Default: "main".</param>
    /// <param name="progress">Takes how far the pull is, on the threads that download.</param>
    /// <param name="cancellationToken">Ends the pull; what was downloaded is kept.</param>
    /// <returns>The path of the snapshot folder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> or <paramref name="revision"/> is null.</exception>
    /// <exception cref="ModelHubException">There is no such model, revision or variant; the environment holds an impossible token or endpoint; the hub refuses, fails or cannot be reached; a file arrives damaged; the cache cannot be written.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public async Task<string> PullAsync(string model, string? variant = null, string revision = "main", IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var cache = Cache(model, revision) ?? throw new ModelHubException($"'{model}' at revision '{revision}' is not the name of a model; names look like openai/clip-vit-base-patch32, see ModelCatalog.All.");
        if (_options.Offline)
            return Find(model, variant, revision) ?? throw new ModelHubException($"{model}: not in the cache {_options.CacheFolder}, and HF_HUB_OFFLINE forbids to download it; unset it and try again.");
        _options.ThrowIfUnusable();
        var client = new HubClient(_connection, _options, new HubFailures(model, revision, _options, _time), _time, _logger);
        var listing = await HubListing.ReadAsync(client, cache.Repository, revision, cancellationToken).ConfigureAwait(false);
        var files = ModelFiles.Choose(listing.Files, variant) ?? throw Absent(model, cache.Repository, variant, listing.Files);
        foreach (var file in files)
            HubListing.ThrowIfUnusable(client, file);
        var total = files.Sum(file => file.Size);
        var done = 0L;
        HttpLog.Pulling(_logger, model, listing.Commit, files.Count, total);
        foreach (var file in files)
        {
            var before = done;
            var address = client.Address($"{cache.Repository}/resolve/{listing.Commit}/{string.Join('/', file.Path.Split('/').Select(Uri.EscapeDataString))}");
            void Report(long bytes, bool isWaiting) => progress?.Report(new DownloadProgress(file.Path, before + bytes, total) { IsWaiting = isWaiting });
            await EnsureBlobAsync(client, cache, file, address, Report, cancellationToken).ConfigureAwait(false);
            done += file.Size;
            HttpLog.Whole(_logger, file.Path);
        }
        foreach (var file in files)
            await cache.PublishAsync(listing.Commit, file, _options.Verify, cancellationToken).ConfigureAwait(false);
        cache.WriteReference(revision, listing.Commit);
        return cache.SnapshotFolder(listing.Commit);
    }

    /// <summary>Finds a model in the cache, without the network.</summary>
    /// <param name="model">The name of a known model, or of a repository.</param>
    /// <param name="variant">The suffix of the towers; null or "fp32" for those without one.</param>
    /// <param name="revision">A branch, a tag or a commit. Default: "main".</param>
    /// <returns>The path of the snapshot folder, or null where it does not have both towers.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> or <paramref name="revision"/> is null.</exception>
    public string? Find(string model, string? variant = null, string revision = "main") =>
        Cache(model, revision)?.FindSnapshot(revision) is { } folder && ModelFiles.FindTowers(Paths(folder), variant) is not null ? folder : null;

    /// <summary>Returns the models in the cache that have both ONNX towers, by name.</summary>
    public IReadOnlyList<CachedModel> ListCached() =>
        [.. RepositoryCache.All(_options.CacheFolder).Select(Describe).OfType<CachedModel>()];

    /// <summary>Closes the connections of its own client.</summary>
    public void Dispose() => _connection.Dispose();

    /// <summary>Returns the cache of a model, or null where a name is impossible.</summary>
    private RepositoryCache? Cache(string model, string revision)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(revision);
        var repository = ModelCatalog.Find(model)?.Repository ?? model;
        return RepositoryName.IsValid(repository) && RepositoryName.IsRevision(revision) ? new RepositoryCache(_options.CacheFolder, repository) : null;
    }

    private async Task EnsureBlobAsync(HubClient client, RepositoryCache cache, HubFile file, Uri address, Action<long, bool> report, CancellationToken cancellationToken)
    {
        if (!_options.Verify && cache.HasBlob(file))
            return;
        using (await cache.LockAsync(file, () => report(0, true), cancellationToken).ConfigureAwait(false))
        {
            // Another pull may have finished it while this one waited.
            if (cache.HasBlob(file) && (!_options.Verify || await PartialFile.DigestAsync(cache.BlobPath(file), file, cancellationToken).ConfigureAwait(false) == file.Digest.Hex))
                return;
            await new BlobDownload(client, cache, file, address, bytes => report(bytes, false)).RunAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static ModelHubException Absent(string model, string repository, string? variant, IReadOnlyList<HubFile> files)
    {
        var variants = ModelFiles.Variants(files.Select(file => file.Path).ToHashSet());
        if (variants.Count > 0)
            return new ModelHubException(OneLine.Of($"{model}: {repository} has no variant '{variant ?? ModelFiles.Float32}'; it has {string.Join(", ", variants)}."));
        var other = ModelCatalog.Like(repository) is { } like ? $"{like.Repository} has them" : "ModelCatalog.All lists some that have";
        return new ModelHubException($"{model}: {repository} has no ONNX towers (onnx/vision_model.onnx and onnx/text_model.onnx); {other}.");
    }

    private static CachedModel? Describe(RepositoryCache cache)
    {
        if (cache.FindAnySnapshot() is not { } folder)
            return null;
        var paths = Paths(folder);
        var variants = ModelFiles.Variants(paths);
        return variants.Count == 0 ? null : new CachedModel(cache.Repository, folder, variants, paths.Sum(path => Size(Path.Combine(folder, path))));
    }

    /// <summary>Returns the files of a folder and of the folders in it, with slashes; links to nothing are left out.</summary>
    private static HashSet<string> Paths(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1, AttributesToSkip = FileAttributes.None })
            .Where(File.Exists)
            .Select(path => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/')),
    ];

    private static long Size(string path) => new FileInfo(File.ResolveLinkTarget(Path.GetFullPath(path), returnFinalTarget: true)?.FullName ?? path).Length;
}
