using Lfa.Data;
using Lfa.Encoders.Datasets;
using Lfa.Encoders.Images;
using Microsoft.Extensions.AI;

namespace Lfa.Encoders.Pipeline;

/// <summary>Embeds the images of a dataset with any provider of embeddings, such as an API.</summary>
internal sealed class GeneratorImageSource(IEmbeddingGenerator<DataContent, Embedding<float>> generator) : IImageFeatureSource
{
    // Providers take some tens of inputs in a request.
    private const int ImagesPerRequest = 16;

    public string Fingerprint => generator.GetService<EmbeddingGeneratorMetadata>() is { DefaultModelId: { } model } metadata
        ? $"{metadata.ProviderName} {metadata.ProviderUri} {model}"
        : throw new InvalidOperationException("The provider does not tell its model, so that an unfinished run could not be told from one of another; embed with EncodeAsync.");

    public EncoderIdentity? Identity => GeneratorIdentity.Find(generator);

    public int CropCount => 1;

    public int BatchSize => ImagesPerRequest;

    public IEnumerable<EncodedImage[]> Encode(IReadOnlyList<ImageItem> items, int start, CancellationToken cancellationToken) =>
        new BatchPipeline<ImageItem, DataContent>(BatchSize, Read, images => Embed(images, cancellationToken)).Run(items, start, cancellationToken);

    public void Dispose()
    {
        // The generator belongs to the caller.
    }

    private static DataContent Read(ImageItem item)
    {
        if (item.IsVideo)
            throw new LfaDataException("videos need an encoder of our own; sample images from it first.");
        var bytes = ImageFile.Read(item);
        return new DataContent(bytes, MediaTypeOf(item.Name, bytes.Span)) { Name = item.Name };
    }

    private static string MediaTypeOf(string name, ReadOnlySpan<byte> bytes) => Path.GetExtension(name).TrimStart('.').ToLowerInvariant() switch
    {
        "jpg" or "jpe" => "image/jpeg",
        "tif" => "image/tiff",
        "" => $"image/{ImageFormat.Find(bytes).Name.ToLowerInvariant()}",
        var extension => $"image/{extension}",
    };

    private EncodedImage[] Embed(IReadOnlyList<DataContent> images, CancellationToken cancellationToken)
    {
        var embeddings = generator.GenerateAsync(images, options: null, cancellationToken).GetAwaiter().GetResult();
        ProviderAnswer.ThrowIfNot(embeddings, images.Count);
        return [.. embeddings.Select(embedding => new EncodedImage(UnitRows.Of(embedding.Vector, embedding.Vector.Length).ToArray(), null))];
    }
}
