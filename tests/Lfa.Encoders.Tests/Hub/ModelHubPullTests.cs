using Lfa.Encoders.Hub;

namespace Lfa.Encoders.Tests.Hub;

/// <summary>What a pull leaves in the cache, and what it asks the hub for.</summary>
public sealed class ModelHubPullTests : IDisposable
{
    private readonly HubFixture _hub = new();

    private HubServer Server => _hub.Server;

    public void Dispose() => _hub.Dispose();

    [Fact]
    public async Task Pull_EmptyCache_HoldsTheModelAsOtherToolsDo()
    {
        (await _hub.PullAsync()).ShouldBe(_hub.Snapshot);
        _hub.ShouldHoldTheModel();
        File.ReadAllText(Path.Combine(_hub.RepositoryFolder, "refs", "main")).ShouldBe(Server.Commit);
        File.ReadAllBytes(_hub.Blob(HubServer.Vision)).SequenceEqual(Server.Files[HubServer.Vision]).ShouldBeTrue();
        if (!OperatingSystem.IsWindows())
        {
            new FileInfo(Path.Combine(_hub.Snapshot, HubServer.Vision)).LinkTarget.ShouldBe($"../../../blobs/{Server.Digest(HubServer.Vision)}");
            new FileInfo(Path.Combine(_hub.Snapshot, "config.json")).LinkTarget.ShouldBe($"../../blobs/{Server.Digest("config.json")}");
        }
    }

    [Fact]
    public async Task Pull_KnownName_ComesFromTheRepositoryWithTheTowers()
    {
        (await _hub.PullAsync(model: HubServer.KnownName)).ShouldBe(_hub.Snapshot);
        using var hub = _hub.CreateHub();
        hub.Find(HubServer.KnownName).ShouldBe(_hub.Snapshot);
        hub.Find(HubServer.Repository).ShouldBe(_hub.Snapshot);
    }

    [Fact]
    public async Task Pull_Variant_BringsItsTowersAndTheirData()
    {
        await _hub.PullAsync("q4");
        _hub.ShouldHold("config.json", "tokenizer.json", "onnx/vision_model_q4.onnx", "onnx/text_model_q4.onnx", "onnx/vision_model_q4.onnx_data");
        using var hub = _hub.CreateHub();
        (hub.Find(HubServer.Repository), hub.Find(HubServer.Repository, "q4")).ShouldBe((null, _hub.Snapshot));
    }

    [Fact]
    public async Task Pull_FlatLayout_IsFound()
    {
        foreach (var name in new[] { "vision_model", "text_model" })
        {
            Server.Files.Remove($"onnx/{name}.onnx", out var content);
            Server.Files[$"{name}.onnx"] = content!;
        }
        await _hub.PullAsync();
        _hub.ShouldHold("config.json", "tokenizer.json", "vision_model.onnx", "text_model.onnx");
    }

    [Fact]
    public async Task Pull_SecondTime_DownloadsNothing()
    {
        await _hub.PullAsync();
        var before = Server.Requests.Count;
        await _hub.PullAsync();
        Server.Requests.Skip(before).ShouldAllBe(request => request.Path.StartsWith("/api/"));
    }

    [Fact]
    public async Task Pull_NewCommit_DownloadsWhatChanged()
    {
        await _hub.PullAsync();
        var old = _hub.Snapshot;
        Server.Commit = new string('d', 40);
        Server.Files["config.json"] = "{}"u8.ToArray();
        await _hub.PullAsync();
        _hub.ShouldHoldTheModel();
        Server.RequestsFor(HubServer.Vision).Count.ShouldBe(1);
        File.ReadAllText(Path.Combine(old, "config.json")).ShouldContain("clip");
        using var hub = _hub.CreateHub();
        hub.Find(HubServer.Repository, revision: new string('c', 40)).ShouldBe(old);
    }

