using System.Runtime.CompilerServices;

namespace Lfa.Numerics;

/// <summary>
/// Multiplies a panel of the left matrix with a panel of the right one; the tile of the result stays in registers.
/// </summary>
/// <remarks>
/// The left panel holds, for each step of the inner dimension, the <see cref="Rows"/> entries of a column;
/// the right panel the <see cref="Columns"/> entries of a row. Unrolled by hand: the compiler keeps only named locals in registers.
/// </remarks>
internal unsafe interface IMicroKernel<T>
    where T : unmanaged
{
    static abstract int Rows { get; }

    static abstract int Columns { get; }

    /// <summary>Computes the tile c = a · b, or adds to it; rows of c are <paramref name="stride"/> entries apart.</summary>
    static abstract void Run(int depth, T* a, T* b, T* c, nint stride, bool accumulate);
}

internal static unsafe class TileRow
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TVector, T>(TVector left, TVector right, T* c, bool accumulate)
        where TVector : struct, ISimdVector<TVector, T>
        where T : unmanaged
    {
        if (accumulate)
        {
            left = TVector.Add(left, TVector.Load(c));
            right = TVector.Add(right, TVector.Load(c + TVector.Count));
        }
        TVector.Store(left, c);
        TVector.Store(right, c + TVector.Count);
    }
}

/// <summary>A tile of 12 rows by 2 registers, for processors with 32 registers.</summary>
internal readonly unsafe struct Kernel12x2<TVector, T> : IMicroKernel<T>
    where TVector : struct, ISimdVector<TVector, T>
    where T : unmanaged
{
    public static int Rows => 12;

    public static int Columns => 2 * TVector.Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int depth, T* a, T* b, T* c, nint stride, bool accumulate)
    {
        var width = TVector.Count;
        TVector l0 = default, r0 = default;
        TVector l1 = default, r1 = default;
        TVector l2 = default, r2 = default;
        TVector l3 = default, r3 = default;
        TVector l4 = default, r4 = default;
        TVector l5 = default, r5 = default;
        TVector l6 = default, r6 = default;
        TVector l7 = default, r7 = default;
        TVector l8 = default, r8 = default;
        TVector l9 = default, r9 = default;
        TVector l10 = default, r10 = default;
        TVector l11 = default, r11 = default;
        for (; depth > 0; depth--, a += 12, b += 2 * width)
        {
            var left = TVector.Load(b);
            var right = TVector.Load(b + width);
            var x = TVector.Broadcast(a[0]);
            l0 = TVector.MultiplyAdd(x, left, l0);
            r0 = TVector.MultiplyAdd(x, right, r0);
            x = TVector.Broadcast(a[1]);
            l1 = TVector.MultiplyAdd(x, left, l1);
            r1 = TVector.MultiplyAdd(x, right, r1);
            x = TVector.Broadcast(a[2]);
            l2 = TVector.MultiplyAdd(x, left, l2);
            r2 = TVector.MultiplyAdd(x, right, r2);
            x = TVector.Broadcast(a[3]);
            l3 = TVector.MultiplyAdd(x, left, l3);
            r3 = TVector.MultiplyAdd(x, right, r3);
            x = TVector.Broadcast(a[4]);
            l4 = TVector.MultiplyAdd(x, left, l4);
            r4 = TVector.MultiplyAdd(x, right, r4);
            x = TVector.Broadcast(a[5]);
            l5 = TVector.MultiplyAdd(x, left, l5);
            r5 = TVector.MultiplyAdd(x, right, r5);
            x = TVector.Broadcast(a[6]);
            l6 = TVector.MultiplyAdd(x, left, l6);
            r6 = TVector.MultiplyAdd(x, right, r6);
            x = TVector.Broadcast(a[7]);
            l7 = TVector.MultiplyAdd(x, left, l7);
            r7 = TVector.MultiplyAdd(x, right, r7);
            x = TVector.Broadcast(a[8]);
            l8 = TVector.MultiplyAdd(x, left, l8);
            r8 = TVector.MultiplyAdd(x, right, r8);
            x = TVector.Broadcast(a[9]);
            l9 = TVector.MultiplyAdd(x, left, l9);
            r9 = TVector.MultiplyAdd(x, right, r9);
            x = TVector.Broadcast(a[10]);
            l10 = TVector.MultiplyAdd(x, left, l10);
            r10 = TVector.MultiplyAdd(x, right, r10);
            x = TVector.Broadcast(a[11]);
            l11 = TVector.MultiplyAdd(x, left, l11);
            r11 = TVector.MultiplyAdd(x, right, r11);
        }

        TileRow.Store<TVector, T>(l0, r0, c, accumulate);
        TileRow.Store<TVector, T>(l1, r1, c + stride, accumulate);
        TileRow.Store<TVector, T>(l2, r2, c + (2 * stride), accumulate);
        TileRow.Store<TVector, T>(l3, r3, c + (3 * stride), accumulate);
        TileRow.Store<TVector, T>(l4, r4, c + (4 * stride), accumulate);
        TileRow.Store<TVector, T>(l5, r5, c + (5 * stride), accumulate);
        TileRow.Store<TVector, T>(l6, r6, c + (6 * stride), accumulate);
        TileRow.Store<TVector, T>(l7, r7, c + (7 * stride), accumulate);
        TileRow.Store<TVector, T>(l8, r8, c + (8 * stride), accumulate);
        TileRow.Store<TVector, T>(l9, r9, c + (9 * stride), accumulate);
        TileRow.Store<TVector, T>(l10, r10, c + (10 * stride), accumulate);
        TileRow.Store<TVector, T>(l11, r11, c + (11 * stride), accumulate);
    }
}

