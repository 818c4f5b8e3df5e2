using System.Numerics.Tensors;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Refinement;

/// <summary>
/// Computes the loss of a batch and its gradient in the projected features Z = XW, block by block of rows.
/// </summary>
/// <remarks>A block's projections and scores stay in the processor's cache; neither is ever held for the whole batch.</remarks>
internal sealed class LossPass
{
    private const int LargestBlock = 96;
    private const int SmallestBlock = 12;
    private const int WantedBlocks = 16;

    private readonly IAlignmentLoss _loss;
    private readonly Matrix _prototypes;
    private readonly int _threads;
    private readonly int _blockRows;
    private readonly MatrixProduct<float> _byTransform = MatrixProducts.Single();
    private readonly MatrixProduct<float> _byPrototypesTransposed = MatrixProducts.Single();
    private readonly Lazy<MatrixProduct<float>> _byPrototypes;
    private readonly Pool<Workspace> _workspaces;
    private readonly double[] _blockLosses;
    private Batch _batch = null!;

    public LossPass(IAlignmentLoss loss, Matrix prototypes, int batchSize, int threads)
    {
        (_loss, _prototypes, _threads) = (loss, prototypes, threads);
        // Fixed by the batch alone, not by the threads, so that sums over blocks have the same bits on any number of them.
        var panels = (batchSize + (WantedBlocks * SmallestBlock) - 1) / (WantedBlocks * SmallestBlock);
        _blockRows = loss.CouplesRows ? batchSize : Math.Min(panels * SmallestBlock, LargestBlock);
        _blockLosses = new double[(batchSize + _blockRows - 1) / _blockRows];
        _byPrototypesTransposed.Pack(prototypes.AsOperand().Transpose(), threads);
        _byPrototypes = new Lazy<MatrixProduct<float>>(() =>
        {
            var product = MatrixProducts.Single();
            product.Pack(prototypes.AsOperand(), threads: 1);
            return product;
        });
        _workspaces = new Pool<Workspace>(() => new Workspace(_blockRows, prototypes), _blockLosses.Length);
        Gradient = new float[checked(batchSize * prototypes.Columns)];
    }

    /// <summary>Gets the gradient in Z of the last batch, n × d by rows.</summary>
    public float[] Gradient { get; }

    /// <summary>Computes the mean loss of a batch, and <see cref="Gradient"/>.</summary>
    /// <param name="batch">The batch, of the size given at the start.</param>
    /// <param name="transform">The transform W, d × d by rows; between two spaces as many columns as the prototypes have.</param>
    public double Evaluate(Batch batch, ReadOnlyMemory<float> transform)
    {
        _byTransform.Pack(new(transform, batch.Dimension, _prototypes.Columns), _threads);
        _batch = batch;
        ParallelLoop.For(_blockLosses.Length, _threads, this, static (pass, block) => pass.EvaluateBlock(block));
        return TensorPrimitives.Sum<double>(_blockLosses);
    }

    private void EvaluateBlock(int block)
    {
        var dimension = _prototypes.Columns;
        var start = block * _blockRows;
        var count = Math.Min(_blockRows, _batch.Count - start);
        var workspace = _workspaces.Rent();
        var rows = workspace.Rows.AsSpan(0, count * dimension);
        var scores = workspace.Scores.AsSpan(0, count * _prototypes.Rows);
        var gradient = Gradient.AsSpan(start * dimension, count * dimension);

        _byTransform.MultiplyPacked(_batch.Features.Span.Slice(start * _batch.Dimension, count * _batch.Dimension), count, rows);
        if (_loss.UsesUnitRows)
            Normalize(rows, workspace.Norms, dimension);
        _byPrototypesTransposed.MultiplyPacked(rows, count, scores);
        gradient.Clear();
        _blockLosses[block] = _loss.Evaluate(new LossBlock(rows, scores, _batch.Labels.Slice(start, count), _prototypes, _batch.Count, gradient, _byPrototypes));
        if (_loss.UsesUnitRows)
            DifferentiateNormalization(rows, workspace.Norms, gradient, dimension);
        _workspaces.Return(workspace);
    }

    /// <summary>ẑ = z / ‖z‖.</summary>
    private static void Normalize(Span<float> rows, Span<float> norms, int dimension)
    {
        for (var i = 0; i < rows.Length / dimension; i++)
        {
            var row = rows.Slice(i * dimension, dimension);
            norms[i] = TensorPrimitives.Norm<float>(row);
            if (norms[i] > 0)
                TensorPrimitives.Multiply(row, 1 / norms[i], row);
        }
    }

    /// <summary>From the gradient g in ẑ to the one in z: (g − (g·ẑ) ẑ) / ‖z‖.</summary>
    private static void DifferentiateNormalization(ReadOnlySpan<float> unitRows, ReadOnlySpan<float> norms, Span<float> gradient, int dimension)
    {
        for (var i = 0; i < gradient.Length / dimension; i++)
        {
            var unit = unitRows.Slice(i * dimension, dimension);
            var g = gradient.Slice(i * dimension, dimension);
            TensorPrimitives.MultiplyAdd(unit, -TensorPrimitives.Dot<float>(g, unit), g, g);
            TensorPrimitives.Multiply(g, norms[i] > 0 ? 1 / norms[i] : 0, g);
        }
    }

    private sealed class Workspace(int rows, Matrix prototypes)
    {
        public float[] Rows { get; } = new float[checked(rows * prototypes.Columns)];

        public float[] Scores { get; } = new float[checked(rows * prototypes.Rows)];

        public float[] Norms { get; } = new float[rows];
    }
}
