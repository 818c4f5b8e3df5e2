using Lfa.Encoders.Models;
using Lfa.IO;

namespace Lfa.Protocols.Tests;

public sealed class ImageFeaturesTests : IDisposable
{
    private static readonly IProtocol FewShot = ProtocolCatalog.All[0];

    private readonly TemporaryFolder _folder = new();
    private readonly ModelFolder _model;

    public ImageFeaturesTests()
    {
        _model = ModelFolder.Open(TinyModel.Write(_folder["model"], masked: true));
        Directory.CreateDirectory(_folder["sets/eurosat/2750"]);
        for (var i = 0; i < 4; i++)
        {
            Save($"forest{i}.png", TinyImage.Png(10, 200 + i, 10));
            Save($"river{i}.png", TinyImage.Png(10, 10, 200 + i));
        }
        string Entries(int first) => string.Join(", ", Enumerable.Range(first, 2).Select(i => Invariant($"""["forest{i}.png", 0, "Forest"], ["river{i}.png", 1, "River"]""")));
        File.WriteAllText(_folder["sets/eurosat/split_zhou_EuroSAT.json"], $$"""{"train": [{{Entries(0)}}], "val": [], "test": [{{Entries(2)}}]}""");
        File.WriteAllText(_folder["images.json"], """{"data": ["eurosat"], "root": "sets", "model": "model", "shots": [1], "seeds": [1], "methods": ["zero-shot"]}""");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Embed_ThenRun_MeasuresTheImages()
    {
        var plan = Plan();
        await EmbeddedImages.EmbedAsync(plan, _model, cancellationToken: TestContext.Current.CancellationToken);
        var row = new ProtocolRun(plan).Execute().Rows.Single();
        (row.Data, row.TrainFile, row.TestFile, row.TrainImages, row.TestImages).ShouldBe(("eurosat", "eurosat-train.npz of model", "eurosat-test.npz of model", 2, 4));
        FeatureFile.Read(_folder["images/features/eurosat-train.npz"]).ClassNames.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Embed_Again_KeepsTheFiles()
    {
        await EmbeddedImages.EmbedAsync(Plan(), _model, cancellationToken: TestContext.Current.CancellationToken);
        var before = File.GetLastWriteTimeUtc(Plan().Data[0].Train.Path);
        await EmbeddedImages.EmbedAsync(Plan(), _model, cancellationToken: TestContext.Current.CancellationToken);
        File.GetLastWriteTimeUtc(Plan().Data[0].Train.Path).ShouldBe(before);
    }

    [Fact]
    public async Task Embed_ChangedImage_EmbedsItsFileAnew()
    {
        await EmbeddedImages.EmbedAsync(Plan(), _model, cancellationToken: TestContext.Current.CancellationToken);
        new ProtocolRun(Plan()).Execute();
        Save("river1.png", TinyImage.Png(200, 10, 10));
        File.SetLastWriteTimeUtc(_folder["sets/eurosat/2750/river1.png"], DateTime.UnixEpoch);
        var before = File.ReadAllBytes(Plan().Data[0].Test.Path);
        await EmbeddedImages.EmbedAsync(Plan(), _model, cancellationToken: TestContext.Current.CancellationToken);
        File.ReadAllBytes(Plan().Data[0].Test.Path).ShouldBe(before);
        new ProtocolRun(Plan()).List().ShouldHaveSingleItem().IsKept.ShouldBeFalse();
    }

    [Fact]
    public void List_BeforeEmbedding_HasEverythingToDo() => new ProtocolRun(Plan()).List().ShouldHaveSingleItem().IsKept.ShouldBeFalse();

    [Fact]
    public async Task Embed_NoSuchFolder_SaysWhatIsExpected()
    {
        Directory.Delete(_folder["sets/eurosat"], recursive: true);
        (await Should.ThrowAsync<DirectoryNotFoundException>(() => EmbeddedImages.EmbedAsync(Plan(), _model, cancellationToken: TestContext.Current.CancellationToken))).Message.ShouldContain("eurosat is looked for in eurosat/");
    }

    [Fact]
    public async Task Embed_ImageThatIsNone_NamesIt()
    {
        Save("forest0.png", [1, 2, 3]);
        (await Should.ThrowAsync<LfaDataException>(() => EmbeddedImages.EmbedAsync(Plan(), _model, cancellationToken: TestContext.Current.CancellationToken))).Message.ShouldContain("forest0.png");
    }

    private ProtocolPlan Plan() => ProtocolFile.Read(_folder["images.json"], FewShot);

    private void Save(string name, byte[] content) => File.WriteAllBytes(_folder[$"sets/eurosat/2750/{name}"], content);
}
