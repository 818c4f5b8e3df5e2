using Lfa.Classification;
using Lfa.Data;

namespace Lfa.Methods;

/// <summary>
/// Images and classes whose inner products are what classifiers say that were fitted without the image: what transport needs to
/// move images that it has moved before, without that their labels of that time speak for themselves.
/// </summary>
/// <remarks>
/// With classifiers H_1, H_2, … of C × d, one for each fold, the row of an image x of fold 1 is (x, 1, 0, 0, …) and that of a class c
/// (H_1c, b_1c, H_2c, b_2c, …). So no score is stored, whatever the number of images. The scores are at the temperature of the
/// encoder: as sure, in mean entropy over the images, as zero-shot classification.
/// </remarks>
internal sealed class CrossScores
{
    private CrossScores(Matrix images, Matrix classes) => (Images, Classes) = (images, classes);

    /// <summary>Gets a row for each image, n × k·(d + 1).</summary>
    public Matrix Images { get; }

    /// <summary>Gets a row for each class, C × k·(d + 1).</summary>
    public Matrix Classes { get; }

    /// <summary>Arranges images and classifiers.</summary>
    /// <param name="images">The images without labels, and their class prototypes.</param>
    /// <param name="heads">The classifiers of the folds.</param>
    /// <param name="folds">The fold that holds each image out.</param>
    /// <param name="context">The seed by which images are drawn where there are many, and the threads.</param>
    public static CrossScores Of(FeatureSet images, IReadOnlyList<LinearHead> heads, int[] folds, FitContext context)
    {
        var rows = Place(images.ImageFeatures, folds, heads.Count);
        var joined = new LinearHead(Join(heads));
        var temperature = EntropyMatching.Fit(drawn => joined.Apply(rows.SelectRows(drawn), context.MaxDegreeOfParallelism), images, context);
        return new CrossScores(rows, joined.Times(images.Temperature / temperature).Weights);
    }

    private static Matrix Place(Matrix images, int[] folds, int count)
    {
        var width = images.Columns + 1;
        var values = new float[checked(images.Rows * count * width)];
        for (var i = 0; i < images.Rows; i++)
        {
            var row = values.AsSpan(((i * count) + folds[i]) * width, width);
            images.Row(i).CopyTo(row);
            row[^1] = 1;
        }
        return new Matrix(values, images.Rows, count * width);
    }

    private static Matrix Join(IReadOnlyList<LinearHead> heads)
    {
        var (classes, width) = (heads[0].ClassCount, heads[0].Dimension + 1);
        var values = new float[classes * heads.Count * width];
        for (var c = 0; c < classes; c++)
        {
            for (var h = 0; h < heads.Count; h++)
            {
                var row = values.AsSpan(((c * heads.Count) + h) * width, width);
                heads[h].Weights.Row(c).CopyTo(row);
                row[^1] = heads[h].Biases.IsEmpty ? 0 : heads[h].Biases.Span[c];
            }
        }
        return new Matrix(values, classes, heads.Count * width);
    }
}
