using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Transport;

/// <summary>
/// Moves images to classes at the least cost that gives each class its share: the plan P ≥ 0 that minimizes
/// Σ_ic P_ic · ½‖x_i − y_c‖² + ε · KL(P ‖ a·bᵀ), where the rows add up to a_i = 1/n and the columns to the shares b_c.
/// </summary>
/// <remarks>
/// M. Cuturi, "Sinkhorn distances: lightspeed computation of optimal transport", NeurIPS 2013; Ouali et al., ICCV 2023
/// (unsupervised LFA). For unit rows the cost is 1 − x·y, so that P_ic = exp(x_i·y_c/ε + f_i + h_c).
/// <list type="number">
/// <item>f_i follows from the rows, so the potentials h of the classes say everything.</item>
/// <item>A pass over the images sums the columns of softmax(X·Yᵀ/ε + h), in logarithms (<see cref="ColumnMeans"/>).</item>
/// <item>h moves by what the columns miss, log b − log column, as in Sinkhorn's iteration, while ε falls from 1 to where it
/// shall be; then accelerated, until the shares hold (<see cref="SinkhornRun"/>).</item>
/// </list>
/// Differs from the published implementation:
/// <list type="number">
/// <item>It goes on until the shares hold, where the published one stops with its annealing.</item>
/// <item>The rows hold exactly. Neither the plan nor a potential of an image is stored, so that beside the images memory is
/// bounded: up to 64 MB of scores are kept, else each pass computes them anew.</item>
/// <item>The iteration is accelerated (<see cref="AndersonMixing"/>): on CLIP features a tenth to a twentieth of the passes.</item>
/// </list>
/// </remarks>
public static class Sinkhorn
{
    /// <summary>Finds the plan.</summary>
    /// <param name="images">The image features, n × d, rows of unit length; at least one.</param>
    /// <param name="classPrototypes">The class prototypes, C × d, rows of unit length.</param>
    /// <param name="options">The options. Default: the published ones.</param>
    /// <param name="maxDegreeOfParallelism">The number of threads at most; −1 for all processors. It does not change the result. Default: −1.</param>
    /// <param name="cancellationToken">Checked before each pass.</param>
    /// <returns>The plan, and how well it holds: see <see cref="TransportPlan.Converged"/>.</returns>
    /// <exception cref="LfaDataException">The shapes contradict each other, there is no image, or an entry is not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public static TransportPlan Solve(Matrix images, Matrix classPrototypes, SinkhornOptions? options = null, int maxDegreeOfParallelism = -1,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(classPrototypes);
        options ??= new SinkhornOptions();
        if (images.Rows == 0 || classPrototypes.Rows == 0 || images.Columns != classPrototypes.Columns)
            throw new LfaDataException(Invariant($"images is {images.Rows} × {images.Columns} and classPrototypes is {classPrototypes.Rows} × {classPrototypes.Columns}; both need a row at least, and the same number of columns."));
        options.ClassPrior.ThrowIfNotOf(classPrototypes.Rows);
        images.ThrowIfNotFinite("images");
        classPrototypes.ThrowIfNotFinite("classPrototypes");
        var run = new SinkhornRun(new ScoreBlocks(images, classPrototypes, Threads.Resolve(maxDegreeOfParallelism)), classPrototypes, options, cancellationToken);
        return options.ClassPrior switch
        {
            { IsEstimated: true } => ClassPriorEstimate.Solve(run, options),
            { Values.IsEmpty: true } => run.Solve(ClassPrior.Equal(classPrototypes.Rows)) with { Uniformity = 1 },
            _ => run.Solve(options.ClassPrior.Values.ToArray()),
        };
    }
}
