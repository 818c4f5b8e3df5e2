using System.Numerics.Tensors;
using Lfa.Data;

namespace Lfa.Validation;

/// <summary>Finds images that are nearly the same as another one of their class, such as frames of one video: together they are one example.</summary>
/// <remarks>
/// Two images are where their squared distance is below a tenth of the mean over the pairs of their class. In few dimensions such pairs come by chance, and in
/// a class of very many images they change little: there only rows that are bit by bit the same count once. So do they where all images of a class would be one, each near the next along a line.
/// </remarks>
internal static class NearDuplicates
{
    private const double Nearness = 0.1;
    private const int LargestClass = 256;
    private const int LeastDimension = 32;

    /// <summary>Returns for each row the first row that it is nearly or wholly the same as, over others if need be: itself, where there is none before.</summary>
    public static int[] FirstOf(FeatureSet task)
    {
        var first = RepeatedRows.FirstOf(task.ImageFeatures);
        if (task.Dimension < LeastDimension)
            return first;
        foreach (var rows in ClassMembers.Of(task.Labels.Span, task.ClassCount).Where(rows => rows.Length is > 2 and <= LargestClass))
        {
            var before = Array.ConvertAll(rows, row => first[row]);
            Join(task.ImageFeatures, rows, first);
            if (rows.Select(row => Root(first, row)).Distinct().Count() == 1)
                Restore(first, rows, before);
        }
        for (var row = 0; row < first.Length; row++)
            first[row] = Root(first, row);
        return first;
    }

    private static void Join(Matrix features, int[] rows, int[] first)
    {
        var sum = new float[features.Columns];
        var squares = 0.0;
        foreach (var row in rows)
        {
            TensorPrimitives.Add(sum, features.Row(row), sum);
            squares += TensorPrimitives.SumOfSquares(features.Row(row));
        }
        // Σ over pairs of ‖a − b‖² = n·Σ‖a‖² − ‖Σa‖².
        var pairs = rows.Length * (rows.Length - 1) / 2.0;
        var least = Nearness * ((rows.Length * squares) - TensorPrimitives.SumOfSquares<float>(sum)) / pairs;
        for (var i = 1; i < rows.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var distance = TensorPrimitives.Distance(features.Row(rows[i]), features.Row(rows[j]));
                if (distance * distance < least)
                    Merge(first, Root(first, rows[i]), Root(first, rows[j]));
            }
        }
    }

    private static void Restore(int[] first, int[] rows, int[] before)
    {
        foreach (var (row, value) in rows.Zip(before))
            first[row] = value;
    }

    private static void Merge(int[] first, int one, int other) => first[Math.Max(one, other)] = Math.Min(one, other);

    private static int Root(int[] first, int row)
    {
        while (first[row] != row)
            row = first[row];
        return row;
    }
}