    [Fact]
    public async Task Pull_ByCommit_WritesNoReference()
    {
        await _hub.PullAsync(revision: Server.Commit);
        _hub.ShouldHoldTheModel();
        Directory.Exists(Path.Combine(_hub.RepositoryFolder, "refs")).ShouldBeFalse();
    }

    [Fact]
    public async Task Pull_BlobOfWrongSize_IsDownloadedAgain()
    {
        await _hub.PullAsync();
        File.WriteAllBytes(_hub.Blob(HubServer.Vision), new byte[10]);
        await _hub.PullAsync();
        _hub.ShouldHoldTheModel();
    }

    [Fact]
    public async Task Pull_Verify_FindsAChangedByte()
    {
        await _hub.PullAsync();
        var damaged = Server.Files[HubServer.Vision].ToArray();
        damaged[1000] ^= 1;
        File.WriteAllBytes(_hub.Blob(HubServer.Vision), damaged);
        await _hub.PullAsync();
        Server.RequestsFor(HubServer.Vision).Count.ShouldBe(1); // the size is right
        _hub.Options = _hub.Options with { Verify = true };
        await _hub.PullAsync();
        _hub.ShouldHoldTheModel();
        (Server.RequestsFor(HubServer.Vision).Count, Server.RequestsFor(HubServer.Text).Count).ShouldBe((2, 1));
    }

    [Fact]
    public async Task Pull_Verify_FindsAChangedCopy()
    {
        await _hub.PullAsync();
        var copy = Path.Combine(_hub.Snapshot, HubServer.Vision);
        var damaged = Server.Files[HubServer.Vision].ToArray();
        damaged[1000] ^= 1;
        File.Delete(copy); // as on a system without links
        File.WriteAllBytes(copy, damaged);
        await _hub.PullAsync();
        File.ReadAllBytes(copy).SequenceEqual(damaged).ShouldBeTrue(); // the size is right
        _hub.Options = _hub.Options with { Verify = true };
        await _hub.PullAsync();
        _hub.ShouldHoldTheModel();
        Server.RequestsFor(HubServer.Vision).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("HF_ENDPOINT", "huggingface.co", "HF_ENDPOINT must be")]
    [InlineData("HF_TOKEN", "se\ncret", "the token in HF_TOKEN")]
    public async Task Pull_ImpossibleEnvironment_MattersForTheNetworkOnly(string name, string value, string problem)
    {
        await _hub.PullAsync();
        var before = Server.Requests.Count;
        var options = ModelHubOptions.FromEnvironment(asked => asked == name ? value : asked == "HF_HUB_CACHE" ? _hub.Options.CacheFolder : asked == "HF_ENDPOINT" ? Server.Endpoint.AbsoluteUri : null);
        using var hub = new ModelHub(options, time: _hub.Time);
        hub.Find(HubServer.Repository).ShouldBe(_hub.Snapshot);
        hub.ListCached().Count.ShouldBe(1);
        (await Should.ThrowAsync<ModelHubException>(() => hub.PullAsync(HubServer.Repository))).Message.ShouldStartWith(problem);
        Server.Requests.Count.ShouldBe(before);
        using var offline = new ModelHub(options with { Offline = true }, time: _hub.Time);
        (await offline.PullAsync(HubServer.Repository)).ShouldBe(_hub.Snapshot);
    }

    [Fact]
    public async Task Pull_Progress_EndsWithAllBytes()
    {
        var reports = new List<DownloadProgress>();
        await _hub.PullAsync(progress: new Immediate(reports));
        var total = new[] { "config.json", "tokenizer.json", HubServer.Vision, HubServer.Text }.Sum(file => Server.Files[file].LongLength);
        reports.ShouldAllBe(report => report.TotalBytes == total);
        reports[^1].ShouldBe(new DownloadProgress(HubServer.Text, total, total));
        reports.Select(report => report.Bytes).ShouldBeInOrder();
    }

