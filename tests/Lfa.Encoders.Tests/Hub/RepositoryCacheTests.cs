using Lfa.Encoders.Hub;
using Lfa.Tests.Support;

namespace Lfa.Encoders.Tests.Hub;

public sealed class RepositoryCacheTests : IDisposable
{
    private static readonly string Commit = new('c', 40);
    private static readonly HubFile File1 = new("onnx/text_model.onnx", 3, new BlobDigest(new string('a', 64)));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Publish_WhereLinksAreImpossible_Copies()
    {
        var cache = Create(canLink: false);
        await cache.PublishAsync(Commit, File1, CancellationToken.None);
        var entry = new FileInfo(Path.Combine(cache.SnapshotFolder(Commit), "onnx", "text_model.onnx"));
        (entry.LinkTarget, entry.Length).ShouldBe((null, 3));
        entry.Directory!.GetFiles().Length.ShouldBe(1);
    }

    [Fact]
    public async Task Publish_LinkToNothing_IsReplaced()
    {
        var cache = Create(canLink: true);
        await cache.PublishAsync(Commit, File1, CancellationToken.None);
        var entry = Path.Combine(cache.SnapshotFolder(Commit), "onnx", "text_model.onnx");
        File.Delete(entry);
        File.CreateSymbolicLink(entry, "../nothing");
        await cache.PublishAsync(Commit, File1, CancellationToken.None);
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
