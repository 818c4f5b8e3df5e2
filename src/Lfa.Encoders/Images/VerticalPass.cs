using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Lfa.Encoders.Images;

/// <summary>Sums down columns: 32 neighboring bytes at once.</summary>
internal static class VerticalPass
{
    /// <summary>The bytes of one step; a row of the buffers is a multiple of them.</summary>
    public const int Step = 32;

    /// <summary>Writes rows of <paramref name="pitch"/> bytes as weighted sums of rows, the first of which is the kernel's first input.</summary>
    public static void Run(ReadOnlySpan<byte> source, int pitch, ResampleKernel kernel, Span<byte> destination)
    {
        Debug.Assert(pitch % Step == 0 && source.Length >= (kernel.EndInput - kernel.FirstInput) * pitch && destination.Length >= kernel.Count * pitch);
        for (var y = 0; y < kernel.Count; y++)
        {
            var weights = kernel.Weights.AsSpan(y * kernel.Taps, kernel.Lengths[y]);
            SumRow(source[((kernel.Starts[y] - kernel.FirstInput) * pitch)..], pitch, weights, destination.Slice(y * pitch, pitch));
        }
    }

    private static void SumRow(ReadOnlySpan<byte> source, int pitch, ReadOnlySpan<int> weights, Span<byte> destination)
    {
        ref var rows = ref MemoryMarshal.GetReference(source);
        for (var x = 0; x < destination.Length; x += Step)
        {
            ref var row = ref Unsafe.Add(ref rows, x);
            var half = Vector256.Create(1 << (ResampleKernel.PrecisionBits - 1));
            var (sum0, sum1, sum2, sum3) = (half, half, half, half);
            foreach (var weight in weights)
            {
                var factor = Vector256.Create(weight);
                var (lower, upper) = Vector256.Widen(Vector256.LoadUnsafe(ref row));
                sum0 += Vector256.WidenLower(lower).AsInt32() * factor;
                sum1 += Vector256.WidenUpper(lower).AsInt32() * factor;
                sum2 += Vector256.WidenLower(upper).AsInt32() * factor;
                sum3 += Vector256.WidenUpper(upper).AsInt32() * factor;
                row = ref Unsafe.Add(ref row, pitch);
            }
            Vector256.Narrow(Clip(sum0, sum1), Clip(sum2, sum3)).StoreUnsafe(ref destination[x]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ushort> Clip(Vector256<int> lower, Vector256<int> upper)
    {
        var (zero, white) = (Vector256<int>.Zero, Vector256.Create(255));
        return Vector256.Narrow(
            Vector256.Min(Vector256.Max(lower >> ResampleKernel.PrecisionBits, zero), white).AsUInt32(),
            Vector256.Min(Vector256.Max(upper >> ResampleKernel.PrecisionBits, zero), white).AsUInt32());
    }
}
