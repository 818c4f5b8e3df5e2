using System.Diagnostics;
using Lfa.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lfa.Extensions.DependencyInjection.Tests;

public sealed class LfaModelsTests : IDisposable
{
    // A change is told within milliseconds and loaded a quarter of a second later; the rest is for a busy machine.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongerThanAReload = TimeSpan.FromSeconds(1);

    private readonly TemporaryFolder _folder = new();
    private readonly WarningList _warnings = new();

    private string Path => _folder["model.safetensors"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Get_FileWrittenAfterRegistration_LoadsItOnFirstUse()
    {
        using var provider = Provider(reloadOnChange: false);
        ModelFiles.Save(Path, classes: 3);

        provider.GetRequiredService<LfaModels>().Get("pets").ClassCount.ShouldBe(3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Get_MissingFile_NamesModelAndPathAndTriesAgain(bool reloadOnChange)
    {
        using var provider = Provider(reloadOnChange);

        var error = Should.Throw<LfaDataException>(() => provider.GetRequiredKeyedService<LfaModel>("pets"));
        error.Message.ShouldBe($"The model pets cannot be loaded: {Path}: there is no such file.");
        error.Subject.ShouldBe(Path);

        ModelFiles.Save(Path, classes: 3);
        provider.GetRequiredKeyedService<LfaModel>("pets").ClassCount.ShouldBe(3);
    }

    [Fact]
    public void Get_MissingFolder_NamesThePath()
    {
        var path = _folder["none/model.safetensors"];
        using var provider = new ServiceCollection().AddLfa("pets", path, reloadOnChange: true).BuildServiceProvider();

        Should.Throw<LfaDataException>(() => provider.GetRequiredService<LfaModels>().Get("pets")).Message.ShouldContain(path);
    }

    [Fact]
    public void Get_DamagedFile_NamesThePath()
    {
        File.WriteAllText(Path, "no model");
        using var provider = Provider(reloadOnChange: true);

        Should.Throw<LfaDataException>(() => provider.GetRequiredService<LfaModels>().Get("pets")).Message.ShouldStartWith($"The model pets cannot be loaded: {Path}: ");
    }

    [Theory]
    [InlineData("cars")]
    [InlineData("")]
    public void Get_UnknownName_SaysHowToRegisterIt(string name)
    {
        using var provider = Provider(reloadOnChange: false);

        Should.Throw<LfaDataException>(() => provider.GetRequiredService<LfaModels>().Get(name)).Message.ShouldBe($"There is no path for the model {name}; register it by AddLfa.");
    }

    [Fact]
    public async Task Get_FileReplacedWithReload_ReturnsTheNewModelAndLeavesTheOldAsItWas()
    {
        ModelFiles.Save(Path, classes: 3);
        using var provider = Provider(reloadOnChange: true);
        var models = provider.GetRequiredService<LfaModels>();
        var first = models.Get("pets");
        provider.GetRequiredKeyedService<LfaModel>("pets").ShouldBeSameAs(first);

        ModelFiles.Save(Path, classes: 4);

        await Until(() => models.Get("pets").ClassCount == 4);
        first.ClassCount.ShouldBe(3);
        provider.GetRequiredKeyedService<LfaModel>("pets").ShouldBeSameAs(first);
        _warnings.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task Get_FileReplacedWithoutReload_ReturnsTheFirstModel()
    {
        ModelFiles.Save(Path, classes: 3);
        using var provider = Provider(reloadOnChange: false);
        var models = provider.GetRequiredService<LfaModels>();
        var first = models.Get("pets");

        ModelFiles.Save(Path, classes: 4);

        await Task.Delay(LongerThanAReload, TestContext.Current.CancellationToken);
        models.Get("pets").ShouldBeSameAs(first);
    }

    [Fact]
    public async Task Get_HalfOfANewFile_KeepsTheOldWithAWarningUntilItIsWhole()
    {
        ModelFiles.Save(Path, classes: 3);
        using var provider = Provider(reloadOnChange: true);
        var models = provider.GetRequiredService<LfaModels>();
        var first = models.Get("pets");
        var next = await File.ReadAllBytesAsync(ModelFiles.Save(_folder["next.safetensors"], classes: 4), TestContext.Current.CancellationToken);

        using (var file = new FileStream(Path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Write(next.AsSpan(0, next.Length / 2));
            file.Flush();
            await Until(() => _warnings.All.Count > 0);
            models.Get("pets").ShouldBeSameAs(first);
            file.Write(next.AsSpan(next.Length / 2));
        }

        await Until(() => models.Get("pets").ClassCount == 4);
        _warnings.All.ShouldAllBe(warning => warning.StartsWith($"{Path} has changed but cannot be loaded; the model before it stays: "));
    }

    [Fact]
    public async Task Get_FileDeletedAndWrittenAgain_ReturnsTheNewModel()
    {
        ModelFiles.Save(Path, classes: 3);
        using var provider = Provider(reloadOnChange: true);
        var models = provider.GetRequiredService<LfaModels>();
        var first = models.Get("pets");

        File.Delete(Path);
        await Task.Delay(LongerThanAReload, TestContext.Current.CancellationToken);
        models.Get("pets").ShouldBeSameAs(first);

        ModelFiles.Save(Path, classes: 4);
        await Until(() => models.Get("pets").ClassCount == 4);
    }

    [Fact]
    public async Task Get_ByManyThreadsAtOnce_LoadsOneModel()
    {
        ModelFiles.Save(Path, classes: 3);
        using var provider = Provider(reloadOnChange: false);
        var models = provider.GetRequiredService<LfaModels>();

        var all = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => models.Get("pets"))));

        all.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Dispose_OfTheProvider_EndsReloadsAndKeepsWhatIsLoaded()
    {
        ModelFiles.Save(Path, classes: 3);
        LfaModels models;
        LfaModel first;
        using (var provider = Provider(reloadOnChange: true))
        {
            models = provider.GetRequiredService<LfaModels>();
            first = models.Get("pets");
        }

        ModelFiles.Save(Path, classes: 4);

        await Task.Delay(LongerThanAReload, TestContext.Current.CancellationToken);
        models.Get("pets").ShouldBeSameAs(first);
        Should.Throw<ObjectDisposedException>(() => models.Get("birds"));
    }

    private ServiceProvider Provider(bool reloadOnChange) =>
        new ServiceCollection().AddSingleton<ILogger<LfaModels>>(_warnings).AddLfa("pets", Path, reloadOnChange).BuildServiceProvider();

    private static async Task Until(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            watch.Elapsed.ShouldBeLessThan(Patience);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
