using Lfa.Data;
using Lfa.Encoders.Datasets;
using Lfa.Encoders.Pipeline;

namespace Lfa.Encoders;

/// <summary>The embeddings of consecutive images of a dataset.</summary>
/// <param name="Items">The n images that could be read.</param>
/// <param name="Crops">The features of each crop, each n × d, rows of unit length, the center crop last; empty where no image could be read.</param>
/// <param name="Unreadable">The images that could not be read.</param>
public sealed record EncodedBatch(IReadOnlyList<ImageItem> Items, IReadOnlyList<Matrix> Crops, IReadOnlyList<UnreadableImage> Unreadable)
{
    /// <summary>Gets the features of the center crops, in blocks as a classifier takes them: one of n × d, or none where no image could be read.</summary>
    public IEnumerable<Matrix> Blocks => Crops.TakeLast(1);

    internal static EncodedBatch Create(IReadOnlyList<ImageItem> items, int start, IReadOnlyList<EncodedImage> images, int cropCount)
    {
        var readable = new List<int>(images.Count);
        var unreadable = new List<UnreadableImage>();
        for (var i = 0; i < images.Count; i++)
        {
            if (images[i].Problem is { } problem)
                unreadable.Add(new UnreadableImage(items[start + i].Name, problem));
            else
                readable.Add(i);
        }
        Matrix[] crops = readable.Count == 0 ? [] : [.. Enumerable.Range(0, cropCount).Select(crop => Matrix(images, readable, crop, cropCount))];
        return new EncodedBatch([.. readable.Select(i => items[start + i])], crops, unreadable);
    }

    private static Matrix Matrix(IReadOnlyList<EncodedImage> images, List<int> rows, int crop, int cropCount)
    {
        var dimension = images[rows[0]].Features!.Length / cropCount;
        var values = new float[rows.Count * dimension];
        for (var row = 0; row < rows.Count; row++)
            images[rows[row]].Features.AsSpan(crop * dimension, dimension).CopyTo(values.AsSpan(row * dimension));
        return new Matrix(values, rows.Count, dimension);
    }
}
