using Lfa.Encoders.Datasets;
using Lfa.Encoders.Models;
using Microsoft.Extensions.AI;

namespace Lfa.Encoders.Tests;

/// <summary>Images that are no files: bytes, streams.</summary>
public sealed class MemoryImageTests : IDisposable
{
    private static readonly string[] Classes = ["red ball", "sky"];

    private readonly TemporaryFolder _folder = new();
    private readonly ModelFolder _model;

    public MemoryImageTests()
    {
        _model = ModelFolder.Open(TinyModel.Write(_folder["model"], masked: true));
        Directory.CreateDirectory(_folder["images"]);
        for (var i = 0; i < 6; i++)
            File.WriteAllBytes(Path.Combine(_folder["images"], Invariant($"{i}.png")), Content(i));
    }

    private static DatasetEncoderOptions Options => new() { CacheFolder = null, Encoder = new EncoderOptions { BatchSize = 4 } };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task EncodeAsync_BytesStreamsAndFiles_GiveTheSameFeatures()
    {
        using var encoder = DatasetEncoder.Open(_model, Options);
        var files = await EncodeAsync(encoder, i => ImageItem.FromFile(Path.Combine(_folder["images"], Invariant($"{i}.png")), Invariant($"{i}"), i % 2));
        foreach (var make in Makers())
        {
            var set = await EncodeAsync(encoder, i => make(i));
            set.ImageFeatures.Values.ToArray().ShouldBe(files.ImageFeatures.Values.ToArray());
            set.Labels.ToArray().ShouldBe([0, 1, 0, 1, 0, 1]);
            set.FileNames.ShouldBe(["0", "1", "2", "3", "4", "5"]);
            set.ClassNames.ShouldBe(Classes);
        }
    }

    [Fact]
    public async Task EncodeBatchesAsync_BytesAmongFiles_KeepTheirOrder()
    {
        using var encoder = DatasetEncoder.Open(_model, Options);
        ImageItem[] items = [ImageItem.FromBytes("first", Content(1)), ImageItem.FromFile(Path.Combine(_folder["images"], "2.png")), ImageItem.FromBytes("broken", "no image"u8.ToArray()), ImageItem.FromBytes("empty", default)];
        var batches = await encoder.EncodeBatchesAsync(items, Cancellation).ToListAsync(Cancellation);
        batches.SelectMany(batch => batch.Items).ShouldBe(items[..2]);
        batches.SelectMany(batch => batch.Unreadable).Select(image => (image.Name, image.Problem)).ShouldBe(
        [
            ("broken", "this is not an image of a format that is read (JPEG, PNG, WebP, GIF, TIFF, AVIF); convert or remove it."),
            ("empty", "the file is empty."),
        ]);
    }

    [Fact]
    public async Task EncodeAsync_TooManyPixels_AreRefusedAsThoseOfFiles()
    {
        using var encoder = DatasetEncoder.Open(_model, Options with { Decoding = new ImageDecoderOptions { MaxPixels = 100 } });
        foreach (var make in Makers())
        {
            var error = await Should.ThrowAsync<LfaDataException>(() => EncodeAsync(encoder, i => make(i)));
            error.Message.ShouldContain("the image claims 16 × 16 pixels");
        }
    }

    [Fact]
    public async Task EncodeAsync_ContentKnownFromAFile_ComesFromTheCache()
    {
        var options = Options with { CacheFolder = _folder["cache"] };
        using (var encoder = DatasetEncoder.Open(_model, options))
            await EncodeAsync(encoder, i => ImageItem.FromFile(Path.Combine(_folder["images"], Invariant($"{i}.png")), label: i % 2));
        // Without its graph, the model can embed nothing anew. The folder was opened before, with its fingerprints.
        _ = (_model.VisionFingerprint, _model.TextFingerprint);
        File.Delete(_model.VisionGraph);
        foreach (var make in Makers())
        {
            using var encoder = DatasetEncoder.Open(_model, options);
            (await EncodeAsync(encoder, i => make(i))).SampleCount.ShouldBe(6);
        }
    }

    [Fact]
    public async Task EncodeToFileAsync_Bytes_AreTakenUpByTheirContent()
    {
        using var encoder = DatasetEncoder.Open(_model, Options);
        await Interrupt(encoder, Items(i => Content(i)));
        (await encoder.EncodeToFileAsync(Items(i => Content(i)), _folder["f.npz"], cancellationToken: Cancellation)).Resumed.ShouldBe(4);
        await Interrupt(encoder, Items(i => Content(i)));
        (await encoder.EncodeToFileAsync(Items(i => Content(i + 10)), _folder["f.npz"], cancellationToken: Cancellation)).Resumed.ShouldBe(0);
    }

    [Fact]
    public async Task EncodeAsync_StreamThatFails_IsUnreadable()
    {
        using var encoder = DatasetEncoder.Open(_model, Options);
        var encoded = await encoder.EncodeAsync(ImageDataset.FromItems([ImageItem.FromBytes("a", Content(0)), ImageItem.FromStream("b", () => throw new IOException("the network is down."))], Classes), cancellationToken: Cancellation);
        encoded.Unreadable.ShouldBe([new UnreadableImage("b", "the network is down.")]);
        encoded.Features.SampleCount.ShouldBe(1);
    }

