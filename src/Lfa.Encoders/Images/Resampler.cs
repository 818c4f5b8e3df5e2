using System.Buffers;

namespace Lfa.Encoders.Images;

/// <summary>Resizes images in two passes, columns first, each rounded to 8 bits, as Pillow does.</summary>
internal static class Resampler
{
    // No image of sane proportions comes near; it bounds the memory that an image of one column can ask for.
    private const long LargestBuffer = 1 << 28;

    /// <summary>Returns the distance of two rows in the buffers of the passes: room for a few more bytes than a row has.</summary>
    public static int PitchOf(int columns) => (3 * columns + HorizontalPass.Overrun + VerticalPass.Step - 1) / VerticalPass.Step * VerticalPass.Step;

    /// <summary>Returns the bytes of a buffer of rows.</summary>
    /// <exception cref="LfaDataException">It would be absurdly large.</exception>
    public static int SizeOf(int columns, int rows)
    {
        var size = columns > LargestBuffer ? long.MaxValue : (long)PitchOf(columns) * rows;
        return size <= LargestBuffer ? (int)size : throw new LfaDataException(Invariant(
            $"resizing the image takes {columns} × {rows} pixels at once, more than {LargestBuffer} bytes hold; its sides are too unequal, crop it first."));
    }

    /// <summary>Writes the resized part of an image that the kernels stand for.</summary>
    /// <param name="image">The image.</param>
    /// <param name="columns">The weights across.</param>
    /// <param name="rows">The weights down.</param>
    /// <param name="destination">The result, rows × pitch of the columns.</param>
    public static void Resize(RgbImage image, ResampleKernel columns, ResampleKernel rows, Span<byte> destination)
    {
        var (first, count) = (rows.FirstInput, rows.EndInput - rows.FirstInput);
        var between = ArrayPool<byte>.Shared.Rent(SizeOf(columns.Count, HorizontalPass.RoundUp(count)));
        try
        {
            HorizontalPass.Run(image, first, count, columns, between);
            VerticalPass.Run(between, PitchOf(columns.Count), rows, destination);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(between);
        }
    }
}
