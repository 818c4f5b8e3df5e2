using Lfa.Encoders.Hub;

namespace Lfa.Encoders.Tests.Hub;

public sealed class RepositoryCacheTests : IDisposable
{
    private static readonly string Commit = new('c', 40);
    private static readonly HubFile File1 = new("onnx/text_model.onnx", 3, new BlobDigest("039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81"));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Publish_WhereLinksAreImpossible_Copies()
    {
        var cache = Create(canLink: false);
        await cache.PublishAsync(Commit, File1, verify: false, CancellationToken.None);
        var entry = new FileInfo(Path.Combine(cache.SnapshotFolder(Commit), "onnx", "text_model.onnx"));
        (entry.LinkTarget, entry.Length).ShouldBe((null, 3));
        entry.Directory!.GetFiles().Length.ShouldBe(1);
    }

    [Fact]
    public async Task Publish_VerifyOfADamagedCopy_CopiesAgain()
    {
        var cache = Create(canLink: false);
        await cache.PublishAsync(Commit, File1, verify: false, CancellationToken.None);
        var entry = Path.Combine(cache.SnapshotFolder(Commit), "onnx", "text_model.onnx");
        File.WriteAllBytes(entry, [1, 2, 4]);
        await cache.PublishAsync(Commit, File1, verify: false, CancellationToken.None);
        File.ReadAllBytes(entry).ShouldBe([1, 2, 4]);
        await cache.PublishAsync(Commit, File1, verify: true, CancellationToken.None);
        File.ReadAllBytes(entry).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Publish_VerifyOfAWholeCopy_LeavesIt()
    {
        var cache = Create(canLink: false);
        await cache.PublishAsync(Commit, File1, verify: false, CancellationToken.None);
        var entry = Path.Combine(cache.SnapshotFolder(Commit), "onnx", "text_model.onnx");
        var written = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(entry, written);
        await cache.PublishAsync(Commit, File1, verify: true, CancellationToken.None);
        File.GetLastWriteTimeUtc(entry).ShouldBe(written);
    }

    [Fact]
    public void DeletePartial_ThatIsAFolder_SaysSo()
    {
        var cache = Create(canLink: true);
        Directory.CreateDirectory(cache.PartialPath(File1));
        Should.Throw<ModelHubException>(() => cache.DeletePartial(File1)).Message.ShouldStartWith($"{cache.PartialPath(File1)}: cannot be written: ");
    }

    [Fact]
    public async Task Publish_LinkToNothing_IsReplaced()
    {
        var cache = Create(canLink: true);
        await cache.PublishAsync(Commit, File1, verify: false, CancellationToken.None);
        var entry = Path.Combine(cache.SnapshotFolder(Commit), "onnx", "text_model.onnx");
        File.Delete(entry);
        File.CreateSymbolicLink(entry, "../nothing");
        await cache.PublishAsync(Commit, File1, verify: false, CancellationToken.None);
        File.ReadAllBytes(entry).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void WriteReference_BranchWithSlashes_IsReadBack()
    {
        var cache = Create(canLink: true);
        cache.WriteReference("refs/pr/1", Commit);
        cache.FindSnapshot("refs/pr/1").ShouldBeNull(); // the snapshot itself is not there
        Directory.CreateDirectory(cache.SnapshotFolder(Commit));
        cache.FindSnapshot("refs/pr/1").ShouldBe(cache.SnapshotFolder(Commit));
        cache.FindSnapshot("main").ShouldBeNull();
        cache.FindAnySnapshot().ShouldBe(cache.SnapshotFolder(Commit));
    }

    private RepositoryCache Create(bool canLink)
    {
        var cache = new RepositoryCache(_folder.FullName, "owner/name", canLink);
        Directory.CreateDirectory(Path.GetDirectoryName(cache.BlobPath(File1))!);
        File.WriteAllBytes(cache.BlobPath(File1), [1, 2, 3]);
        return cache;
    }
}
