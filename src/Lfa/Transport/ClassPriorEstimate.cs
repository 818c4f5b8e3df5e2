using System.Numerics.Tensors;

namespace Lfa.Transport;

/// <summary>
/// Estimates what part of the images is of each class: (1 − λ) · what zero-shot classification finds + λ · the same for all,
/// with the largest λ of 1, ¾, ½, ¼, 0 whose labels remain likely.
/// </summary>
/// <remarks>
/// What zero-shot finds is noisy and favors some class names; equal shares take both out, where they hold, and move images
/// from frequent classes to rare ones, where they do not. The images tell which: moving an image from its nearest class to
/// another costs max_c x·y_c − x·y_label. If labels were drawn by zero-shot's own probabilities p at the encoder's temperature,
/// that cost would be max_c x·y_c − Σ_c p_c·x·y_c on average. λ may cost a quarter of it at most. The quarter was found on
/// training files and made-up problems (decision 0013), where balanced sets reach λ = ½ to 1, and sets without an image of
/// half of the classes 0 to ¼. There it did better than the shares of highest likelihood (expectation and maximization of
/// M. Saerens, P. Latinne, C. Decaestecker, "Adjusting the outputs of a classifier to new a priori probabilities", Neural
/// Computation 14, 2002), which take the favors of class names for shares.
/// </remarks>
internal static class ClassPriorEstimate
{
    private const double LargestCost = 0.25;
    private static readonly double[] Uniformities = [1, 0.75, 0.5, 0.25];

    /// <summary>Finds the shares, and their plan.</summary>
    public static TransportPlan Solve(SinkhornRun run, SinkhornOptions options)
    {
        var free = run.SolveFree();
        var iterations = free.Iterations;
        foreach (var uniformity in Uniformities)
        {
            var plan = run.Solve([.. free.ClassPrior.ToArray().Select(share => ((1 - uniformity) * share) + (uniformity / run.Blocks.Classes))]);
            iterations += plan.Iterations;
            if (Cost(run.Blocks, plan, options.Temperature) <= LargestCost)
                return plan with { Uniformity = uniformity, Iterations = iterations };
        }
        return free with { Uniformity = 0, Iterations = iterations };
    }

    /// <summary>Computes what the labels of a plan cost above the nearest classes, relative to labels drawn by zero-shot's probabilities.</summary>
    public static double Cost(ScoreBlocks blocks, TransportPlan plan, double temperature)
    {
        var (costs, drawn) = (new double[blocks.Parts], new double[blocks.Parts]);
        var potentials = Array.ConvertAll(plan.Potentials.ToArray(), potential => (float)(potential * plan.Epsilon));
        blocks.Visit((part, _, scores) =>
        {
            var row = new float[blocks.Classes];
            for (; scores.Length > 0; scores = scores[row.Length..])
            {
                var own = scores[..row.Length];
                TensorPrimitives.Add(own, potentials, row);
                var largest = TensorPrimitives.Max(own);
                costs[part] += largest - own[TensorPrimitives.IndexOfMax<float>(row)];
                TensorPrimitives.Subtract(own, largest, row);
                TensorPrimitives.Multiply(row, (float)(1 / temperature), row);
                TensorPrimitives.Exp(row, row);
                drawn[part] += largest - (TensorPrimitives.Dot(row, own) / TensorPrimitives.Sum<float>(row));
            }
        });
        return drawn.Sum() > 0 ? costs.Sum() / drawn.Sum() : 0; // 0 / 0 where all classes are alike.
    }
}
