using System.Numerics.Tensors;
using Lfa.Data;
using Lfa.Numerics;
using Lfa.Refinement;

namespace Lfa.Methods;

/// <summary>
/// Learns a residual of the class prototypes, one a class or one for all: argmin over R of the mean of
/// −log softmax(100·cos(x, y_c + α·r_c))_ℓ.
/// </summary>
/// <remarks>Adam from R = 0, learning rate 2e-3 along a cosine, 100 steps on all images up to four shots and 200 above.</remarks>
internal static class PrototypeResidual
{
    private const double LearningRate = 2e-3;
    private const int Steps = 100;
    private const int StepsOfManyShots = 200;
    private const int FewShots = 4;

    /// <summary>The published weight α of the residual.</summary>
    public const double DefaultWeight = 0.5;

    /// <summary>Learns the prototypes.</summary>
    /// <param name="task">The labeled images, n × d, and the class prototypes, C × d, rows of unit length.</param>
    /// <param name="isShared">Whether all classes have the same residual.</param>
    /// <param name="weight">The weight α; 0 leaves the prototypes as they are.</param>
    /// <param name="threads">The number of threads at most.</param>
    /// <param name="cancellationToken">Checked before each step.</param>
    /// <returns>The prototypes y_c + α·r_c, C × d by rows, of any length.</returns>
    public static float[] Learn(FeatureSet task, bool isShared, double weight, int threads, CancellationToken cancellationToken)
    {
        var loss = new PrototypeLoss(task, threads);
        var prototypes = task.ClassPrototypes.Values.ToArray();
        var gradient = new float[prototypes.Length];
        var residual = new float[isShared ? task.Dimension : prototypes.Length];
        var slope = isShared ? new float[task.Dimension] : gradient;
        var optimizer = new AdamW(residual, slope, weightDecay: 0, threads);
        var steps = task.SampleCount <= FewShots * task.ClassCount ? Steps : StepsOfManyShots;
        var schedule = new CosineSchedule(LearningRate, steps);
        for (var step = 0; step < steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            loss.Evaluate(prototypes, gradient);
            TensorPrimitives.Multiply(gradient, (float)weight, gradient);
            if (isShared)
                SumRows(gradient, slope);
            optimizer.Step(schedule.Rate(step));
            task.ClassPrototypes.Values.CopyTo(prototypes);
            for (var start = 0; start < prototypes.Length; start += residual.Length)
            {
                var rows = prototypes.AsSpan(start, residual.Length);
                TensorPrimitives.MultiplyAdd(residual, (float)weight, rows, rows);
            }
        }
        return prototypes;
    }

    /// <summary>Learns the prototypes and scales them to unit length.</summary>
    public static Matrix LearnUnit(FeatureSet task, bool isShared, double weight, FitContext context) =>
        new Matrix(Learn(task, isShared, weight, Threads.Resolve(context.MaxDegreeOfParallelism), context.CancellationToken), task.ClassCount, task.Dimension).NormalizeRows();

    private static void SumRows(ReadOnlySpan<float> rows, Span<float> sum)
    {
        sum.Clear();
        for (; rows.Length > 0; rows = rows[sum.Length..])
            TensorPrimitives.Add(sum, rows[..sum.Length], sum);
    }
}
