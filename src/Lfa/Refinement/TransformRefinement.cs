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
    /// <param name="context">The seed of the batches and of what is added to them, the threads, the progress, a step an iteration, and the cancellation. Default: seed 1, all processors.</param>
    /// <returns>The refined transform, its moving average, and the losses on the way.</returns>
    /// <exception cref="LfaDataException">The images have no labels, a class has no example, or the transform has another dimension.</exception>
    /// <exception cref="LfaDataException">The loss or the transform is no longer finite: the learning rate is too high.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public static RefinementResult Run(FeatureSet task, Transform start, RefinementOptions? options = null, FitContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(start);
        task.ThrowIfNotTrainable();
        if (start.InputDimension != task.Dimension || start.OutputDimension != task.TextDimension)
            throw new LfaDataException(Invariant($"start is {start.InputDimension} × {start.OutputDimension} but the image features have {task.Dimension} columns and the class prototypes {task.TextDimension}; start must be {task.Dimension} × {task.TextDimension}."));
        return RunUnchecked(task, start, options ?? new RefinementOptions(), context ?? new FitContext());
    }

    /// <summary>Refines a transform on a task of which a class may have no image: then its prototype takes part as a wrong class only.</summary>
    internal static RefinementResult RunUnchecked(FeatureSet task, Transform start, RefinementOptions options, FitContext context)
    {
        var loop = new RefinementLoop(task, start, options, context.Seed, context.MaxDegreeOfParallelism);
        var losses = new double[options.Iterations];
        for (var iteration = 0; iteration < losses.Length; iteration++)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            losses[iteration] = loop.Step(iteration);
            if (!double.IsFinite(losses[iteration]))
                throw Diverged(iteration);
            context.Progress?.Report(new FitProgress(iteration + 1, losses.Length, losses[iteration]));
        }
        if (!TensorPrimitives.IsFiniteAll<float>(loop.Transform))
            throw Diverged(losses.Length);
        return new RefinementResult(ToTransform(loop.Transform, task), ToTransform(loop.Average, task), losses);
    }

    private static LfaDataException Diverged(int iterations) =>
        new(Invariant($"The refinement diverged after {iterations} iterations; lower the learning rate."));

    private static Transform ToTransform(float[] values, FeatureSet task) => new(new Matrix(values, task.Dimension, task.TextDimension));
}
