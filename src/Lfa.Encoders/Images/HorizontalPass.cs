using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Lfa.Encoders.Images;

/// <summary>Sums along rows: four rows at once, four pixels of each in one step.</summary>
internal static class HorizontalPass
{
    /// <summary>The bytes written after the end of a row.</summary>
    public const int Overrun = 1;

    private const int Rows = 4;
    private const int BytesRead = 16; // of which 12 are the four pixels

    /// <summary>Returns the number of rows written for <paramref name="rows"/> rows.</summary>
    public static int RoundUp(int rows) => (rows + Rows - 1) / Rows * Rows;

    /// <summary>Writes the rows <paramref name="firstRow"/> to firstRow + rowCount − 1 of an image with other columns.</summary>
    public static void Run(RgbImage image, int firstRow, int rowCount, ResampleKernel kernel, Span<byte> destination)
    {
        var pitch = Resampler.PitchOf(kernel.Count);
        Debug.Assert(destination.Length >= RoundUp(rowCount) * pitch);
        var stride = 3 * image.Width;
        var reach = 3L * (kernel.Starts[^1] + kernel.Taps - kernel.FirstInput) + BytesRead; // from the first byte that a row needs
        var pixels = image.Pixels.Span[(firstRow * stride)..];
        for (var y = 0; y < rowCount; y += Rows)
        {
            var block = pixels[(y * stride + 3 * kernel.FirstInput)..];
            ref var target = ref destination[y * pitch];
            if (block.Length >= (Rows - 1L) * stride + reach)
                SumBlock(ref MemoryMarshal.GetReference(block), stride, Rows, kernel, ref target, (nuint)pitch);
            else
                SumCopy(block, Math.Min(Rows, rowCount - y), stride, reach, kernel, ref target, (nuint)pitch);
        }
    }

    // The last rows, where reading whole vectors would leave the image: no more of it is copied than is needed.
    private static void SumCopy(ReadOnlySpan<byte> block, int rows, int stride, long reach, ResampleKernel kernel, ref byte target, nuint pitch)
    {
        var used = 3 * (kernel.EndInput - kernel.FirstInput);
        var copy = ArrayPool<byte>.Shared.Rent(checked((int)((rows - 1L) * used + reach)));
        for (var row = 0; row < rows; row++)
            block.Slice(row * stride, used).CopyTo(copy.AsSpan(row * used));
        SumBlock(ref copy[0], used, rows, kernel, ref target, pitch);
        ArrayPool<byte>.Shared.Return(copy);
    }

    // Where there are fewer rows than four, the last stands for those that lack.
    private static void SumBlock(ref byte source, int stride, int rows, ResampleKernel kernel, ref byte target, nuint pitch)
    {
        var last = rows - 1;
        var (second, third, fourth) = ((nuint)Math.Min(1, last) * (nuint)stride, (nuint)Math.Min(2, last) * (nuint)stride, (nuint)Math.Min(3, last) * (nuint)stride);
        var (starts, first) = (kernel.Starts, kernel.FirstInput);
        ref var weight = ref MemoryMarshal.GetArrayDataReference(kernel.Weights);
        for (var x = 0; x < starts.Length; x++)
        {
            ref var pixel = ref Unsafe.Add(ref source, 3 * (starts[x] - first));
            var (sum0, sum1, sum2, sum3) = (Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero);
            for (var t = 0; t < kernel.Taps; t += ResampleKernel.Group)
            {
                var four = Vector128.LoadUnsafe(ref weight).ToVector256();
                var near = Vector256.Shuffle(four, Vector256.Create(0, 0, 0, 0, 1, 1, 1, 1));
                var far = Vector256.Shuffle(four, Vector256.Create(2, 2, 2, 2, 3, 3, 3, 3));
                sum0 = AddFour(sum0, ref pixel, near, far);
                sum1 = AddFour(sum1, ref Unsafe.Add(ref pixel, second), near, far);
                sum2 = AddFour(sum2, ref Unsafe.Add(ref pixel, third), near, far);
                sum3 = AddFour(sum3, ref Unsafe.Add(ref pixel, fourth), near, far);
                pixel = ref Unsafe.Add(ref pixel, 3 * ResampleKernel.Group);
                weight = ref Unsafe.Add(ref weight, ResampleKernel.Group);
            }
            var rounded = Round(sum0, sum1, sum2, sum3);
            for (var row = 0; row < Rows; row++)
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, (nuint)row * pitch), rounded.GetElement(row));
            target = ref Unsafe.Add(ref target, 3);
        }
    }

    // The lanes of the sums are red, green, blue and nothing, of every other pixel in either half.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> AddFour(Vector256<int> sum, ref byte pixel, Vector256<int> near, Vector256<int> far)
    {
        const byte None = 128;
        var spread = Vector128.Shuffle(Vector128.LoadUnsafe(ref pixel), Vector128.Create((byte)0, 1, 2, None, 3, 4, 5, None, 6, 7, 8, None, 9, 10, 11, None));
        var wide = Vector256.WidenLower(spread.ToVector256Unsafe());
        return sum + Vector256.WidenLower(wide).AsInt32() * near + Vector256.WidenUpper(wide).AsInt32() * far;
    }

    // One pixel of each row, in four bytes of which the last is of no meaning.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Round(Vector256<int> sum0, Vector256<int> sum1, Vector256<int> sum2, Vector256<int> sum3)
    {
        var upper = Vector128.NarrowWithSaturation(Shift(sum0), Shift(sum1));
        var lower = Vector128.NarrowWithSaturation(Shift(sum2), Shift(sum3));
        return Vector128.NarrowWithSaturation(
            Vector128.Max(upper, Vector128<short>.Zero).AsUInt16(),
            Vector128.Max(lower, Vector128<short>.Zero).AsUInt16()).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Shift(Vector256<int> sum) =>
        (sum.GetLower() + sum.GetUpper() + Vector128.Create(1 << (ResampleKernel.PrecisionBits - 1))) >> ResampleKernel.PrecisionBits;
}