    [Fact]
    public async Task EncodeAsync_BytesOfAVideo_SayWhatToDo()
    {
        using var encoder = DatasetEncoder.Open(_model, Options);
        var encoded = await encoder.EncodeBatchesAsync([ImageItem.FromBytes("clip.mp4", new byte[] { 1 })], Cancellation).SingleAsync(Cancellation);
        encoded.Unreadable.Single().Problem.ShouldBe("a video is read from a file only; save it, or take frames out of it.");
    }

    [Fact]
    public async Task Create_ProviderOfImages_GetsTheBytesAndTheirFormat()
    {
        var types = new List<string>();
        using var images = new Provider<DataContent>(image =>
        {
            lock (types)
                types.Add(image.MediaType);
            return image.Data.Length;
        });
        using var texts = new Provider<string>(text => text.Length);
        using var encoder = DatasetEncoder.Create(images, texts);
        await encoder.EncodeAsync(ImageDataset.FromItems([ImageItem.FromBytes("upload", Content(0)), ImageItem.FromBytes("upload.jpg", TinyImage.Png(1, 2, 3))], Classes), cancellationToken: Cancellation);
        types.ShouldBe(["image/png", "image/jpeg"]);
    }

    [Fact]
    public void FromItems_Labels_MustBeOfClassesAndOfAll()
    {
        ImageDataset.FromItems([ImageItem.FromBytes("a", Content(0))]).IsLabeled.ShouldBeFalse();
        ImageDataset.FromItems([ImageItem.FromBytes("a", Content(0), 1)], Classes).IsLabeled.ShouldBeTrue();
        var mixed = Should.Throw<LfaDataException>(() => ImageDataset.FromItems([ImageItem.FromBytes("a", Content(0), 1), ImageItem.FromBytes("b", Content(0))], Classes));
        mixed.Message.ShouldBe("b has no label but a has one; give a label to all images, or to none.");
        mixed.Row.ShouldBe(1);
        Should.Throw<LfaDataException>(() => ImageDataset.FromItems([ImageItem.FromBytes("a", Content(0), 2)], Classes)).Message.ShouldBe("the label 2 of a is out of range; there are 2 class names, which labels count from 0.");
        Should.Throw<ArgumentOutOfRangeException>(() => ImageItem.FromBytes("a", Content(0), -2));
        Should.Throw<ArgumentException>(() => ImageItem.FromBytes("", Content(0)));
    }

    [Fact]
    public void Path_OfAnImageThatIsNoFile_IsNull()
    {
        ImageItem.FromBytes("a", Content(0)).Path.ShouldBeNull();
        ImageItem.FromStream("a", () => Stream.Null).Path.ShouldBeNull();
        ImageItem.FromFile(_folder["images/0.png"]).Path.ShouldBe(Path.GetFullPath(_folder["images/0.png"]));
        using var stream = ImageItem.FromBytes("a", Content(3)).OpenRead();
        stream.Length.ShouldBe(Content(3).Length);
    }

    private static byte[] Content(int i) => i % 2 == 0 ? TinyImage.Png(200 + i, 10, 10) : TinyImage.Png(10, 10, 200 + i);

    private static ImageDataset Items(Func<int, byte[]> content) =>
        ImageDataset.FromItems(Enumerable.Range(0, 6).Select(i => ImageItem.FromBytes(Invariant($"{i}"), content(i), i % 2)), Classes);

    private static IEnumerable<Func<int, ImageItem>> Makers() =>
    [
        i => ImageItem.FromBytes(Invariant($"{i}"), Content(i), i % 2),
        // A part of a larger buffer.
        i => ImageItem.FromBytes(Invariant($"{i}"), ((byte[])[0, 0, .. Content(i), 0]).AsMemory(2, Content(i).Length), i % 2),
        i => ImageItem.FromStream(Invariant($"{i}"), () => new MemoryStream(Content(i)), i % 2),
        i => ImageItem.FromStream(Invariant($"{i}"), () => new ForwardStream(Content(i)), i % 2),
    ];

    private static async Task<Data.FeatureSet> EncodeAsync(DatasetEncoder encoder, Func<int, ImageItem> make) =>
        (await encoder.EncodeAsync(ImageDataset.FromItems(Enumerable.Range(0, 6).Select(make), Classes), cancellationToken: Cancellation)).Features;

    private async Task Interrupt(DatasetEncoder encoder, ImageDataset dataset)
    {
        using var stop = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(() => encoder.EncodeToFileAsync(dataset, _folder["f.npz"], progress: new Stop(stop), cancellationToken: stop.Token));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A stream without a length or a way back, as of a network.</summary>
    private sealed class ForwardStream(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        // A few bytes at a time.
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 100)]);
    }

    private sealed class Stop(CancellationTokenSource source) : IProgress<EncodingProgress>
    {
        public void Report(EncodingProgress value) => source.Cancel();
    }

    private sealed class Provider<T>(Func<T, int> value) : IEmbeddingGenerator<T, Embedding<float>>
    {
        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<T> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(input => new Embedding<float>(new float[] { value(input), 1, 2 }))));

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
