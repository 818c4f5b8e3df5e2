using Lfa.Encoders.Datasets;
using Microsoft.Extensions.AI;

namespace Lfa.Encoders.Pipeline;

/// <summary>Embeds the pictures of a data set with any provider of embeddings, such as an API.</summary>
internal sealed class GeneratorImageSource(IEmbeddingGenerator<DataContent, Embedding<float>> generator) : IImageFeatureSource
{
    // Providers take some tens of inputs in a request.
    private const int PicturesPerRequest = 16;

    public string Fingerprint => $"{generator.GetService<EmbeddingGeneratorMetadata>()?.ProviderName} {generator.GetService<EmbeddingGeneratorMetadata>()?.DefaultModelId}";

    public int CropCount => 1;

    public int BatchSize => PicturesPerRequest;

    public IEnumerable<EncodedImage[]> Encode(IReadOnlyList<ImageItem> items, int start, CancellationToken cancellationToken) =>
        new BatchPipeline<ImageItem, DataContent>(BatchSize, Read, Embed).Run(items, start, cancellationToken);

    public void Dispose()
    {
        // The generator belongs to the caller.
    }

    private static DataContent Read(ImageItem item)
    {
        if (item.IsVideo)
            throw new InvalidDataException("videos need an encoder of our own; sample pictures from it first.");
        return new DataContent(PictureFile.Read(item.Path).AsMemory(), MediaTypeOf(item.Path)) { Name = item.Name };
    }

    private static string MediaTypeOf(string path) => Path.GetExtension(path).TrimStart('.').ToLowerInvariant() switch
    {
        "jpg" or "jpe" => "image/jpeg",
        "tif" => "image/tiff",
        "" => "application/octet-stream",
        var extension => $"image/{extension}",
    };

    private IReadOnlyList<float[]> Embed(IReadOnlyList<DataContent> pictures)
    {
        var embeddings = generator.GenerateAsync(pictures, options: null).GetAwaiter().GetResult();
        return [.. embeddings.Select(embedding => UnitRows.Of(embedding.Vector, embedding.Vector.Length).ToArray())];
    }
}
