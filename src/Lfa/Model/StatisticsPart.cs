using Lfa.Alignment;
using Lfa.IO;
using Lfa.Numerics;

namespace Lfa.Model;

/// <summary>The part of a model file that holds the sums over its images: three tensors, of XᵀX the lower triangle by rows.</summary>
internal static class StatisticsPart
{
    private const string CountsName = "class_counts";
    private const string SumsName = "class_sums";
    private const string MomentsName = "second_moments";
    private const string EstimatedKey = "second_moments_estimated";

    /// <summary>Adds the sums to what is to be written.</summary>
    public static void Add(ClassStatistics statistics, ModelParts parts)
    {
        parts.Add(CountsName, SafetensorsTensor.From(statistics.Counts.Span, statistics.ClassCount));
        parts.Add(SumsName, SafetensorsTensor.From(statistics.Sums.Span, statistics.ClassCount, statistics.Dimension));
        parts.Add(MomentsName, SafetensorsTensor.From(Pack(statistics), PackedLength(statistics.Dimension)));
        parts.Add(EstimatedKey, statistics.IsSpreadEstimated ? "true" : null);
    }

    /// <summary>Reads the sums; null where the file has none.</summary>
    /// <exception cref="LfaDataException">A tensor is missing or damaged; the message names the file and the tensor.</exception>
    public static ClassStatistics? Read(ModelParts parts, int classes, int dimension)
    {
        if (!parts.Has(CountsName))
            return null;
        var counts = parts.Integers(CountsName, classes);
        if (counts.Any(int.IsNegative) || counts.Sum(count => (long)count) > int.MaxValue)
            throw parts.Bad($"the tensor {CountsName} holds counts that are negative, or too large; the classifier is damaged, fit it again.");
        return new ClassStatistics(counts, parts.Doubles(SumsName, classes, dimension), Unpack(parts.Doubles(MomentsName, PackedLength(dimension)), dimension), parts.Text(EstimatedKey) == "true");
    }

    private static long PackedLength(int dimension) => (long)dimension * (dimension + 1) / 2;

    private static double[] Pack(ClassStatistics statistics)
    {
        var packed = new double[PackedLength(statistics.Dimension)];
        for (int i = 0, start = 0; i < statistics.Dimension; start += ++i)
            statistics.SecondMoments.Span.Slice(i * statistics.Dimension, i + 1).CopyTo(packed.AsSpan(start));
        return packed;
    }

    private static SquareMatrix Unpack(double[] packed, int dimension)
    {
        var matrix = new SquareMatrix(dimension);
        for (int i = 0, start = 0; i < dimension; start += ++i)
        {
            packed.AsSpan(start, i + 1).CopyTo(matrix.Row(i));
            for (var j = 0; j < i; j++)
                matrix.Row(j)[i] = packed[start + j];
        }
        return matrix;
    }
}
