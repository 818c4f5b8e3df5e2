using System.Buffers;

namespace Lfa.Encoders.Images;

/// <summary>Represents the part of a resized image that holds its crops, in a rented buffer.</summary>
internal readonly struct ResizedPart(CropAxis across, CropAxis down) : IDisposable
{
    private readonly byte[] _pixels = ArrayPool<byte>.Shared.Rent(Resampler.SizeOf(across.Needed, down.Needed));

    /// <summary>Gets the buffer, rows × pitch.</summary>
    public Span<byte> Pixels => _pixels;

    public void Dispose() => ArrayPool<byte>.Shared.Return(_pixels);

    /// <summary>Writes the numbers of a crop.</summary>
    /// <param name="fromEnd">The crop, counted from the end of all: −1 is the center.</param>
    /// <param name="table">The numbers of the levels.</param>
    /// <param name="destination">The result, 3 × height × width of the crop.</param>
    public void Write(int fromEnd, PixelTable table, Span<float> destination)
    {
        var mirrored = IsMirrored(fromEnd);
        var plane = across.Crop * down.Crop;
        for (var channel = 0; channel < 3; channel++)
        {
            var values = table[channel];
            var target = destination.Slice(channel * plane, plane);
            if (across.Count < across.Crop || down.Count < down.Crop)
                target.Fill(values[0]);
            for (var y = 0; y < down.Count; y++)
                Map(Row(fromEnd, y)[channel..], values, TargetRow(target, y, 1, mirrored), mirrored);
        }
    }

    /// <summary>Copies a crop as it is before it becomes numbers.</summary>
    /// <param name="fromEnd">The crop, counted from the end of all: −1 is the center.</param>
    public RgbImage Copy(int fromEnd)
    {
        var mirrored = IsMirrored(fromEnd);
        var pixels = new byte[3 * across.Crop * down.Crop];
        for (var y = 0; y < down.Count; y++)
        {
            var row = Row(fromEnd, y);
            var target = TargetRow<byte>(pixels, y, 3, mirrored);
            for (var x = 0; x < across.Count; x++)
                row.Slice(3 * x, 3).CopyTo(target[(3 * (mirrored ? across.Count - 1 - x : x))..]);
        }
        return new RgbImage(pixels, across.Crop, down.Crop);
    }

    // The five crops are the last; the flips stand before them, in the same order.
    private static bool IsMirrored(int fromEnd) => fromEnd < -5;

    // Row y of the part of a crop that lies within the image.
    private ReadOnlySpan<byte> Row(int fromEnd, int y)
    {
        var (left, top) = ((fromEnd + 10) % 5) switch
        {
            0 => (0, 0),
            1 => (across.End, 0),
            2 => (0, down.End),
            3 => (across.End, down.End),
            _ => (across.Center, down.Center),
        };
        var start = (top - down.First + y) * Resampler.PitchOf(across.Needed) + 3 * (left - across.First);
        return _pixels.AsSpan(start, 3 * across.Count);
    }

    private Span<T> TargetRow<T>(Span<T> target, int y, int channels, bool mirrored)
    {
        var padding = mirrored ? across.Crop - across.Count - across.Padding : across.Padding;
        return target.Slice(channels * ((down.Padding + y) * across.Crop + padding), channels * across.Count);
    }

    private static void Map(ReadOnlySpan<byte> row, ReadOnlySpan<float> values, Span<float> target, bool mirrored)
    {
        if (mirrored)
        {
            for (var x = 0; x < target.Length; x++)
                target[target.Length - 1 - x] = values[row[3 * x]];
        }
        else
        {
            for (var x = 0; x < target.Length; x++)
                target[x] = values[row[3 * x]];
        }
    }
}
