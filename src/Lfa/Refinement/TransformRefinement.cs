using System.Numerics.Tensors;
using Lfa.Alignment;
using Lfa.Data;

namespace Lfa.Refinement;

/// <summary>
/// Refines a transform by a few iterations of gradient descent on a loss of the projected features.
/// </summary>
/// <remarks>
/// Ouali et al., ICCV 2023, section 3.3: AdamW with a cosine schedule from a β-Procrustes transform, and a moving average
/// of the transforms beside it. Differs from the published implementation:
/// <list type="number">
/// <item>Gradients are derived by hand and involve only the prototypes that take part.</item>
/// <item>Test accuracy is not computed along the way.</item>
/// <item>The seed fixes every bit of the result, on any number of threads.</item>
/// </list>
/// </remarks>
public static class TransformRefinement
{
    /// <summary>Refines a transform.</summary>
    /// <param name="task">The labeled images, n × d, and the class prototypes, C × d, rows of unit length.</param>
    /// <param name="start">The transform to start from, d × d; between two spaces d_image × d_text.</param>
    /// <param name="options">The options. Default: the published ones.</param>
    /// <param name="seed">The seed of the batches and of what is added to them. Default: 1.</param>
    /// <param name="threads">The number of threads at most; 0 for all processors. It does not change the result. Default: 0.</param>
    /// <param name="progress">Told after each iteration, on the calling thread. Default: nobody.</param>
    /// <param name="cancellationToken">Checked before each iteration.</param>
    /// <returns>The refined transform, its moving average, and the losses on the way.</returns>
    /// <exception cref="ArgumentException">The images have no labels, a class has no example, or the transform has another dimension.</exception>
    /// <exception cref="ArithmeticException">The loss or the transform is no longer finite: the learning rate is too high.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public static RefinementResult Run(FeatureSet task, Transform start, RefinementOptions? options = null, int seed = 1, int threads = 0,
        IProgress<RefinementProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(start);
        task.ThrowIfNotTrainable();
        if (start.InputDimension != task.Dimension || start.OutputDimension != task.TextDimension)
            throw new ArgumentException(Invariant($"start is {start.InputDimension} × {start.OutputDimension} but the image features have {task.Dimension} columns and the class prototypes {task.TextDimension}; start must be {task.Dimension} × {task.TextDimension}."));
        return RunUnchecked(task, start, options ?? new RefinementOptions(), seed, threads, progress, cancellationToken);
    }

    /// <summary>Refines a transform on a task of which a class may have no image: then its prototype takes part as a wrong class only.</summary>
    internal static RefinementResult RunUnchecked(FeatureSet task, Transform start, RefinementOptions options, int seed, int threads,
        IProgress<RefinementProgress>? progress, CancellationToken cancellationToken)
    {
        var loop = new RefinementLoop(task, start, options, seed, threads);
        var losses = new double[options.Iterations];
        for (var iteration = 0; iteration < losses.Length; iteration++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            losses[iteration] = loop.Step(iteration);
            if (!double.IsFinite(losses[iteration]))
                throw Diverged(iteration);
            progress?.Report(new RefinementProgress(iteration + 1, losses.Length, losses[iteration]));
        }
        if (!TensorPrimitives.IsFiniteAll<float>(loop.Transform))
            throw Diverged(losses.Length);
        return new RefinementResult(ToTransform(loop.Transform, task), ToTransform(loop.Average, task), losses);
    }

    private static ArithmeticException Diverged(int iterations) =>
        new(Invariant($"The refinement diverged after {iterations} iterations; lower the learning rate."));

    private static Transform ToTransform(float[] values, FeatureSet task) => new(new Matrix(values, task.Dimension, task.TextDimension));
}
