using Lfa.Data;
using Lfa.Encoders.Datasets;
using Lfa.Encoders.Models;
using Lfa.Encoders.Sources;
using Lfa.Encoders.Tests.Support;
using Lfa.IO;
using Microsoft.Extensions.Logging;

namespace Lfa.Encoders.Tests.Sources;

public sealed class SourceLoaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SourceLoaderTests()
    {
        TinyModel.Write(_folder["model"], masked: true);
        for (var i = 0; i < 5; i++)
        {
            Save($"images/red_ball/{i}.png", TinyImage.Png(200 + i, 10, 10));
            Save($"images/sky/{i}.png", TinyImage.Png(10, 10, 200 + i));
        }
    }

    private string Images => _folder["images"];

    private SourceLoaderOptions Options => new() { Model = new ModelReference(_folder["model"]), Encoding = new DatasetEncoderOptions { CacheFolder = null, Encoder = new EncoderOptions { BatchSize = 4 } } };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("images", true)]
    [InlineData("list.csv", true)]
    [InlineData("list.TXT", true)]
    [InlineData("a.png", true)]
    [InlineData("caltech101", true)]
    [InlineData("caltech101:test", true)]
    [InlineData("f.npz", false)]
    [InlineData("f.npy", false)]
    public void IsImages_Source_IsTakenByItsName(string source, bool expected) =>
        SourceLoader.IsImages(source == "images" ? Images : source).ShouldBe(expected);

    [Fact]
    public async Task LoadAsync_Folder_GivesFeaturesAndFindings()
    {
        Save("images/sky/broken.png", "no image"u8.ToArray());
        Save("images/sky/notes.md", "notes"u8.ToArray());
        var logger = new RecordingLogger<SourceLoader>();
        using var loader = new SourceLoader(Options with { Logger = logger });
        var loaded = await loader.LoadAsync(Images, cancellationToken: Cancellation);
        loaded.Features.ClassNames.ShouldBe(["red ball", "sky"]);
        loaded.Features.Labels.ToArray().ShouldBe([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
        loaded.Findings.Unreadable.Select(image => image.Name).ShouldBe(["sky/broken.png"]);
        loaded.Findings.IgnoredFiles.ShouldBe(1);
        logger.Entries.Where(entry => entry.Level == LogLevel.Warning).Select(entry => entry.Message).Single().ShouldStartWith($"{Images}: sky/broken.png is skipped: this is not an image");
        logger.Entries.ShouldContain(entry => entry.Message == $"{Images}: 1 files are neither images nor videos.");
    }

    [Fact]
    public async Task LoadAsync_ListsAndFeatureFile_GiveTheSameFeatures()
    {
        using var loader = new SourceLoader(Options);
        var folder = (await loader.LoadAsync(Images, cancellationToken: Cancellation)).Features;
        Save("list.csv", Lines(folder.FileNames!.Zip(folder.Labels.ToArray(), (name, label) => $"images/{name},{folder.ClassNames[label]}")));
        var list = (await loader.LoadAsync(_folder["list.csv"], cancellationToken: Cancellation)).Features;
        list.ImageFeatures.Values.ToArray().ShouldBe(folder.ImageFeatures.Values.ToArray());
        list.Labels.ToArray().ShouldBe(folder.Labels.ToArray());
        FeatureFile.Write(_folder["f.npz"], folder);
        using var files = new SourceLoader();
        var file = await files.LoadAsync(_folder["f.npz"], cancellationToken: Cancellation);
        file.Features.ImageFeatures.Values.ToArray().ShouldBe(folder.ImageFeatures.Values.ToArray());
        file.Findings.ShouldBe(SourceFindings.None);
    }

    [Fact]
    public async Task LoadAsync_ClassNamesGiven_OrderTheLabels()
    {
        using var loader = new SourceLoader(Options);
        var set = (await loader.LoadAsync(Images, ClassNameList.From(["Sky", "kite", "red ball"]), cancellationToken: Cancellation)).Features;
        set.ClassNames.ShouldBe(["Sky", "kite", "red ball"]);
        set.Labels.ToArray().Distinct().ShouldBe([2, 0]);
    }

    [Fact]
    public async Task LoadAsync_ImagesWithoutClasses_NameTheSource()
    {
        using var loader = new SourceLoader(Options);
        var error = await Should.ThrowAsync<LfaDataException>(() => loader.LoadAsync(_folder["images/sky"], cancellationToken: Cancellation));
        error.Message.ShouldBe($"{_folder["images/sky"]}: The dataset has no class names; put the images of each class into a folder of their own, or list them.");
        error.Subject.ShouldBe(_folder["images/sky"]);
    }

    [Fact]
    public async Task LoadAsync_WithoutAModel_SaysHowToGiveIt()
    {
        using var loader = new SourceLoader();
        var error = await Should.ThrowAsync<LfaDataException>(() => loader.LoadAsync(Images, cancellationToken: Cancellation));
        (error.Message, error.Subject).ShouldBe(("images need a model to embed them with; give SourceLoaderOptions.Model, for instance openai/clip-vit-base-patch32.", "Model"));
    }

    [Fact]
    public async Task LoadAsync_OpenModel_IsUsed()
    {
        using var loader = new SourceLoader(ModelFolder.Open(_folder["model"]), Options with { Model = null });
        (await loader.LoadAsync(Images, cancellationToken: Cancellation)).Features.SampleCount.ShouldBe(10);
    }

    [Fact]
    public async Task LoadAsync_TextFeaturesOfAFile_AreThoseOfImagesAndOfFeatureFiles()
    {
        FeatureFile.WritePrototypes(_folder["texts.npz"], new Matrix(new float[] { 0, 1, 1, 0 }, 2, 2), ["sky", "Red_Ball"]);
        using var texts = TextFeatureSource.FromFile(_folder["texts.npz"]);
        using var loader = new SourceLoader(Options with { TextFeatures = texts });
        var images = (await loader.LoadAsync(Images, cancellationToken: Cancellation)).Features;
        images.ClassPrototypes.Values.ToArray().ShouldBe([1, 0, 0, 1]);
        FeatureFile.Write(_folder["f.npz"], images);
        (await loader.LoadAsync(_folder["f.npz"], cancellationToken: Cancellation)).Features.ClassPrototypes.Values.ToArray().ShouldBe([1, 0, 0, 1]);
        Save("images/kite/0.png", TinyImage.Png(10, 200, 10));
        (await Should.ThrowAsync<LfaDataException>(() => loader.LoadAsync(Images, cancellationToken: Cancellation))).Message.ShouldStartWith($"{_folder["texts.npz"]}: there are no text features of \"kite\"");
    }

    [Fact]
    public async Task LoadAsync_TextFeaturesOfAGenerator_TakeThePlaceOfTheModels()
    {
        var model = ModelFolder.Open(_folder["model"]);
        using var texts = TextFeatureSource.FromGenerator(TextEncoder.Open(model), ownsGenerator: true);
        using var other = new SourceLoader(Options with { TextFeatures = texts });
        using var own = new SourceLoader(Options);
        (await other.LoadAsync(Images, cancellationToken: Cancellation)).Features.ClassPrototypes.Values.ToArray()
            .ShouldBe((await own.LoadAsync(Images, cancellationToken: Cancellation)).Features.ClassPrototypes.Values.ToArray());
        (await own.EncodeClassNamesAsync(["sky"], Cancellation)).ClassPrototypes.Values.ToArray()
            .ShouldBe((await other.EncodeClassNamesAsync(["sky"], Cancellation)).ClassPrototypes.Values.ToArray());
    }

    [Fact]
    public async Task LoadUnlabeledAsync_ClassNamesGiven_TakesImagesFromAnywhere()
    {
        using var loader = new SourceLoader(Options);
        var set = (await loader.LoadUnlabeledAsync(Images, ClassNameList.From(["kite", "cloud"]), Cancellation)).Features;
        (set.SampleCount, set.IsLabeled, set.ClassCount).ShouldBe((10, false, 2));
    }

    [Fact]
    public async Task LoadForAsync_ClassesOfTheModel_HaveItsNamesAndPrototypes()
    {
        var fitted = new FittedClasses(["Sky", "cloud", "Red Ball"], new Matrix(Enumerable.Range(0, 3 * TinyModel.Dimension).Select(i => (float)i + 1).ToArray(), 3, TinyModel.Dimension));
        using var loader = new SourceLoader(Options);
        var set = (await loader.LoadForAsync(fitted, Images, cancellationToken: Cancellation)).Features;
        set.ClassNames.ShouldBe(["Red Ball", "Sky"]);
        set.ClassPrototypes.Values.ToArray().ShouldBe(fitted.ClassPrototypes.SelectRows([2, 0]).Values.ToArray());
    }

    [Fact]
    public async Task LoadForAsync_NewClass_EmbedsTheNames()
    {
        var fitted = new FittedClasses(["Sky"], new Matrix(new float[TinyModel.Dimension], 1, TinyModel.Dimension));
        using var loader = new SourceLoader(Options);
        var set = (await loader.LoadForAsync(fitted, Images, cancellationToken: Cancellation)).Features;
        set.ClassNames.ShouldBe(["red ball", "Sky"]);
        set.ClassPrototypes.Values.ToArray().ShouldBe((await loader.EncodeClassNamesAsync(["red ball", "Sky"], Cancellation)).ClassPrototypes.Values.ToArray());
    }

    [Fact]
    public async Task EncodeClassNamesForAsync_NewClasses_BringTheFirstOfTheModel()
    {
        var fitted = new FittedClasses(["Sky", "cloud"], new Matrix(new float[2 * TinyModel.Dimension], 2, TinyModel.Dimension));
        using var loader = new SourceLoader(Options);
        var classes = await loader.EncodeClassNamesForAsync(fitted, ["kite", "barn"], Cancellation);
        classes.ClassNames.ShouldBe(["kite", "barn", "Sky"]);
        classes.Prototypes.Values.ToArray().ShouldBe((await loader.EncodeClassNamesAsync(["kite", "barn", "Sky"], Cancellation)).ClassPrototypes.Values.ToArray());
        (await loader.EncodeClassNamesForAsync(fitted, ["Sky"], Cancellation)).ClassNames.ShouldBe(["Sky"]);
    }

    [Fact]
    public async Task OpenBlocks_ImagesAndTheirFile_GiveTheSameRows()
    {
        Save("images/sky/broken.png", "no image"u8.ToArray());
        using var loader = new SourceLoader(Options);
        using var images = loader.OpenBlocks([Images]);
        (images.Count, images.HasNames).ShouldBe((11L, true));
        images.Findings.ShouldBe(SourceFindings.None);
        var blocks = await images.ToListAsync(Cancellation);
        blocks.Count.ShouldBe(3);
        images.Findings.Unreadable.Single().Name.ShouldBe("sky/broken.png");
        FeatureFile.Write(_folder["f.npz"], (await loader.LoadAsync(Images, cancellationToken: Cancellation)).Features);
        using var file = loader.OpenBlocks([_folder["f.npz"]]);
        var block = await file.SingleAsync(Cancellation);
        block.Features.Values.ToArray().ShouldBe(blocks.SelectMany(part => part.Features.Values.ToArray()).ToArray());
        block.Names.ShouldBe(blocks.SelectMany(part => part.Names!));
    }

    [Fact]
    public async Task OpenBlocks_MatrixWithoutNames_HasNone()
    {
        FeatureFile.WriteMatrix(_folder["m.npy"], new Matrix(new float[] { 3, 4, 0, 2 }, 2, 2));
        using var loader = new SourceLoader();
        using var blocks = loader.OpenBlocks([_folder["m.npy"]]);
        (blocks.Count, blocks.HasNames).ShouldBe((2L, false));
        var images = await loader.LoadImageFeaturesAsync(_folder["m.npy"], Cancellation);
        images.Names.ShouldBeNull();
        images.Features.Values.ToArray().ShouldBe([0.6f, 0.8f, 0, 1]);
    }

    [Fact]
    public async Task LoadImageFeaturesAsync_NothingReadable_NamesTheFirst()
    {
        Save("none/a.png", "no image"u8.ToArray());
        Save("none/b.png", []);
        using var loader = new SourceLoader(Options);
        (await Should.ThrowAsync<LfaDataException>(() => loader.LoadImageFeaturesAsync(_folder["none"], Cancellation))).Message.ShouldStartWith("none of the 2 images can be read; the first: a.png: ");
    }

    [Fact]
    public void OpenUnlabeledImages_SeveralSources_MustBeImages()
    {
        using var loader = new SourceLoader();
        string[] two = [_folder["images/sky/0.png"], _folder["images/sky/1.png"]];
        loader.OpenUnlabeledImages(two).Items.Count.ShouldBe(2);
        Should.Throw<LfaDataException>(() => loader.OpenUnlabeledImages([two[0], Images])).Message.ShouldBe($"{Images}: this is no image; give images, or one folder, list or feature file.");
    }

    [Fact]
    public async Task EncodeAsync_ImagesInMemory_NeedNoSource()
    {
        using var loader = new SourceLoader(Options);
        var uploads = ImageDataset.FromItems([ImageItem.FromBytes("upload", TinyImage.Png(200, 10, 10), 0)], ["red ball", "sky"]);
        (await loader.EncodeAsync(uploads, cancellationToken: Cancellation)).Features.FileNames.ShouldBe(["upload"]);
    }

    [Fact]
    public async Task EncodeToFileAsync_ThenLoad_IsTheSameTask()
    {
        using var loader = new SourceLoader(Options);
        await loader.EncodeToFileAsync(loader.OpenImages(Images), _folder["f.npz"], cancellationToken: Cancellation);
        var file = (await loader.LoadAsync(_folder["f.npz"], cancellationToken: Cancellation)).Features;
        var images = (await loader.LoadAsync(Images, cancellationToken: Cancellation)).Features;
        file.ImageFeatures.Values.ToArray().ShouldBe(images.ImageFeatures.Values.ToArray());
        file.ClassPrototypes.Values.ToArray().ShouldBe(images.ClassPrototypes.Values.ToArray());
    }

    [Fact]
    public async Task FittedEncoder_OfTheModel_OpensIt()
    {
        var model = ModelFolder.Open(_folder["model"]);
        using var loader = new SourceLoader(Options with { Model = null, FittedEncoder = model.ImageIdentity });
        (await loader.OpenModelAsync(Cancellation)).VisionFingerprint.ShouldBe(model.VisionFingerprint);
        (await loader.LoadImageFeaturesAsync(Images, Cancellation)).Features.Rows.ShouldBe(10);
    }

    [Fact]
    public async Task FittedEncoder_AnotherModel_IsRefused()
    {
        using var loader = new SourceLoader(Options with { FittedEncoder = new EncoderIdentity("tiny") { Fingerprint = "other" } });
        (await Should.ThrowAsync<LfaDataException>(() => loader.LoadImageFeaturesAsync(Images, Cancellation))).Message
            .ShouldBe($"the classifier was fitted to features of tiny, and {_folder["model"]} is not the same model; give it with SourceLoaderOptions.Model.");
    }

    [Fact]
    public void FittedEncoder_AnotherOpenModel_IsRefused()
    {
        var (model, fitted) = (ModelFolder.Open(_folder["model"]), new EncoderIdentity("tiny") { Fingerprint = "other" });
        Should.Throw<LfaDataException>(() => new SourceLoader(model, Options with { FittedEncoder = fitted })).Message.ShouldStartWith("the classifier was fitted to features of tiny, and ");
    }

    [Fact]
    public async Task FittedEncoder_NotThere_SaysWhereItWasLookedFor()
    {
        using var loader = new SourceLoader(Options with { Model = null, FittedEncoder = new EncoderIdentity("tiny") });
        (await Should.ThrowAsync<LfaDataException>(() => loader.LoadImageFeaturesAsync(Images, Cancellation))).Message
            .ShouldBe("the classifier was fitted with the model tiny, which cannot be opened from here (tiny: there is no such folder, and models of hubs are named owner/name; ModelCatalog.All lists some); say with SourceLoaderOptions.Model where it is.");
    }

    [Fact]
    public void OpenImages_DatasetByName_IsReadFromItsRoot()
    {
        Save("data/dtd/images/a/1.jpg", TinyImage.Png(1, 2, 3));
        Save("data/dtd/images/a/2.jpg", TinyImage.Png(1, 2, 3));
        Save("data/dtd/split_zhou_DescribableTextures.json", """{"train": [["a/1.jpg", 0, "dotted"]], "val": [], "test": [["a/1.jpg", 0, "dotted"], ["a/2.jpg", 0, "dotted"]]}"""u8.ToArray());
        using var loader = new SourceLoader(new SourceLoaderOptions { DatasetRoot = _folder["data"] });
        loader.OpenImages("dtd").Items.Count.ShouldBe(1);
        loader.OpenImages("dtd", split: DatasetSplit.Test).Items.Count.ShouldBe(2);
        loader.OpenImages("dtd:test").Items.Count.ShouldBe(2);
        loader.OpenUnlabeledImages(["dtd"]).Items.Count.ShouldBe(1);
        loader.OpenImages("dtd", ClassNameList.From(["striped", "Dotted"])).Items[0].Label.ShouldBe(1);
        Should.Throw<LfaDataException>(() => loader.OpenImages("dtd:tset")).Message.ShouldBe("dtd:tset: there is no split tset; dtd has train, val, test.");
    }

    [Fact]
    public async Task FittedEncoder_FeatureFileOfAnotherModel_IsRefused()
    {
        using var loader = new SourceLoader(Options);
        await loader.EncodeToFileAsync(loader.OpenImages(Images), _folder["f.npz"], cancellationToken: Cancellation);
        using var same = new SourceLoader(new SourceLoaderOptions { FittedEncoder = ModelFolder.Open(_folder["model"]).ImageIdentity });
        (await same.LoadAsync(_folder["f.npz"], cancellationToken: Cancellation)).Features.SampleCount.ShouldBe(10);
        using var other = new SourceLoader(new SourceLoaderOptions { FittedEncoder = new EncoderIdentity("other") { Fingerprint = "other" } });
        var expected = $"{_folder["f.npz"]}: its image features are of {_folder["model"]}, which is not the model other that the classifier was fitted with; embed the images with that one.";
        (await Should.ThrowAsync<LfaDataException>(() => other.LoadAsync(_folder["f.npz"], cancellationToken: Cancellation))).Message.ShouldBe(expected);
        (await Should.ThrowAsync<LfaDataException>(() => other.LoadImageFeaturesAsync(_folder["f.npz"], Cancellation))).Message.ShouldBe(expected);
    }

    [Fact]
    public async Task EncodeToFileAsync_ThenLoad_TellsTheEncoders()
    {
        using var loader = new SourceLoader(Options);
        await loader.EncodeToFileAsync(loader.OpenImages(Images), _folder["f.npz"], cancellationToken: Cancellation);
        var images = (await loader.LoadAsync(Images, cancellationToken: Cancellation)).Features;
        var file = (await loader.LoadAsync(_folder["f.npz"], cancellationToken: Cancellation)).Features;
        file.ImageEncoder.ShouldNotBeNull().ShouldBe(images.ImageEncoder);
        file.TextEncoder.ShouldNotBeNull().ShouldBe(images.TextEncoder);
        (await loader.LoadImageFeaturesAsync(_folder["f.npz"], Cancellation)).Encoder.ShouldBe(images.ImageEncoder);
        using var texts = TextFeatureSource.FromFile(_folder["f.npz"]);
        (await texts.EncodeAsync(["sky"], Cancellation)).Encoder.ShouldBe(images.TextEncoder);
    }

    private void Save(string name, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        File.WriteAllBytes(_folder[name], content);
    }

    private static byte[] Lines(IEnumerable<string> lines) => System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
