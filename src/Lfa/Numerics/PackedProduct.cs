using System.Diagnostics;

namespace Lfa.Numerics;

/// <summary>The matrix product with one micro-kernel.</summary>
internal sealed unsafe class PackedProduct<TKernel, T> : MatrixProduct<T>
    where TKernel : struct, IMicroKernel<T>
    where T : unmanaged
{
    // A panel of B (depth × kernel columns) and one of A stay in the first-level cache, a block of A in the second.
    private const int Depth = 256;
    private const int BlockPanels = 16;
    // The part of B that is packed at once bounds the memory beside the factors.
    private const int PackedDepth = 4 * Depth;

    private static readonly Pool<AlignedBuffer<T>> LeftBlocks = new(static () =>
    {
        var buffer = new AlignedBuffer<T>();
        buffer.Reserve((long)BlockRows * Depth);
        return buffer;
    });

    private readonly AlignedBuffer<T> _right = new();
    private Operand<T> _a;
    private Operand<T> _b;
    private Memory<T> _c;
    private bool _accumulate;
    private int _blockRows;
    private int _packedStart;
    private int _packedDepth;

    private static int BlockRows => BlockPanels * TKernel.Rows;

    private int RightPanels => DivideUp(_b.Columns, TKernel.Columns);

    public override void Multiply(Operand<T> a, Operand<T> b, Memory<T> c, int threads, bool accumulate = false)
    {
        Debug.Assert(a.Columns == b.Rows && c.Length == a.Rows * b.Columns);
        (_a, _b, _c) = (a, b, c);
        _blockRows = EvenBlockRows(a.Rows, threads);
        for (var start = 0; start < b.Rows; start += PackedDepth)
        {
            PackPart(start, Math.Min(PackedDepth, b.Rows - start), threads);
            _accumulate = accumulate || start > 0;
            ParallelLoop.For(DivideUp(a.Rows, _blockRows), Worthwhile(threads), this, static (product, block) => product.MultiplyBlock(block));
        }
        (_a, _b, _c) = (default, default, default);
    }

    public override void Pack(Operand<T> b, int threads)
    {
        _b = b;
        PackPart(0, b.Rows, threads);
        _b = b with { Values = default };
    }

    public override void MultiplyPacked(ReadOnlySpan<T> a, int rows, Span<T> c, bool accumulate = false)
    {
        Debug.Assert(a.Length == rows * _packedDepth && c.Length == rows * _b.Columns);
        fixed (T* left = a, result = c)
        {
            for (var row = 0; row < rows; row += BlockRows)
                MultiplyRows(left, _packedDepth, isTransposed: false, row, Math.Min(BlockRows, rows - row), result, accumulate);
        }
    }

    /// <summary>Cuts the rows into blocks of equal size, as many for each thread.</summary>
    private static int EvenBlockRows(int rows, int threads)
    {
        var panels = DivideUp(rows, TKernel.Rows);
        var blocks = DivideUp(DivideUp(panels, BlockPanels), threads) * threads;
        return DivideUp(panels, blocks) * TKernel.Rows;
    }

    // Below this many multiplications a second thread costs more than it saves.
    private int Worthwhile(int threads) => (long)_a.Rows * _b.Columns * _packedDepth < 1 << 19 ? 1 : threads;

    private void MultiplyBlock(int block)
    {
        fixed (T* left = _a.Values.Span, result = _c.Span)
        {
            var row = block * _blockRows;
            var start = left + ((long)_packedStart * (_a.IsTransposed ? _a.Stride : 1));
            MultiplyRows(start, _a.Stride, _a.IsTransposed, row, Math.Min(_blockRows, _a.Rows - row), result, _accumulate);
        }
    }

    private void MultiplyRows(T* a, int stride, bool isTransposed, int row, int rows, T* c, bool accumulate)
    {
        var buffer = LeftBlocks.Rent();
        var packed = buffer.Pointer;
        for (var start = 0; start < _packedDepth; start += Depth)
        {
            var depth = Math.Min(Depth, _packedDepth - start);
            if (isTransposed)
                Packing.Columns(a + ((long)start * stride) + row, stride, rows, depth, TKernel.Rows, packed);
            else
                Packing.Rows(a + ((long)row * stride) + start, stride, rows, depth, TKernel.Rows, packed);
            var right = _right.Pointer + ((long)start * RightPanels * TKernel.Columns);
            MultiplyPanels(packed, rows, right, depth, c + ((long)row * _b.Columns), accumulate || start > 0);
        }
        LeftBlocks.Return(buffer);
    }

    private void MultiplyPanels(T* left, int rows, T* right, int depth, T* c, bool accumulate)
    {
        var columns = _b.Columns;
        var edge = stackalloc T[TKernel.Rows * TKernel.Columns];
        for (var j = 0; j < columns; j += TKernel.Columns, right += depth * TKernel.Columns)
        {
            var width = Math.Min(TKernel.Columns, columns - j);
            for (var i = 0; i < rows; i += TKernel.Rows)
            {
                var height = Math.Min(TKernel.Rows, rows - i);
                var tile = c + ((long)i * columns) + j;
                if (height == TKernel.Rows && width == TKernel.Columns)
                {
                    TKernel.Run(depth, left + (i * depth), right, tile, columns, accumulate);
                    continue;
                }
                TKernel.Run(depth, left + (i * depth), right, edge, TKernel.Columns, accumulate: false);
                StoreEdge(edge, tile, height, width, columns, accumulate);
            }
        }
    }

    private static void StoreEdge(T* edge, T* tile, int height, int width, int stride, bool accumulate)
    {
        for (var i = 0; i < height; i++)
        {
            var source = new ReadOnlySpan<T>(edge + (i * TKernel.Columns), width);
            var target = new Span<T>(tile + ((long)i * stride), width);
            if (accumulate)
                Packing.Add(source, target);
            else
                source.CopyTo(target);
        }
    }

    private void PackPart(int start, int depth, int threads)
    {
        (_packedStart, _packedDepth) = (start, depth);
        _right.Reserve((long)depth * RightPanels * TKernel.Columns);
        var pieces = RightPanels * DivideUp(depth, Depth);
        ParallelLoop.For(pieces, (long)depth * _b.Columns < 1 << 16 ? 1 : threads, this, static (product, piece) => product.PackPanel(piece));
    }

    private void PackPanel(int piece)
    {
        var (block, panel) = Math.DivRem(piece, RightPanels);
        var start = block * Depth;
        var depth = Math.Min(Depth, _packedDepth - start);
        var column = panel * TKernel.Columns;
        var width = Math.Min(TKernel.Columns, _b.Columns - column);
        var target = _right.Pointer + ((long)start * RightPanels * TKernel.Columns) + ((long)panel * depth * TKernel.Columns);
        var first = _packedStart + start;
        fixed (T* source = _b.Values.Span)
        {
            if (_b.IsTransposed)
                Packing.Rows(source + ((long)column * _b.Stride) + first, _b.Stride, width, depth, TKernel.Columns, target);
            else
                Packing.Columns(source + ((long)first * _b.Stride) + column, _b.Stride, width, depth, TKernel.Columns, target);
        }
    }

    private static int DivideUp(int value, int divisor) => (value + divisor - 1) / divisor;
}
