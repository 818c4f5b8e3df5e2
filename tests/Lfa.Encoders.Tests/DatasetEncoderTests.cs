using Lfa.Data;
using Lfa.Encoders.Api;
using Lfa.Encoders.Datasets;
using Lfa.Encoders.Models;
using Lfa.Encoders.Tests.Support;
using Lfa.Encoders.Text;
using Lfa.IO;
using Microsoft.Extensions.AI;

namespace Lfa.Encoders.Tests;

public sealed class DatasetEncoderTests : IDisposable
{
    private static readonly DatasetEncoderOptions NoCache = new() { CacheFolder = null, Encoder = new EncoderOptions { BatchSize = 3 } };

    private readonly TemporaryFolder _folder = new();
    private readonly ModelFolder _model;

    public DatasetEncoderTests()
    {
        _model = ModelFolder.Open(TinyModel.Write(_folder["model"], masked: true));
        for (var i = 0; i < 5; i++)
        {
            Save($"images/red_ball/{i}.png", TinyImage.Png(200 + i, 10, 10));
            Save($"images/sky/{i}.png", TinyImage.Png(10, 10, 200 + i));
        }
    }

    private string Images => _folder["images"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task EncodeAsync_FolderOfClasses_GivesFeaturesLabelsAndPrototypes()
    {
        using var encoder = DatasetEncoder.Open(_model, NoCache);
        var encoded = await encoder.EncodeAsync(ImageDataset.FromFolder(Images), cancellationToken: Cancellation);
        encoded.Unreadable.ShouldBeEmpty();
        encoded.Features.ClassNames.ShouldBe(["red ball", "sky"]);
        encoded.Features.Labels.ToArray().ShouldBe([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
        encoded.Features.FileNames![0].ShouldBe("red_ball/0.png");
        encoded.Features.Dimension.ShouldBe(TinyModel.Dimension);
        encoded.Features.ClassPrototypes.Rows.ShouldBe(2);
    }

    [Fact]
    public async Task Features_TellTheEncoderAndItsTemperature()
    {
        TinyModel.WriteConfiguration(_folder["model"], logitScale: 20);
        var model = ModelFolder.Open(_folder["model"], name: "tiny");
        using var encoder = DatasetEncoder.Open(model, NoCache);
        var features = (await encoder.EncodeAsync(ImageDataset.FromFolder(Images), cancellationToken: Cancellation)).Features;
        (features.ImageEncoder!.Name, features.ImageEncoder.Fingerprint).ShouldBe(("tiny", model.VisionFingerprint));
        features.Temperature.ShouldBe(0.05, 1e-12);
    }

    [Fact]
    public async Task EncodeAsync_FiveCrops_StoresTheCenterLast()
    {
        using var five = DatasetEncoder.Open(_model, NoCache with { Crops = Crops.Five });
        using var one = DatasetEncoder.Open(_model, NoCache);
        var dataset = ImageDataset.FromFolder(Images);
        var crops = (await five.EncodeAsync(dataset, cancellationToken: Cancellation)).Features;
        crops.Crops.Count.ShouldBe(5);
        crops.ImageFeatures.Values.ToArray().ShouldBe((await one.EncodeAsync(dataset, cancellationToken: Cancellation)).Features.ImageFeatures.Values.ToArray());
    }

    [Fact]
    public async Task EncodeAsync_BrokenImages_AreNamedAndLeftOut()
    {
        Save("images/sky/broken.png", "no image"u8.ToArray());
        Save("images/red_ball/empty.jpg", []);
        using var encoder = DatasetEncoder.Open(_model, NoCache);
        var encoded = await encoder.EncodeAsync(ImageDataset.FromFolder(Images), cancellationToken: Cancellation);
        encoded.Unreadable.Select(image => image.Name).ShouldBe(["red_ball/empty.jpg", "sky/broken.png"]);
        encoded.Features.SampleCount.ShouldBe(10);
        encoded.Features.FileNames!.ShouldNotContain("sky/broken.png");
    }

    [Fact]
    public async Task EncodeAsync_NothingReadable_NamesTheFirst()
    {
        Save("none/a/x.png", "no image"u8.ToArray());
        using var encoder = DatasetEncoder.Open(_model, NoCache);
        (await Should.ThrowAsync<LfaDataException>(() => encoder.EncodeAsync(ImageDataset.FromFolder(_folder["none"]), cancellationToken: Cancellation))).Message.ShouldContain("a/x.png");
    }

    [Fact]
    public async Task EncodeAsync_WithoutClasses_SaysHowToGiveThem()
    {
        using var encoder = DatasetEncoder.Open(_model, NoCache);
        (await Should.ThrowAsync<LfaDataException>(() => encoder.EncodeAsync(ImageDataset.FromFolder(Path.Combine(Images, "sky")), cancellationToken: Cancellation))).Message.ShouldContain("class names");
    }

    [Fact]
    public async Task EncodeClassNames_SeveralTemplates_AveragesUnitEmbeddings()
    {
        using var encoder = DatasetEncoder.Open(_model, NoCache with { Templates = new PromptTemplates(["a {}", "the {} of"]) });
        using var texts = TextEncoder.Open(_model);
        var sentences = await texts.GenerateAsync(["a cat", "the cat of"], cancellationToken: Cancellation);
        var expected = new Matrix(Enumerable.Range(0, TinyModel.Dimension).Select(i => sentences[0].Vector.Span[i] + sentences[1].Vector.Span[i]).ToArray(), 1, TinyModel.Dimension).NormalizeRows();
        var actual = (await encoder.EncodeClassNamesAsync(["cat"], Cancellation)).ClassPrototypes;
        for (var i = 0; i < TinyModel.Dimension; i++)
            actual[0, i].ShouldBe(expected[0, i], 1e-6f);
    }

    [Fact]
    public async Task EncodeAsync_SeveralTemplates_KeepsPromptsApart()
    {
        var options = NoCache with { Templates = new PromptTemplates(["a {}", "the {} of"]) };
        using var encoder = DatasetEncoder.Open(_model, options);
        using var texts = TextEncoder.Open(_model);
        var features = (await encoder.EncodeAsync(ImageDataset.FromFolder(Images), cancellationToken: Cancellation)).Features;
        var sentence = (await texts.GenerateAsync(["the sky of"], cancellationToken: Cancellation))[0];
        features.Prompts!.PerClass.ShouldBe(2);
        for (var i = 0; i < TinyModel.Dimension; i++)
            features.Prompts.Row(1, 1)[i].ShouldBe(sentence.Vector.Span[i], 1e-6f);
        features.ClassPrototypes.Values.ToArray().ShouldBe((await encoder.EncodeClassNamesAsync(features.ClassNames, Cancellation)).ClassPrototypes.Values.ToArray());
        using var one = DatasetEncoder.Open(_model, NoCache);
        (await one.EncodeAsync(ImageDataset.FromFolder(Images), cancellationToken: Cancellation)).Features.Prompts.ShouldBeNull();
    }

    [Fact]
    public async Task EncodeToFileAsync_SeveralTemplates_KeepsPromptsWhereAsked()
    {
        var options = NoCache with { Templates = new PromptTemplates(["a {}", "the {} of"]), CacheFolder = _folder["cache"] };
        async Task<FeatureSet> Encode(bool keepsPrompts)
        {
            using var encoder = DatasetEncoder.Open(_model, options with { KeepsPrompts = keepsPrompts });
            return FeatureFile.Read((await encoder.EncodeToFileAsync(ImageDataset.FromFolder(Images), _folder["f.npz"], cancellationToken: Cancellation)).Path);
        }
        var (means, apart, cached) = (await Encode(false), await Encode(true), await Encode(true));
        means.Prompts.ShouldBeNull();
        apart.Prompts!.PerClass.ShouldBe(2);
        apart.ClassPrototypes.Values.ToArray().ShouldBe(means.ClassPrototypes.Values.ToArray());
        cached.Prompts!.Features.Values.ToArray().ShouldBe(apart.Prompts.Features.Values.ToArray());
    }

    [Fact]
    public async Task EncodeToFileAsync_ThenRead_IsTheEncodedDataset()
    {
        using var encoder = DatasetEncoder.Open(_model, NoCache with { Crops = Crops.Five });
        var dataset = ImageDataset.FromFolder(Images);
        var file = await encoder.EncodeToFileAsync(dataset, _folder["f.npz"], cancellationToken: Cancellation);
        (file.Written, file.Resumed, file.Dimension).ShouldBe((10, 0, TinyModel.Dimension));
        var read = FeatureFile.Read(file.Path);
        var expected = (await encoder.EncodeAsync(dataset, cancellationToken: Cancellation)).Features;
        read.Crops.Count.ShouldBe(5);
        read.ImageFeatures.Values.ToArray().ShouldBe(expected.ImageFeatures.Values.ToArray());
        read.ClassNames.ShouldBe(expected.ClassNames);
        read.FileNames.ShouldBe(expected.FileNames);
        Directory.GetFiles(_folder.FullName, "*.partial").ShouldBeEmpty();
    }

    [Fact]
    public async Task EncodeToFileAsync_CancelledThenResumed_GivesTheSameBytes()
    {
        Save("images/sky/broken.png", "no image"u8.ToArray());
        using var encoder = DatasetEncoder.Open(_model, NoCache);
        var dataset = ImageDataset.FromFolder(Images);
        await encoder.EncodeToFileAsync(dataset, _folder["whole.npz"], cancellationToken: Cancellation);

        for (var stopAfter = 1; stopAfter < 10; stopAfter += 3)
        {
            using var stop = new CancellationTokenSource();
            var progress = new Immediate(value =>
            {
                if (value.Done >= stopAfter)
                    stop.Cancel();
            });
            await Should.ThrowAsync<OperationCanceledException>(() => encoder.EncodeToFileAsync(dataset, _folder["resumed.npz"], progress: progress, cancellationToken: stop.Token));
            File.Exists(_folder["resumed.npz"]).ShouldBeFalse();
            var resumed = await encoder.EncodeToFileAsync(dataset, _folder["resumed.npz"], cancellationToken: Cancellation);
            resumed.Resumed.ShouldBeInRange(stopAfter, 10);
            resumed.Unreadable.Count.ShouldBe(1);
            File.ReadAllBytes(_folder["resumed.npz"]).ShouldBe(File.ReadAllBytes(_folder["whole.npz"]));
            File.Delete(_folder["resumed.npz"]);
        }
    }

    [Fact]
    public async Task EncodeToFileAsync_ChangedImage_BeginsAgainFromItsBatch()
    {
        using var encoder = DatasetEncoder.Open(_model, NoCache);
        await Stop(encoder, after: 6);
        Save("images/red_ball/4.png", TinyImage.Png(1, 2, 3, size: 20));
        (await encoder.EncodeToFileAsync(ImageDataset.FromFolder(Images), _folder["f.npz"], cancellationToken: Cancellation)).Resumed.ShouldBe(3);

        await encoder.EncodeToFileAsync(ImageDataset.FromFolder(Images), _folder["whole.npz"], cancellationToken: Cancellation);
        File.ReadAllBytes(_folder["f.npz"]).ShouldBe(File.ReadAllBytes(_folder["whole.npz"]));
    }

    [Fact]
    public async Task EncodeToFileAsync_UnfinishedRunOfOtherOptions_IsNotTouched()
    {
        using (var encoder = DatasetEncoder.Open(_model, NoCache))
            await Stop(encoder, after: 6);
        var kept = File.ReadAllBytes(_folder["f.npz.partial"]);
        using var five = DatasetEncoder.Open(_model, NoCache with { Crops = Crops.Five });
        (await Should.ThrowAsync<LfaDataException>(() => five.EncodeToFileAsync(ImageDataset.FromFolder(Images), _folder["f.npz"], cancellationToken: Cancellation))).Message.ShouldContain("remove that file to start over");
        File.ReadAllBytes(_folder["f.npz.partial"]).ShouldBe(kept);
    }

    [Fact]
    public async Task EncodeToFileAsync_Strict_NamesTheFirstBrokenImageAndWritesNothing()
    {
        Save("images/sky/broken.png", "no image"u8.ToArray());
        using var encoder = DatasetEncoder.Open(_model, NoCache);
        (await Should.ThrowAsync<LfaDataException>(() => encoder.EncodeToFileAsync(ImageDataset.FromFolder(Images), _folder["f.npz"], strict: true, cancellationToken: Cancellation))).Message.ShouldStartWith("sky/broken.png: ");
        File.Exists(_folder["f.npz"]).ShouldBeFalse();
    }

    [Fact]
    public async Task EncodeToFileAsync_WhileAnotherWrites_SaysSo()
    {
        using var encoder = DatasetEncoder.Open(_model, NoCache);
        using var other = new FileStream(_folder["f.npz.partial"], FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        (await Should.ThrowAsync<IOException>(() => encoder.EncodeToFileAsync(ImageDataset.FromFolder(Images), _folder["f.npz"], cancellationToken: Cancellation))).Message.ShouldContain("another process");
    }

    [Fact]
    public async Task EncodeToFileAsync_Shards_TogetherHoldEveryImage()
    {
        using var encoder = DatasetEncoder.Open(_model, NoCache);
        var dataset = ImageDataset.FromFolder(Images);
        var names = new List<string>();
        for (var part = 1; part <= 3; part++)
        {
            var file = await encoder.EncodeToFileAsync(dataset.Shard(part, 3), _folder[$"{part}.npz"], cancellationToken: Cancellation);
            names.AddRange(FeatureFile.Read(file.Path).FileNames!);
        }
        names.ShouldBe(dataset.Items.Select(item => item.Name));
    }

    [Fact]
    public async Task Encode_EmptyPartOfADataset_IsRefused()
    {
        using var encoder = DatasetEncoder.Open(_model, NoCache);
        var empty = ImageDataset.FromFolder(Images).Shard(1, 30);
        await Should.ThrowAsync<LfaDataException>(() => encoder.EncodeAsync(empty, cancellationToken: Cancellation));
        await Should.ThrowAsync<LfaDataException>(() => encoder.EncodeToFileAsync(empty, _folder["f.npz"], cancellationToken: Cancellation));
        Directory.GetFiles(_folder.FullName, "f.npz*").ShouldBeEmpty();
    }

    [Fact]
    public async Task EncodeBatches_GivesEveryReadableImageInOrder()
    {
        Save("images/sky/broken.png", "no image"u8.ToArray());
        using var encoder = DatasetEncoder.Open(_model, NoCache);
        var dataset = ImageDataset.FromFolder(Images);
        var batches = encoder.EncodeBatchesAsync(dataset.Items, Cancellation).ToBlockingEnumerable().ToArray();
        batches.SelectMany(batch => batch.Items).Select(item => item.Name).ShouldBe(dataset.Items.Select(item => item.Name).Where(name => !name.Contains("broken", StringComparison.Ordinal)));
        batches.Sum(batch => batch.Blocks.Sum(block => block.Rows)).ShouldBe(10);
        batches.SelectMany(batch => batch.Unreadable).Single().Name.ShouldBe("sky/broken.png");
    }

    [Fact]
    public async Task EncodeAsync_KnownContent_ComesFromTheCache()
    {
        var cached = NoCache with { CacheFolder = _folder["cache"] };
        var dataset = ImageDataset.FromFolder(Images);
        FeatureSet first;
        using (var encoder = DatasetEncoder.Open(_model, cached))
            first = (await encoder.EncodeAsync(dataset, cancellationToken: Cancellation)).Features;

        var before = CacheBytes();
        before.ShouldBeGreaterThan(0);
        File.Move(_folder["images/sky/0.png"], _folder["images/sky/moved.png"]);
        using var again = DatasetEncoder.Open(_model, cached);
        var second = (await again.EncodeAsync(ImageDataset.FromFolder(Images), cancellationToken: Cancellation)).Features;
        second.FileNames![^1].ShouldBe("sky/moved.png");
        second.ImageFeatures.Row(9).ToArray().ShouldBe(first.ImageFeatures.Row(5).ToArray());
        second.ClassPrototypes.Values.ToArray().ShouldBe(first.ClassPrototypes.Values.ToArray());
        CacheBytes().ShouldBe(before); // Nothing was embedded, so nothing was added.

        long CacheBytes() => Directory.GetFiles(_folder["cache"]).Sum(file => new FileInfo(file).Length);
    }

    [Fact]
    public async Task Create_AnyProviders_TakeThePlaceOfOurs()
    {
        using var images = ImageEncoder.Open(_model);
        using var texts = TextEncoder.Open(_model);
        using var generic = DatasetEncoder.Create(new Foreign<DataContent>(images), new Foreign<string>(texts));
        using var ours = DatasetEncoder.Open(_model, NoCache);
        var dataset = ImageDataset.FromFolder(Images);
        var (expected, actual) = ((await ours.EncodeAsync(dataset, cancellationToken: Cancellation)).Features, (await generic.EncodeAsync(dataset, cancellationToken: Cancellation)).Features);
        actual.ImageFeatures.Values.ToArray().ShouldBe(expected.ImageFeatures.Values.ToArray());
        for (var i = 0; i < actual.ClassPrototypes.Values.Length; i++)
            actual.ClassPrototypes.Values.Span[i].ShouldBe(expected.ClassPrototypes.Values.Span[i], 1e-6f);
    }

    [Fact]
    public async Task Create_ProviderThatAnswersTooLittle_SaysSo()
    {
        using var images = ImageEncoder.Open(_model);
        using var texts = TextEncoder.Open(_model);
        using var generic = DatasetEncoder.Create(new Forgetful<DataContent>(images), texts);
        var dataset = ImageDataset.FromFolder(Images);
        (await Should.ThrowAsync<LfaDataException>(() => generic.EncodeAsync(dataset, cancellationToken: Cancellation))).Message.ShouldContain("10 inputs with 9 embeddings");
        using var forgetsTexts = DatasetEncoder.Create(images, new Forgetful<string>(texts));
        (await Should.ThrowAsync<LfaDataException>(() => forgetsTexts.EncodeClassNamesAsync(["cat", "dog"], Cancellation))).Message.ShouldContain("2 inputs with 1 embeddings");
    }

    [Fact]
    public async Task EncodeAsync_KnownNewAndBrokenImages_StayInTheirOrder()
    {
        var cached = NoCache with { CacheFolder = _folder["cache"] };
        using (var encoder = DatasetEncoder.Open(_model, cached))
            await encoder.EncodeAsync(ImageDataset.FromFolder(Images), cancellationToken: Cancellation);
        Save("images/red_ball/2a.png", TinyImage.Png(90, 80, 70));
        Save("images/red_ball/broken.png", "no image"u8.ToArray());
        Save("images/sky/0a.png", TinyImage.Png(9, 80, 170));

        using var again = DatasetEncoder.Open(_model, cached);
        using var fresh = DatasetEncoder.Open(_model, NoCache);
        var dataset = ImageDataset.FromFolder(Images);
        var (actual, expected) = (await again.EncodeAsync(dataset, cancellationToken: Cancellation), await fresh.EncodeAsync(dataset, cancellationToken: Cancellation));
        actual.Features.FileNames.ShouldBe(expected.Features.FileNames);
        actual.Features.ImageFeatures.Values.ToArray().ShouldBe(expected.Features.ImageFeatures.Values.ToArray());
        actual.Unreadable.ShouldBe(expected.Unreadable);
    }

    [Fact]
    public async Task EncodeAsync_Videos_AreTheMeansOfTheirFrames()
    {
        MadeUpVideo.RequireProgram();
        for (var i = 0; i < 3; i++)
            MadeUpVideo.Save(_folder[$"images/sky/v{i}.mp4"], "testsrc=size=32x32:rate=10", seconds: 1 + i);
        using var encoder = DatasetEncoder.Open(_model, NoCache with { Frames = 5 });
        var features = (await encoder.EncodeAsync(ImageDataset.FromFolder(Images), cancellationToken: Cancellation)).Features;

        using var images = ImageEncoder.Open(_model);
        var mean = new float[TinyModel.Dimension];
        var crop = new float[images.Preprocessor.ValuesPerCrop];
        foreach (var frame in VideoFrames.Sample(_folder["images/sky/v1.mp4"], 5, Cancellation))
        {
            images.Preprocessor.Process(frame, Crops.Center, crop);
            var unit = new Matrix(images.Run(crop, 1), 1, TinyModel.Dimension).NormalizeRows();
            for (var i = 0; i < mean.Length; i++)
                mean[i] += unit[0, i];
        }
        var expected = new Matrix(mean, 1, mean.Length).NormalizeRows();
        var row = features.FileNames!.ToList().IndexOf("sky/v1.mp4");
        for (var i = 0; i < mean.Length; i++)
            features.ImageFeatures[row, i].ShouldBe(expected[0, i], 1e-6f);
    }

    [Fact]
    public async Task Open_OtherTexts_GivesATaskOfTwoSpaces()
    {
        TinyModel.WriteConfiguration(_folder["model"], logitScale: 20);
        using var server = new ApiServer();
        using var api = new EmbeddingsApi(new EmbeddingsApiOptions { Endpoint = server.Base, Model = "other", CacheFolder = null });
        using var encoder = DatasetEncoder.Open(ModelFolder.Open(_folder["model"]), api, NoCache with { Templates = new PromptTemplates(["{}", "a {}."]) });
        var encoded = await encoder.EncodeAsync(ImageDataset.FromFolder(Images), cancellationToken: Cancellation);
        (encoded.Features.Dimension, encoded.Features.TextDimension, encoded.Features.SharesSpace).ShouldBe((TinyModel.Dimension, ApiServer.Dimension, false));
        encoded.Features.Temperature.ShouldBe(0.01);
        server.Batches.ShouldBe([["red ball", "a red ball.", "sky", "a sky."]]);
        encoded.Features.ClassPrototypes.Row(1).ToArray().ShouldBe(MeanOfUnits("sky", "a sky."), 1e-6);

        var file = await encoder.EncodeToFileAsync(ImageDataset.FromFolder(Images), _folder["f.npz"], cancellationToken: Cancellation);
        file.Dimension.ShouldBe(TinyModel.Dimension);
        FeatureFile.Read(_folder["f.npz"]).ClassPrototypes.Values.ToArray().ShouldBe(encoded.Features.ClassPrototypes.Values.ToArray(), 1e-6);
    }

    [Fact]
    public async Task EncodeToFileAsync_GivenPrototypes_EmbedsNoText()
    {
        using var encoder = DatasetEncoder.Open(_model, new Forgetful<string>(TextEncoder.Open(_model)), NoCache);
        var prototypes = new Matrix(new float[] { 1, 0, 0, 0, 1, 0 }, 2, 3);
        await encoder.EncodeToFileAsync(ImageDataset.FromFolder(Images), _folder["f.npz"], prototypes, cancellationToken: Cancellation);
        FeatureFile.Read(_folder["f.npz"]).ClassPrototypes.Values.ToArray().ShouldBe(prototypes.Values.ToArray());
    }

    [Fact]
    public async Task EncodeAsync_TowersOfOneModelWithOtherWidths_AreRefused()
    {
        File.WriteAllBytes(Path.Combine(_folder["model"], "onnx/text_model.onnx"), NarrowText().Build());
        using var encoder = DatasetEncoder.Open(ModelFolder.Open(_folder["model"]), NoCache);
        var dataset = ImageDataset.FromFolder(Images);
        var problem = Invariant($"the model gives images {TinyModel.Dimension} components but class names 2; one of its towers lacks its projection.");
        (await Should.ThrowAsync<LfaDataException>(() => encoder.EncodeAsync(dataset, cancellationToken: Cancellation))).Message.ShouldBe(problem);
        (await Should.ThrowAsync<LfaDataException>(() => encoder.EncodeToFileAsync(dataset, _folder["f.npz"], cancellationToken: Cancellation))).Message.ShouldBe(problem);
    }

    [Fact]
    public async Task ClassNameEncoder_WithoutImages_GivesTheSamePrototypes()
    {
        using var texts = TextEncoder.Open(_model);
        using var encoder = DatasetEncoder.Open(_model, NoCache);
        var prototypes = await ClassNameEncoder.EncodeAsync(texts, ["cat", "dog"], cancellationToken: Cancellation);
        prototypes.ClassPrototypes.Values.ToArray().ShouldBe((await encoder.EncodeClassNamesAsync(["cat", "dog"], Cancellation)).ClassPrototypes.Values.ToArray());
        await Should.ThrowAsync<LfaDataException>(() => ClassNameEncoder.EncodeAsync(texts, [], cancellationToken: Cancellation));
    }

    // Every text is the same two numbers for each of its tokens.
    private static OnnxBuilder NarrowText() => new OnnxBuilder()
        .Input("input_ids", OnnxBuilder.Int64, -1, -1)
        .Constant("table", [.. Enumerable.Range(0, 600).SelectMany(token => new float[] { 1, token })], 600, 2)
        .Node("Gather", ["table", "input_ids"], "rows")
        .Node("ReduceSum", ["rows"], "text_embeds", ("axes", [1]), ("keepdims", [0]))
        .Output("text_embeds", OnnxBuilder.Float, -1, 2);

    private static float[] MeanOfUnits(params string[] sentences)
    {
        var units = sentences.Select(sentence => new Matrix(ApiServer.Embedding(sentence), 1, ApiServer.Dimension).NormalizeRows()).ToArray();
        float[] sum = [.. Enumerable.Range(0, ApiServer.Dimension).Select(i => units.Sum(unit => unit[0, i]))];
        return new Matrix(sum, 1, sum.Length).NormalizeRows().Values.ToArray();
    }

    private async Task Stop(DatasetEncoder encoder, int after)
    {
        using var stop = new CancellationTokenSource();
        var progress = new Immediate(value =>
        {
            if (value.Done >= after)
                stop.Cancel();
        });
        await Should.ThrowAsync<OperationCanceledException>(() => encoder.EncodeToFileAsync(ImageDataset.FromFolder(Images), _folder["f.npz"], progress: progress, cancellationToken: stop.Token));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private void Save(string name, byte[] content)
    {
        var path = _folder[name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
    }

    private sealed class Immediate(Action<EncodingProgress> report) : IProgress<EncodingProgress>
    {
        public void Report(EncodingProgress value) => report(value);
    }

    /// <summary>Leaves the last input out.</summary>
    private sealed class Forgetful<T>(IEmbeddingGenerator<T, Embedding<float>> inner) : DelegatingEmbeddingGenerator<T, Embedding<float>>(inner)
    {
        public override Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<T> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            base.GenerateAsync(values.SkipLast(1), options, cancellationToken);
    }

    /// <summary>Hides that a generator is ours.</summary>
    private sealed class Foreign<T>(IEmbeddingGenerator<T, Embedding<float>> inner) : DelegatingEmbeddingGenerator<T, Embedding<float>>(inner);
}
