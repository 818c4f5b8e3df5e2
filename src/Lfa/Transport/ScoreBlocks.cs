using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Transport;

/// <summary>Takes a block of scores.</summary>
/// <param name="part">The part of the images that the block is of: parts run side by side, the blocks of one in their order.</param>
/// <param name="start">The first image of the block.</param>
/// <param name="scores">Its scores x·y, a row of C for each image.</param>
internal delegate void BlockVisitor(int part, int start, ReadOnlySpan<float> scores);

/// <summary>
/// Passes over the scores X·Yᵀ block by block of images, any number of times. Where they are few they are kept, in single
/// precision, else each pass computes them anew: memory is bounded whatever n.
/// </summary>
internal sealed class ScoreBlocks
{
    // 64 MB.
    private const long MostKept = 1 << 24;
    private const int BlockRows = 96;
    // Fixed, not by the threads, so that sums over parts have the same bits on any number of them.
    private const int MostParts = 64;

    private readonly Matrix _images;
    private readonly MatrixProduct<float> _byPrototypesTransposed = MatrixProducts.Single();
    private readonly int _threads;
    private readonly float[]? _kept;
    private readonly Pool<float[]> _buffers;
    private BlockVisitor _visit = null!;

    /// <summary>Prepares to pass.</summary>
    /// <param name="images">The image features, n × d.</param>
    /// <param name="prototypes">The class prototypes, C × d.</param>
    /// <param name="threads">The number of threads at most.</param>
    /// <param name="mostKept">The number of scores up to which they are kept.</param>
    public ScoreBlocks(Matrix images, Matrix prototypes, int threads, long mostKept = MostKept)
    {
        (_images, Classes, _threads) = (images, prototypes.Rows, threads);
        Parts = Math.Min(Blocks, MostParts);
        var byPrototypes = prototypes.AsOperand().Transpose();
        var keeps = (long)images.Rows * Classes <= mostKept;
        _buffers = new Pool<float[]>(() => keeps ? [] : new float[BlockRows * Classes], Parts);
        if (keeps)
        {
            _kept = GC.AllocateUninitializedArray<float>(images.Rows * Classes);
            _byPrototypesTransposed.Multiply(images.AsOperand(), byPrototypes, _kept, threads);
        }
        else
        {
            _byPrototypesTransposed.Pack(byPrototypes, threads);
        }
    }

    /// <summary>Gets the number of images.</summary>
    public int Rows => _images.Rows;

    /// <summary>Gets the number of classes.</summary>
    public int Classes { get; }

    /// <summary>Gets the number of parts.</summary>
    public int Parts { get; }

    private int Blocks => (Rows + BlockRows - 1) / BlockRows;

    /// <summary>Passes once over all blocks.</summary>
    public void Visit(BlockVisitor visit)
    {
        _visit = visit;
        ParallelLoop.For(Parts, _threads, this, static (blocks, part) => blocks.VisitPart(part));
    }

    private void VisitPart(int part)
    {
        var buffer = _buffers.Rent();
        for (var block = (int)((long)Blocks * part / Parts); block < (int)((long)Blocks * (part + 1) / Parts); block++)
        {
            var start = block * BlockRows;
            _visit(part, start, Scores(start, Math.Min(BlockRows, Rows - start), buffer));
        }
        _buffers.Return(buffer);
    }

    private ReadOnlySpan<float> Scores(int start, int count, float[] buffer)
    {
        if (_kept is not null)
            return _kept.AsSpan(start * Classes, count * Classes);
        var scores = buffer.AsSpan(0, count * Classes);
        _byPrototypesTransposed.MultiplyPacked(_images.Slice(start, count).Values.Span, count, scores);
        return scores;
    }
}
