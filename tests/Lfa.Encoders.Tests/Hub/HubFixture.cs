using Lfa.Encoders.Hub;
using Lfa.Encoders.Tests.Http;

namespace Lfa.Encoders.Tests.Hub;

/// <summary>A hub on this machine, and an empty cache.</summary>
internal sealed class HubFixture : IDisposable
{
    public const string Repository = HubServer.Repository;

    // The clock of the tests ends no silence by itself, and one measured by another clock would be noticed.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();

    public HubFixture() => Options = new ModelHubOptions { Endpoint = Server.Endpoint, CacheFolder = _folder["hub"], Timeout = 10 * Patience };

    public HubServer Server { get; } = new();

    public ImmediateTime Time { get; } = new();

    public ModelHubOptions Options { get; set; }

    public string RepositoryFolder => Path.Combine(Options.CacheFolder, "models--Xenova--clip-vit-base-patch32");

    public string Snapshot => Path.Combine(RepositoryFolder, "snapshots", Server.Commit);

    public string Blob(string file) => Path.Combine(RepositoryFolder, "blobs", Server.Digest(file));

    public string Partial(string file) => Blob(file) + ".incomplete";

    public ModelHub CreateHub() => new(Options, time: Time);

    public async Task<string> PullAsync(string? variant = null, IProgress<DownloadProgress>? progress = null, string model = Repository, string revision = "main", CancellationToken cancellationToken = default)
    {
        using var hub = CreateHub();
        return await hub.PullAsync(model, variant, revision, progress, cancellationToken).WaitAsync(Patience, CancellationToken.None);
    }

    /// <summary>Pulls a model, which must fail.</summary>
    /// <returns>The line.</returns>
    public async Task<string> FailAsync(string? variant = null, string model = Repository, string revision = "main")
    {
        var message = (await Should.ThrowAsync<ModelHubException>(() => PullAsync(variant, model: model, revision: revision))).Message;
        message.ShouldNotContain('\n');
        return message;
    }

    /// <summary>Asserts that the snapshot holds these files of the repository, byte for byte, and no others.</summary>
    public void ShouldHold(params string[] files)
    {
        var found = Directory.EnumerateFiles(Snapshot, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Snapshot, path).Replace('\\', '/'));
        found.Order(StringComparer.Ordinal).ShouldBe(files.Order(StringComparer.Ordinal));
        foreach (var file in files)
            File.ReadAllBytes(Path.Combine(Snapshot, file)).SequenceEqual(Server.Files[file]).ShouldBeTrue(file);
        Directory.EnumerateFiles(Path.Combine(RepositoryFolder, "blobs"), "*.incomplete").ShouldBeEmpty();
    }

    /// <summary>Asserts that the whole default variant is there.</summary>
    public void ShouldHoldTheModel() => ShouldHold("config.json", "tokenizer.json", HubServer.Vision, HubServer.Text);

    public void Dispose()
    {
        Server.Dispose();
        _folder.Dispose();
    }
}
