using Lfa.Encoders.Models;
using Microsoft.Extensions.AI;

namespace Lfa.Encoders.Tests;

public sealed class EncoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Images_EmbedAsTheGraphComputes()
    {
        using var encoder = ImageEncoder.Open(ModelFolder.Open(TinyModel.Write(_folder["model"])));
        encoder.Dimension.ShouldBe(TinyModel.Dimension);
        var embedding = (await encoder.GenerateAsync([Image(200, 100, 50)], cancellationToken: TestContext.Current.CancellationToken)).Single().Vector;

        double[] channels = [(200 / 255.0 - 0.4) / 0.2, (100 / 255.0 - 0.5) / 0.3, (50 / 255.0 - 0.6) / 0.4];
        var length = Math.Sqrt(16 * channels.Sum(value => value * value));
        for (var i = 0; i < TinyModel.Dimension; i++)
            ((double)embedding.Span[i]).ShouldBe(channels[i / 16] / length, 1e-5);
    }

    [Fact]
    public async Task Images_InBatches_EmbedAsAlone()
    {
        using var encoder = ImageEncoder.Open(ModelFolder.Open(TinyModel.Write(_folder["model"])), new EncoderOptions { BatchSize = 2, MaxDegreeOfParallelism = 1 });
        DataContent[] images = [.. Enumerable.Range(0, 5).Select(index => Image(40 * index, 10, 200))];
        var together = await encoder.GenerateAsync(images, cancellationToken: TestContext.Current.CancellationToken);
        together.Count.ShouldBe(5);
        foreach (var (index, image) in images.Index())
            (await encoder.GenerateAsync([image], cancellationToken: TestContext.Current.CancellationToken)).Single().Vector.ToArray().ShouldBe(together[index].Vector.ToArray());
    }

    [Fact]
    public async Task Images_Unreadable_SayWhich()
    {
        using var encoder = ImageEncoder.Open(ModelFolder.Open(TinyModel.Write(_folder["model"])));
        var broken = new DataContent("no image"u8.ToArray().AsMemory(), "image/png");
        var message = (await Should.ThrowAsync<LfaDataException>(() => encoder.GenerateAsync([Image(1, 2, 3), broken], cancellationToken: TestContext.Current.CancellationToken))).Message;
        message.ShouldStartWith("values[1]: ");
    }

    [Fact]
    public async Task Images_HalfPrecision_AreCloseToSingle()
    {
        using var single = ImageEncoder.Open(ModelFolder.Open(TinyModel.Write(_folder["single"])));
        using var half = ImageEncoder.Open(ModelFolder.Open(TinyModel.Write(_folder["half"], pixelType: OnnxBuilder.Float16)));
        var expected = (await single.GenerateAsync([Image(200, 100, 50)], cancellationToken: TestContext.Current.CancellationToken)).Single().Vector;
        var actual = (await half.GenerateAsync([Image(200, 100, 50)], cancellationToken: TestContext.Current.CancellationToken)).Single().Vector;
        for (var i = 0; i < expected.Length; i++)
            actual.Span[i].ShouldBe(expected.Span[i], 1e-3f);
    }

    [Fact]
    public async Task Texts_InBatches_EmbedAsAlone()
    {
        using var encoder = TextEncoder.Open(ModelFolder.Open(TinyModel.Write(_folder["model"], masked: true)));
        encoder.Dimension.ShouldBe(TinyModel.Dimension);
        string[] texts = ["a cat", "a rather long dog", ""];
        var together = await encoder.GenerateAsync(texts, cancellationToken: TestContext.Current.CancellationToken);
        foreach (var (index, text) in texts.Index())
        {
            var alone = (await encoder.GenerateAsync([text], cancellationToken: TestContext.Current.CancellationToken)).Single().Vector;
            for (var i = 0; i < alone.Length; i++)
                together[index].Vector.Span[i].ShouldBe(alone.Span[i], 1e-6f);
        }
        together[0].Vector.ToArray().ShouldNotBe(together[1].Vector.ToArray());
    }

    [Fact]
    public async Task Texts_TokensOf32Bits_EmbedAsThoseOf64()
    {
        using var wide = TextEncoder.Open(ModelFolder.Open(TinyModel.Write(_folder["wide"])));
        using var narrow = TextEncoder.Open(ModelFolder.Open(TinyModel.Write(_folder["narrow"], tokenType: OnnxBuilder.Int32)));
        var expected = await wide.GenerateAsync(["a dog"], cancellationToken: TestContext.Current.CancellationToken);
        var actual = await narrow.GenerateAsync(["a dog"], cancellationToken: TestContext.Current.CancellationToken);
        actual.Single().Vector.ToArray().ShouldBe(expected.Single().Vector.ToArray());
    }

    [Fact]
    public async Task OneGraphOfBothTowers_EmbedsAsTwo()
    {
        var (apart, combined) = (ModelFolder.Open(TinyModel.Write(_folder["apart"], masked: true)), ModelFolder.Open(TinyModel.WriteCombined(_folder["combined"])));
        using var images = ImageEncoder.Open(combined);
        using var texts = TextEncoder.Open(combined);
        using var apartImages = ImageEncoder.Open(apart);
        using var apartTexts = TextEncoder.Open(apart);
        var cancellation = TestContext.Current.CancellationToken;
        (await images.GenerateAsync([Image(9, 200, 50)], cancellationToken: cancellation)).Single().Vector.ToArray()
            .ShouldBe((await apartImages.GenerateAsync([Image(9, 200, 50)], cancellationToken: cancellation)).Single().Vector.ToArray());
        (await texts.GenerateAsync(["a cat"], cancellationToken: cancellation)).Single().Vector.ToArray()
            .ShouldBe((await apartTexts.GenerateAsync(["a cat"], cancellationToken: cancellation)).Single().Vector.ToArray());
    }

    [Fact]
    public async Task Images_GraphForOneImageAtATime_EmbedAsMany()
    {
        TinyModel.Write(_folder["many"]);
        TinyModel.Write(_folder["one"]);
        File.WriteAllBytes(Path.Combine(_folder["one"], "onnx", "vision_model.onnx"), TinyModel.Vision(new OnnxBuilder(), OnnxBuilder.Float, batch: 1).Build());
        using var many = ImageEncoder.Open(ModelFolder.Open(_folder["many"]));
        using var one = ImageEncoder.Open(ModelFolder.Open(_folder["one"]));
        one.BatchSize.ShouldBe(1);
        DataContent[] images = [Image(9, 200, 50), Image(1, 2, 3)];
        var (expected, actual) = (await many.GenerateAsync(images, cancellationToken: TestContext.Current.CancellationToken), await one.GenerateAsync(images, cancellationToken: TestContext.Current.CancellationToken));
        actual.Select(embedding => embedding.Vector.ToArray()).ShouldBe(expected.Select(embedding => embedding.Vector.ToArray()));
    }

    [Fact]
    public async Task Images_DynamicallyQuantizedGraph_DoNotDependOnTheirCompany()
    {
        TinyModel.Write(_folder["model"]);
        File.WriteAllBytes(Path.Combine(_folder["model"], "onnx", "vision_model.onnx"), TinyModel.QuantizedVision().Build());
        using var encoder = ImageEncoder.Open(ModelFolder.Open(_folder["model"]));
        encoder.BatchSize.ShouldBe(1);
        var cancellation = TestContext.Current.CancellationToken;
        var alone = (await encoder.GenerateAsync([Image(90, 100, 110)], cancellationToken: cancellation)).Single().Vector.ToArray();
        (await encoder.GenerateAsync([Image(90, 100, 110), Image(255, 255, 255)], cancellationToken: cancellation))[0].Vector.ToArray().ShouldBe(alone);
    }

    [Fact]
    public void Open_UnknownInput_NamesIt()
    {
        TinyModel.Write(_folder["model"]);
        var graph = TinyModel.Vision(new OnnxBuilder(), OnnxBuilder.Float).Input("spatial_shapes", OnnxBuilder.Int64, -1, 2).Output("spatial_shapes", OnnxBuilder.Int64, -1, 2);
        var path = Path.Combine(_folder["model"], "onnx", "vision_model.onnx");
        File.WriteAllBytes(path, graph.Build());
        var message = Should.Throw<LfaDataException>(() => ImageEncoder.Open(ModelFolder.Open(_folder["model"]))).Message;
        message.ShouldStartWith(path);
        message.ShouldContain("the input spatial_shapes is unknown");
    }

    [Fact]
    public void Open_OtherNames_AreFoundByShape()
    {
        TinyModel.Write(_folder["model"]);
        File.WriteAllBytes(Path.Combine(_folder["model"], "onnx", "vision_model.onnx"), TinyModel.Vision(new OnnxBuilder(), OnnxBuilder.Float, "image", "features").Build());
        using var encoder = ImageEncoder.Open(ModelFolder.Open(_folder["model"]));
        encoder.Dimension.ShouldBe(TinyModel.Dimension);
    }

    [Fact]
    public void Open_NoGraph_NamesTheFileInOneLine()
    {
        TinyModel.Write(_folder["model"]);
        var path = Path.Combine(_folder["model"], "onnx", "vision_model.onnx");
        File.WriteAllText(path, "no graph");
        var message = Should.Throw<LfaDataException>(() => ImageEncoder.Open(ModelFolder.Open(_folder["model"]))).Message;
        message.ShouldStartWith(path);
        message.ShouldNotContain('\n');
    }

    [Fact]
    public void Open_TowersInEachOthersPlace_IsRefused()
    {
        TinyModel.Write(_folder["model"]);
        File.Copy(Path.Combine(_folder["model"], "onnx", "text_model.onnx"), Path.Combine(_folder["model"], "onnx", "vision_model.onnx"), overwrite: true);
        Should.Throw<LfaDataException>(() => ImageEncoder.Open(ModelFolder.Open(_folder["model"]))).Message.ShouldContain("takes no images");
    }

    [Theory]
    [InlineData(ExecutionProvider.Cuda, "Microsoft.ML.OnnxRuntime.Gpu")]
    [InlineData(ExecutionProvider.DirectML, "Microsoft.ML.OnnxRuntime.DirectML")]
    public void Open_AbsentProvider_NamesItsPackage(ExecutionProvider provider, string package)
    {
        var model = ModelFolder.Open(TinyModel.Write(_folder["model"]));
        var message = Should.Throw<LfaDataException>(() => ImageEncoder.Open(model, new EncoderOptions { Provider = provider })).Message;
        message.ShouldContain(package);
        message.ShouldNotContain('\n');
    }

    [Fact]
    public void GetService_TellsModelAndDimension()
    {
        using var encoder = ImageEncoder.Open(ModelFolder.Open(TinyModel.Write(_folder["model"]), name: "tiny"));
        var metadata = encoder.GetService<EmbeddingGeneratorMetadata>()!;
        metadata.DefaultModelId.ShouldBe("tiny");
        metadata.DefaultModelDimensions.ShouldBe(TinyModel.Dimension);
        encoder.GetService<ImageEncoder>().ShouldBeSameAs(encoder);
        encoder.GetService<TextEncoder>().ShouldBeNull();
    }

    [Fact]
    public async Task GenerateAsync_FromSeveralThreads_GivesTheSame()
    {
        using var encoder = ImageEncoder.Open(ModelFolder.Open(TinyModel.Write(_folder["model"])));
        var expected = (await encoder.GenerateAsync([Image(7, 8, 9)], cancellationToken: TestContext.Current.CancellationToken)).Single().Vector.ToArray();
        var all = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => encoder.GenerateAsync([Image(7, 8, 9)], cancellationToken: TestContext.Current.CancellationToken)));
        foreach (var one in all)
            one.Single().Vector.ToArray().ShouldBe(expected);
    }

    private static DataContent Image(int red, int green, int blue) => new(TinyImage.Png(red, green, blue).AsMemory(), "image/png");
}