/// <summary>A tile of 6 rows by 2 registers, for processors with 16 registers.</summary>
internal readonly unsafe struct Kernel6x2<TVector, T> : IMicroKernel<T>
    where TVector : struct, ISimdVector<TVector, T>
    where T : unmanaged
{
    public static int Rows => 6;

    public static int Columns => 2 * TVector.Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int depth, T* a, T* b, T* c, nint stride, bool accumulate)
    {
        var width = TVector.Count;
        TVector l0 = default, r0 = default;
        TVector l1 = default, r1 = default;
        TVector l2 = default, r2 = default;
        TVector l3 = default, r3 = default;
        TVector l4 = default, r4 = default;
        TVector l5 = default, r5 = default;
        for (; depth > 0; depth--, a += 6, b += 2 * width)
        {
            var left = TVector.Load(b);
            var right = TVector.Load(b + width);
            var x = TVector.Broadcast(a[0]);
            l0 = TVector.MultiplyAdd(x, left, l0);
            r0 = TVector.MultiplyAdd(x, right, r0);
            x = TVector.Broadcast(a[1]);
            l1 = TVector.MultiplyAdd(x, left, l1);
            r1 = TVector.MultiplyAdd(x, right, r1);
            x = TVector.Broadcast(a[2]);
            l2 = TVector.MultiplyAdd(x, left, l2);
            r2 = TVector.MultiplyAdd(x, right, r2);
            x = TVector.Broadcast(a[3]);
            l3 = TVector.MultiplyAdd(x, left, l3);
            r3 = TVector.MultiplyAdd(x, right, r3);
            x = TVector.Broadcast(a[4]);
            l4 = TVector.MultiplyAdd(x, left, l4);
            r4 = TVector.MultiplyAdd(x, right, r4);
            x = TVector.Broadcast(a[5]);
            l5 = TVector.MultiplyAdd(x, left, l5);
            r5 = TVector.MultiplyAdd(x, right, r5);
        }

        TileRow.Store<TVector, T>(l0, r0, c, accumulate);
        TileRow.Store<TVector, T>(l1, r1, c + stride, accumulate);
        TileRow.Store<TVector, T>(l2, r2, c + (2 * stride), accumulate);
        TileRow.Store<TVector, T>(l3, r3, c + (3 * stride), accumulate);
        TileRow.Store<TVector, T>(l4, r4, c + (4 * stride), accumulate);
        TileRow.Store<TVector, T>(l5, r5, c + (5 * stride), accumulate);
    }
}