    [Fact]
    public async Task Pull_PageAfterPage_FindsAllFiles()
    {
        Server.PageSize = 1;
        await _hub.PullAsync();
        _hub.ShouldHoldTheModel();
    }

    [Fact]
    public async Task Pull_TwoTasks_DownloadEachFileOnce()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => _hub.PullAsync())));
        _hub.ShouldHoldTheModel();
        Server.Requests.Where(request => request.Path.Contains("/resolve/")).ShouldAllBe(request => request.Number == 1);
    }

    [Fact]
    public async Task Pull_WaitingForAnother_CanBeCancelled()
    {
        Directory.CreateDirectory(Path.Combine(_hub.Options.CacheFolder, ".locks", "models--Xenova--clip-vit-base-patch32"));
        var path = Path.Combine(_hub.Options.CacheFolder, ".locks", "models--Xenova--clip-vit-base-patch32", Server.Digest("config.json") + ".lock");
        using var held = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var reports = new List<DownloadProgress>();
        await Should.ThrowAsync<OperationCanceledException>(() => _hub.PullAsync(progress: new Immediate(reports, whenWaiting: cancellation.Cancel), cancellationToken: cancellation.Token));
        reports.ShouldHaveSingleItem().ShouldBe(new DownloadProgress("config.json", 0, reports[0].TotalBytes) { IsWaiting = true });
        Server.RequestsFor("config.json").ShouldBeEmpty();
    }

    [Fact]
    public async Task Pull_Offline_ServesTheCacheAlone()
    {
        var offline = _hub.Options with { Offline = true };
        var online = _hub.Options;
        _hub.Options = offline;
        (await _hub.FailAsync()).ShouldBe($"{HubServer.Repository}: not in the cache {_hub.Options.CacheFolder}, and HF_HUB_OFFLINE forbids to download it; unset it and try again.");
        Server.Requests.ShouldBeEmpty();
        _hub.Options = online;
        await _hub.PullAsync();
        var before = Server.Requests.Count;
        _hub.Options = offline;
        (await _hub.PullAsync()).ShouldBe(_hub.Snapshot);
        Server.Requests.Count.ShouldBe(before);
    }

    [Fact]
    public async Task ListCached_AfterPulls_NamesVariantsAndBytes()
    {
        using var hub = _hub.CreateHub();
        hub.ListCached().ShouldBeEmpty();
        await _hub.PullAsync();
        await _hub.PullAsync("q4");
        Directory.CreateDirectory(Path.Combine(_hub.Options.CacheFolder, "models--other--thing", "snapshots", new string('e', 40)));
        var cached = hub.ListCached().ShouldHaveSingleItem();
        (cached.Repository, cached.Folder).ShouldBe((HubServer.Repository, _hub.Snapshot));
        cached.Variants.ShouldBe(["fp32", "q4"]);
        cached.Bytes.ShouldBe(Server.Files.Where(file => file.Key is not ("README.md" or "onnx/model.onnx")).Sum(file => file.Value.LongLength));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../etc")]
    [InlineData("a/b/c")]
    [InlineData("owner/na me")]
    [InlineData("owner/..")]
    [InlineData("owner/a--b")]
    [InlineData("C:\\models\\clip")]
    public async Task Pull_ImpossibleName_IsRefused(string name)
    {
        (await _hub.FailAsync(model: name)).ShouldBe($"'{name}' at revision 'main' is not the name of a model; names look like openai/clip-vit-base-patch32, see ModelCatalog.All.");
        using var hub = _hub.CreateHub();
        hub.Find(name).ShouldBeNull();
        Server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Pull_ImpossibleRevision_IsRefused() =>
        (await _hub.FailAsync(revision: "../main")).ShouldContain("revision '../main' is not the name of a model");

    private sealed class Immediate(List<DownloadProgress> reports, Action? whenWaiting = null) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value)
        {
            reports.Add(value);
            if (value.IsWaiting)
                whenWaiting?.Invoke();
        }
    }
}
