using System.Numerics.Tensors;

namespace Lfa.IO;

/// <summary>Turns stored n × m × d image features into n × d.</summary>
internal static class MiddleAxisReduction
{
    /// <summary>Reduces frames to one row an image, or takes the center crop.</summary>
    /// <param name="stored">The stored values, n × m × d; returned as they are when m is 1.</param>
    /// <param name="middle">The number of frames or crops m.</param>
    /// <param name="columns">The number of components d.</param>
    /// <param name="axis">What the middle axis means.</param>
    public static float[] Reduce(float[] stored, int middle, int columns, MiddleAxis axis)
    {
        if (middle == 1)
            return stored;
        if (axis == MiddleAxis.Crops)
            return TakeCrop(stored, middle, columns, middle - 1);
        var rows = new float[stored.Length / middle];
        for (var start = 0; start < rows.Length; start += columns)
            ReduceFrames(stored.AsSpan(start * middle, middle * columns), rows.AsSpan(start, columns), axis);
        return rows;
    }

    /// <summary>Copies one crop of every image, n × d.</summary>
    public static float[] TakeCrop(float[] stored, int middle, int columns, int crop)
    {
        var rows = new float[stored.Length / middle];
        for (var start = 0; start < rows.Length; start += columns)
            stored.AsSpan(start * middle + crop * columns, columns).CopyTo(rows.AsSpan(start));
        return rows;
    }

    private static void ReduceFrames(ReadOnlySpan<float> frames, Span<float> row, MiddleAxis axis)
    {
        var count = frames.Length / row.Length;
        frames[..row.Length].CopyTo(row);
        for (frames = frames[row.Length..]; frames.Length > 0; frames = frames[row.Length..])
        {
            if (axis == MiddleAxis.Maximum)
                TensorPrimitives.Max(row, frames[..row.Length], row); // a NaN stays one
            else
                TensorPrimitives.Add(row, frames[..row.Length], row);
        }
        if (axis == MiddleAxis.Mean)
            TensorPrimitives.Divide(row, count, row);
    }
}
