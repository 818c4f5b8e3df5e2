using System.Numerics.Tensors;

namespace Lfa.Transport;

/// <summary>Averages the rows of softmax(X·Yᵀ/ε + h), which nobody ever holds.</summary>
internal sealed class ColumnMeans
{
    private readonly ScoreBlocks _blocks;
    private readonly Part[] _parts;
    private readonly float[] _potentials;
    private float _inverse;

    public ColumnMeans(ScoreBlocks blocks)
    {
        _blocks = blocks;
        _parts = [.. Enumerable.Range(0, blocks.Parts).Select(_ => new Part(blocks.Classes))];
        _potentials = new float[blocks.Classes];
    }

    /// <summary>Passes over the images.</summary>
    /// <param name="potentials">The potentials h, C values in nats.</param>
    /// <param name="epsilon">The strength of the entropy ε.</param>
    /// <param name="means">Receives the means, C values that add up to 1.</param>
    /// <returns>The mean over the images of log Σ_c exp(x·y_c/ε + h_c).</returns>
    public double Compute(ReadOnlySpan<double> potentials, double epsilon, Span<double> means)
    {
        TensorPrimitives.ConvertTruncating(potentials, _potentials);
        _inverse = (float)(1 / epsilon);
        foreach (var part in _parts)
            part.Clear();
        _blocks.Visit(SumBlock);
        means.Clear();
        var logSum = 0.0;
        foreach (var part in _parts)
        {
            TensorPrimitives.Add(means, part.Sums, means);
            logSum += part.LogSum;
        }
        TensorPrimitives.Divide(means, _blocks.Rows, means);
        return logSum / _blocks.Rows;
    }

    /// <summary>Sums a block in single precision, and blocks in double.</summary>
    private void SumBlock(int index, int start, ReadOnlySpan<float> scores)
    {
        var part = _parts[index];
        var (row, sums) = (part.Row, part.BlockSums);
        Array.Clear(sums);
        for (; scores.Length > 0; scores = scores[row.Length..])
        {
            TensorPrimitives.MultiplyAdd(scores[..row.Length], _inverse, _potentials, row);
            var largest = TensorPrimitives.Max<float>(row);
            TensorPrimitives.Subtract(row, largest, row);
            TensorPrimitives.Exp(row, row);
            var sum = TensorPrimitives.Sum<float>(row);
            TensorPrimitives.MultiplyAdd(row, 1 / sum, sums, sums);
            part.LogSum += largest + Math.Log(sum);
        }
        TensorPrimitives.ConvertTruncating<float, double>(sums, part.Wide);
        TensorPrimitives.Add(part.Sums, part.Wide, part.Sums);
    }

    private sealed class Part(int classes)
    {
        public float[] Row { get; } = new float[classes];

        public float[] BlockSums { get; } = new float[classes];

        public double[] Wide { get; } = new double[classes];

        public double[] Sums { get; } = new double[classes];

        public double LogSum { get; set; }

        public void Clear()
        {
            Array.Clear(Sums);
            LogSum = 0;
        }
    }
}
