using Lfa.Encoders.Models;
using Lfa.Encoders.Tests.Support;
using Lfa.IO;
using Lfa.Tests.Support;

namespace Lfa.Protocols.Tests;

public sealed class PictureFeaturesTests : IDisposable
{
    private static readonly IProtocol FewShot = KnownProtocols.All[0];

    private readonly TemporaryFolder _folder = new();
    private readonly ModelFolder _model;

    public PictureFeaturesTests()
    {
        _model = ModelFolder.Open(TinyModel.Write(_folder["model"], masked: true));
        Directory.CreateDirectory(_folder["sets/eurosat/2750"]);
        for (var i = 0; i < 4; i++)
        {
            Save($"forest{i}.png", TinyPicture.Png(10, 200 + i, 10));
            Save($"river{i}.png", TinyPicture.Png(10, 10, 200 + i));
        }
        string Entries(int first) => string.Join(", ", Enumerable.Range(first, 2).Select(i => Invariant($"""["forest{i}.png", 0, "Forest"], ["river{i}.png", 1, "River"]""")));
        File.WriteAllText(_folder["sets/eurosat/split_zhou_EuroSAT.json"], $$"""{"train": [{{Entries(0)}}], "val": [], "test": [{{Entries(2)}}]}""");
        File.WriteAllText(_folder["pictures.json"], """{"data": ["eurosat"], "root": "sets", "model": "model", "shots": [1], "seeds": [1], "methods": ["zero-shot"]}""");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Embed_ThenRun_MeasuresThePictures()
    {
        var plan = Plan();
        PictureFeatures.Embed(plan, _model);
        var row = new ProtocolRun(plan).Execute().Rows.Single();
        (row.Data, row.TrainFile, row.TestFile, row.TrainImages, row.TestImages).ShouldBe(("eurosat", "eurosat-train.npz of model", "eurosat-test.npz of model", 2, 4));
        FeatureFile.Read(_folder["pictures/features/eurosat-train.npz"]).ClassNames.Count.ShouldBe(2);
    }

    [Fact]
    public void Embed_Again_KeepsTheFiles()
    {
        PictureFeatures.Embed(Plan(), _model);
        var before = File.GetLastWriteTimeUtc(Plan().Data[0].Train.Path);
        PictureFeatures.Embed(Plan(), _model);
        File.GetLastWriteTimeUtc(Plan().Data[0].Train.Path).ShouldBe(before);
    }

    [Fact]
    public void Embed_ChangedPicture_EmbedsItsFileAnew()
    {
        PictureFeatures.Embed(Plan(), _model);
        new ProtocolRun(Plan()).Execute();
        Save("river1.png", TinyPicture.Png(200, 10, 10));
        File.SetLastWriteTimeUtc(_folder["sets/eurosat/2750/river1.png"], DateTime.UnixEpoch);
        var before = File.ReadAllBytes(Plan().Data[0].Test.Path);
        PictureFeatures.Embed(Plan(), _model);
        File.ReadAllBytes(Plan().Data[0].Test.Path).ShouldBe(before);
        new ProtocolRun(Plan()).List().ShouldAllBe(one => !one.IsKept);
    }

    [Fact]
    public void List_BeforeEmbedding_HasEverythingToDo() => new ProtocolRun(Plan()).List().ShouldAllBe(one => !one.IsKept);

    [Fact]
    public void Embed_NoSuchFolder_SaysWhatIsExpected()
    {
        Directory.Delete(_folder["sets/eurosat"], recursive: true);
        Should.Throw<DirectoryNotFoundException>(() => PictureFeatures.Embed(Plan(), _model)).Message.ShouldContain("eurosat is looked for in eurosat/");
    }

    [Fact]
    public void Embed_PictureThatIsNone_NamesIt()
    {
        Save("forest0.png", [1, 2, 3]);
        Should.Throw<InvalidDataException>(() => PictureFeatures.Embed(Plan(), _model)).Message.ShouldContain("forest0.png");
    }

    private ProtocolPlan Plan() => ProtocolFile.Read(_folder["pictures.json"], FewShot);

    private void Save(string name, byte[] content) => File.WriteAllBytes(_folder[$"sets/eurosat/2750/{name}"], content);
}
