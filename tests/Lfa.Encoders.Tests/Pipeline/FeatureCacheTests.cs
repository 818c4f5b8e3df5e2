using Lfa.Encoders.Pipeline;

namespace Lfa.Encoders.Tests.Pipeline;

public sealed class FeatureCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Find_AfterReopening_GivesWhatWasAdded()
    {
        using (var cache = FeatureCache.Open("model", _folder.FullName))
        {
            cache.Find(1).ShouldBeNull();
            cache.Add(1, [1, 2]);
            cache.Add(2, [3, 4]);
            cache.Find(1).ShouldBe([1, 2]);
        }
        using var again = FeatureCache.Open("model", _folder.FullName);
        again.Find(2).ShouldBe([3, 4]);
        again.Find(3).ShouldBeNull();
    }

    [Fact]
    public void Open_OtherModel_FindsNothing()
    {
        using (var cache = FeatureCache.Open("model", _folder.FullName))
            cache.Add(1, [1, 2]);
        using var other = FeatureCache.Open("other", _folder.FullName);
        other.Find(1).ShouldBeNull();
    }

    [Fact]
    public void Open_WhileAnotherHasIt_WorksWithout()
    {
        using var first = FeatureCache.Open("model", _folder.FullName);
        using var second = FeatureCache.Open("model", _folder.FullName);
        second.Add(1, [1]);
        second.Find(1).ShouldBeNull();
    }

    [Fact]
    public void Open_FolderThatCannotBe_WorksWithout()
    {
        using var cache = FeatureCache.Open("model", Path.Combine(_folder.Write("file", [1]), "below"));
        cache.Add(1, [1]);
        cache.Find(1).ShouldBeNull();
    }
}
