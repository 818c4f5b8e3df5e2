using System.Numerics.Tensors;
using Lfa.Alignment;
using Lfa.IO;
using Lfa.Numerics;

namespace Lfa.Classification;

/// <summary>The part of a classifier's file that holds the sums over its images: three tensors, of XᵀX the lower triangle by rows.</summary>
internal static class StatisticsFile
{
    private const string CountsName = "class_counts";
    private const string SumsName = "class_sums";
    private const string MomentsName = "second_moments";
    private const string EstimatedKey = "second_moments_estimated";

    /// <summary>Adds the sums to what is to be written.</summary>
    public static void Add(ClassStatistics statistics, Dictionary<string, SafetensorsTensor> tensors, Dictionary<string, string> metadata)
    {
        tensors[CountsName] = SafetensorsTensor.From(statistics.Counts.Span, statistics.ClassCount);
        tensors[SumsName] = SafetensorsTensor.From(statistics.Sums.Span, statistics.ClassCount, statistics.Dimension);
        tensors[MomentsName] = SafetensorsTensor.From(Pack(statistics), PackedLength(statistics.Dimension));
        if (statistics.IsSpreadEstimated)
            metadata[EstimatedKey] = "true";
    }

    /// <summary>Reads the sums; null where the file has none.</summary>
    /// <exception cref="LfaDataException">A tensor is missing or damaged; the message names the file and the tensor.</exception>
    public static ClassStatistics? Read(string path, SafetensorsFile file, int classes, int dimension)
    {
        if (!file.Tensors.ContainsKey(CountsName))
            return null;
        var counts = Find(path, file, CountsName, "I32", classes).ToInt32();
        if (counts.Any(int.IsNegative) || counts.Sum(count => (long)count) > int.MaxValue)
            throw InputFile.Bad(path, $"the tensor {CountsName} holds counts that are negative, or too large; the classifier is damaged, fit it again.");
        return new ClassStatistics(counts, Doubles(path, file, SumsName, classes, dimension), Unpack(Doubles(path, file, MomentsName, PackedLength(dimension)), dimension),
            file.Metadata.GetValueOrDefault(EstimatedKey) == "true");
    }

    private static double[] Doubles(string path, SafetensorsFile file, string name, params long[] shape)
    {
        var values = Find(path, file, name, "F64", shape).ToDouble();
        return TensorPrimitives.IsFiniteAll<double>(values) ? values : throw InputFile.Bad(path, $"the tensor {name} holds a NaN or an infinity; the classifier is damaged, fit it again.");
    }

    private static SafetensorsTensor Find(string path, SafetensorsFile file, string name, string type, params long[] shape)
    {
        if (!file.Tensors.TryGetValue(name, out var tensor))
            throw InputFile.Bad(path, $"there is no tensor {name}; the classifier is incomplete, fit it again.");
        if (tensor.Type != type || !tensor.Shape.SequenceEqual(shape))
            throw InputFile.Bad(path, $"the tensor {name} is {tensor.Type} of shape {ArrayShape.Describe(tensor.Shape)}; expected {type} of shape {ArrayShape.Describe(shape)}.");
        return tensor;
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
