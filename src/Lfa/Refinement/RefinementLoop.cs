using Lfa.Alignment;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Refinement;

/// <summary>The state of a refinement: one <see cref="Step"/> an iteration, without allocation after the first where the loss needs none and singular values are not clipped.</summary>
internal sealed class RefinementLoop
{
    private readonly RefinementOptions _options;
    private readonly int _threads;
    private readonly Batch _batch;
    private readonly LossPass _pass;
    private readonly MatrixProduct<float> _product = MatrixProducts.Single();
    private readonly float[] _gradient;
    private readonly AdamW _optimizer;
    private readonly CosineSchedule _schedule;
    private readonly MovingAverage _average;
    private readonly SpectralProjection? _projection;

    public RefinementLoop(FeatureSet task, Transform start, RefinementOptions options, int seed, int threads)
    {
        (_options, _threads) = (options, Threads.Resolve(threads));
        Transform = start.Matrix.Values.ToArray();
        _gradient = new float[Transform.Length];
        _batch = new Batch(task, options, seed, _threads);
        _pass = new LossPass(options.Loss, task.ClassPrototypes, _batch.Count, _threads);
        _optimizer = new AdamW(Transform, _gradient, options.WeightDecay, _threads);
        if (options.Orthogonalization > 0 || options.ClipsSingularValues)
            _projection = new SpectralProjection(task.Dimension, task.TextDimension, _threads);
        _schedule = new CosineSchedule(options.LearningRate, options.Iterations);
        // Between two spaces there is no identity to average from.
        var first = task.SharesSpace ? Alignment.Transform.Identity(task.Dimension) : start;
        _average = new MovingAverage(first.Matrix.Values.ToArray(), options.Iterations);
    }

    /// <summary>Gets the transform W, d × d by rows, or d_image × d_text.</summary>
    public float[] Transform { get; }

    /// <summary>Gets the moving average E, d × d by rows.</summary>
    public float[] Average => _average.Values;

    /// <summary>Runs iteration t, counted from 0.</summary>
    /// <returns>The mean loss of its batch, before the step.</returns>
    public double Step(int iteration)
    {
        _batch.Draw(iteration);
        var loss = _pass.Evaluate(_batch, Transform);
        var features = new Operand<float>(_batch.Features, _batch.Count, _batch.Dimension);
        _product.Multiply(features.Transpose(), new(_pass.Gradient, _batch.Count, _gradient.Length / _batch.Dimension), _gradient, _threads); // ∇W = Xᵀ · dZ
        _optimizer.Step(_schedule.Rate(iteration));
        if (_options.ClipsSingularValues && !System.Numerics.Tensors.TensorPrimitives.IsFiniteAll<float>(Transform))
            return double.NaN; // Diverged: there are no singular values to clip.
        if (_options.Orthogonalization > 0)
            _projection!.Orthogonalize(Transform, _options.Orthogonalization);
        if (_options.ClipsSingularValues)
            _projection!.ClipSingularValues(Transform);
        _average.Update(Transform, iteration);
        return loss;
    }
}
