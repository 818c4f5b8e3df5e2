using Lfa.Data;
using Lfa.Encoders.Api;
using Lfa.Encoders.Datasets;
using Lfa.Encoders.Models;
using Lfa.Encoders.Sources;
using Microsoft.Extensions.AI;

namespace Lfa.Encoders.Tests;

/// <summary>Features know which encoders gave them.</summary>
public sealed class EncoderIdentityTests : IDisposable
{
    private static readonly DatasetEncoderOptions NoCache = new() { CacheFolder = null };

    private static readonly ImageDataset Dataset = ImageDataset.FromItems([ImageItem.FromBytes("a", TinyImage.Png(200, 10, 10), 0), ImageItem.FromBytes("b", TinyImage.Png(10, 10, 200), 1)], ["red ball", "sky"]);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task EncodeAsync_OneModel_GivesTwoEncodersOfOneSpace()
    {
        var model = Write("model", logitScale: 20);
        using var encoder = DatasetEncoder.Open(model, NoCache);
        var set = (await encoder.EncodeAsync(Dataset, cancellationToken: Cancellation)).Features;
        var (image, text) = (set.ImageEncoder.ShouldNotBeNull(), set.TextEncoder.ShouldNotBeNull());
        (image.Name, image.Fingerprint, image.Dimension).ShouldBe(("tiny", model.VisionFingerprint, TinyModel.Dimension));
        (text.Name, text.Fingerprint, text.Dimension).ShouldBe(("tiny", model.TextFingerprint, TinyModel.Dimension));
        image.Space.ShouldBe(text.Space.ShouldNotBeNull());
        image.Temperature!.Value.ShouldBe(0.05, 1e-12);
        set.SharesSpace.ShouldBeTrue();
    }

    [Fact]
    public async Task EncodeAsync_TextsOfAnotherModelOfThatWidth_ShareNoSpace()
    {
        using var other = TextEncoder.Open(Write("other", logitScale: 30));
        using var encoder = DatasetEncoder.Open(Write("model", logitScale: 20), other, NoCache);
        var set = (await encoder.EncodeAsync(Dataset, cancellationToken: Cancellation)).Features;
        set.TextDimension.ShouldBe(set.Dimension);
        set.SharesSpace.ShouldBeFalse();
    }

    [Fact]
    public async Task EncodeAsync_TextsOfTheSameModelAsAGenerator_ShareItsSpace()
    {
        var model = Write("model");
        using var texts = TextEncoder.Open(model);
        using var encoder = DatasetEncoder.Open(model, texts, NoCache);
        (await encoder.EncodeAsync(Dataset, cancellationToken: Cancellation)).Features.SharesSpace.ShouldBeTrue();
    }

    [Fact]
    public async Task EncodeAsync_TextsOfAnApi_AreOfItsModel()
    {
        using var server = new ApiServer();
        using var api = new EmbeddingsApi(new EmbeddingsApiOptions { Endpoint = server.Base, Model = "text-embedding-tiny", CacheFolder = null });
        using var encoder = DatasetEncoder.Open(Write("model"), api, NoCache);
        var text = (await encoder.EncodeAsync(Dataset, cancellationToken: Cancellation)).Features.TextEncoder;
        text.ShouldBe(new EncoderIdentity("text-embedding-tiny") { Space = "text-embedding-tiny", Dimension = ApiServer.Dimension });
    }

    [Fact]
    public async Task EncodeAsync_GivenTexts_KeepTheirEncoder()
    {
        using var encoder = DatasetEncoder.Open(Write("model"), NoCache);
        var prototypes = new Matrix(new float[] { 1, 0, 0, 1 }, 2, 2);
        (await encoder.EncodeAsync(Dataset, prototypes, cancellationToken: Cancellation)).Features.TextEncoder.ShouldBeNull();
        var named = new TextFeatures(prototypes, new EncoderIdentity("other"));
        (await encoder.EncodeAsync(Dataset, named, cancellationToken: Cancellation)).Features.TextEncoder.ShouldBe(new EncoderIdentity("other"));
    }

    [Fact]
    public void Identities_OfACopyOfTheFolder_AreTheSame()
    {
        var (first, second, other) = (Write("first"), Write("second"), Write("third", logitScale: 5));
        second.ImageIdentity.ShouldBe(first.ImageIdentity);
        second.TextIdentity.ShouldBe(first.TextIdentity);
        // config.json is the tokenizer's, too.
        other.ImageIdentity.Fingerprint.ShouldBe(first.ImageIdentity.Fingerprint);
        other.ImageIdentity.Space.ShouldNotBe(first.ImageIdentity.Space);
    }

    [Fact]
    public void GetService_OfOurEncoders_TellsTheIdentity()
    {
        var model = Write("model");
        using var images = ImageEncoder.Open(model);
        using var texts = TextEncoder.Open(model);
        images.GetService<EncoderIdentity>().ShouldBe(model.ImageIdentity with { Dimension = TinyModel.Dimension });
        texts.GetService<EncoderIdentity>().ShouldBe(model.TextIdentity with { Dimension = TinyModel.Dimension });
    }

    [Fact]
    public async Task LoadAsync_TextFeaturesOfAGenerator_BringTheirEncoder()
    {
        using var server = new ApiServer();
        using var texts = TextFeatureSource.FromGenerator(new EmbeddingsApi(new EmbeddingsApiOptions { Endpoint = server.Base, Model = "text-embedding-tiny", CacheFolder = null }), ownsGenerator: true);
        using var loader = new SourceLoader(Write("model"), new SourceLoaderOptions { Encoding = NoCache, TextFeatures = texts });
        var images = (await loader.EncodeAsync(Dataset, cancellationToken: Cancellation)).Features;
        images.TextEncoder!.Name.ShouldBe("text-embedding-tiny");
        IO.FeatureFile.Write(_folder["f.npz"], images);
        (await loader.LoadAsync(_folder["f.npz"], cancellationToken: Cancellation)).Features.TextEncoder!.Name.ShouldBe("text-embedding-tiny");
    }

    private ModelFolder Write(string name, double? logitScale = null)
    {
        TinyModel.Write(_folder[name], masked: true);
        TinyModel.WriteConfiguration(_folder[name], logitScale);
        return ModelFolder.Open(_folder[name], name: "tiny");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
