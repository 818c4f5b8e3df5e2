using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lfa.Numerics;

/// <summary>Copies a block into panels of <c>height</c> lines; a panel holds line after line of the inner dimension, padded with zeros.</summary>
internal static unsafe class Packing
{
    private const int RowsAtOnce = 8;

    /// <summary>Packs lines that are stored one after another: the inner dimension runs along the stored rows.</summary>
    /// <param name="source">The first entry of the block.</param>
    /// <param name="stride">The distance between stored rows.</param>
    /// <param name="lines">The number of lines.</param>
    /// <param name="depth">The length of the inner dimension.</param>
    /// <param name="height">The number of lines in a panel.</param>
    /// <param name="target">The panels, each depth × height.</param>
    public static void Rows<T>(T* source, int stride, int lines, int depth, int height, T* target)
        where T : unmanaged
    {
        for (var line = 0; line < lines; line += height, target += depth * height)
        {
            var filled = Math.Min(height, lines - line);
            if (filled < height)
                new Span<T>(target, depth * height).Clear();
            var i = 0;
            if (sizeof(T) == sizeof(float) && Vector128.IsHardwareAccelerated)
            {
                for (; i + 4 <= filled; i += 4)
                    TransposeFour((float*)(source + ((long)(line + i) * stride)), stride, depth, (float*)(target + i), height);
            }
            for (; i < filled; i++)
            {
                var row = source + ((long)(line + i) * stride);
                for (var k = 0; k < depth; k++)
                    target[(k * height) + i] = row[k];
            }
        }
    }

    /// <summary>Packs lines that are stored side by side: the inner dimension runs across the stored rows.</summary>
    /// <inheritdoc cref="Rows"/>
    public static void Columns<T>(T* source, int stride, int lines, int depth, int height, T* target)
        where T : unmanaged
    {
        // A few rows at a time: stored rows are often a power of two apart, and more of them would share too few cache sets.
        for (var start = 0; start < depth; start += RowsAtOnce)
        {
            var end = Math.Min(start + RowsAtOnce, depth);
            for (var line = 0; line < lines; line += height)
            {
                for (var k = start; k < end; k++)
                    CopyLine(source + ((long)k * stride) + line, Math.Min(height, lines - line), height, target + (line * depth) + (k * height));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyLine<T>(T* from, int filled, int height, T* to)
        where T : unmanaged
    {
        var i = 0;
        for (; i + Vector128<T>.Count <= filled; i += Vector128<T>.Count)
            Vector128.Load(from + i).Store(to + i);
        for (; i < filled; i++)
            to[i] = from[i];
        for (; i < height; i++)
            to[i] = default;
    }

    public static void Add<T>(ReadOnlySpan<T> source, Span<T> target)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
            AddNumbers(System.Runtime.InteropServices.MemoryMarshal.Cast<T, float>(source), System.Runtime.InteropServices.MemoryMarshal.Cast<T, float>(target));
        else
            AddNumbers(System.Runtime.InteropServices.MemoryMarshal.Cast<T, double>(source), System.Runtime.InteropServices.MemoryMarshal.Cast<T, double>(target));
    }

    private static void AddNumbers<T>(ReadOnlySpan<T> source, Span<T> target)
        where T : INumber<T>
    {
        for (var i = 0; i < source.Length; i++)
            target[i] += source[i];
    }

    /// <summary>Interleaves four rows: target[k · height + i] = row i, entry k.</summary>
    private static void TransposeFour(float* source, int stride, int depth, float* target, int height)
    {
        float* r0 = source, r1 = source + stride, r2 = source + (2L * stride), r3 = source + (3L * stride);
        var k = 0;
        for (; k + 4 <= depth; k += 4)
        {
            Vector128<float> a = Vector128.Load(r0 + k), b = Vector128.Load(r1 + k), c = Vector128.Load(r2 + k), d = Vector128.Load(r3 + k);
            Vector128<float> ac = Interleave(a, c, high: false), bd = Interleave(b, d, high: false);
            Interleave(ac, bd, high: false).Store(target + (k * height));
            Interleave(ac, bd, high: true).Store(target + ((k + 1) * height));
            (ac, bd) = (Interleave(a, c, high: true), Interleave(b, d, high: true));
            Interleave(ac, bd, high: false).Store(target + ((k + 2) * height));
            Interleave(ac, bd, high: true).Store(target + ((k + 3) * height));
        }
        for (; k < depth; k++)
        {
            var to = target + (k * height);
            (to[0], to[1], to[2], to[3]) = (r0[k], r1[k], r2[k], r3[k]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Interleave(Vector128<float> left, Vector128<float> right, bool high)
    {
        if (System.Runtime.Intrinsics.X86.Sse.IsSupported)
            return high ? System.Runtime.Intrinsics.X86.Sse.UnpackHigh(left, right) : System.Runtime.Intrinsics.X86.Sse.UnpackLow(left, right);
        if (System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.IsSupported)
            return high ? System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.ZipHigh(left, right) : System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.ZipLow(left, right);
        return high ? Vector128.Create(left[2], right[2], left[3], right[3]) : Vector128.Create(left[0], right[0], left[1], right[1]);
    }
}
