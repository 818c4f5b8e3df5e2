using System.Globalization;
using System.Numerics.Tensors;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Refinement;
using Lfa.Validation;

namespace Lfa.Analysis;

/// <summary>Compares the scores by which unknown images might be told, on training features and made-up problems: what the score was chosen by.</summary>
internal static class FamiliarityTable
{
    private const int Iterations = 50;

    private delegate double Score(ReadOnlySpan<float> logits);

    private static readonly (string Name, Score Of)[] Scores =
    [
        .. new[] { 1, 1.5, 2, 2.5, 3, 4, 6 }.Select(factor => ($"highest probability at {factor} τ", (Score)(logits => Highest(logits, factor)))),
        ("highest score above the mean", logits => TensorPrimitives.Max(logits) - TensorPrimitives.Average(logits)),
        ("highest score", logits => TensorPrimitives.Max(logits)),
        ("energy", logits => LogSumExp(logits, 1)),
        ("highest score above the second", logits => { var two = logits.ToArray().OrderDescending().Take(2).ToArray(); return two[0] - two[1]; }),
    ];

    public static void Print()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var results = Problems().SelectMany(problem => new[] { Measure(problem, 0, 0), Measure(problem, 1, 0), Measure(problem, 0, Iterations), Measure(problem, 1, Iterations) }).ToArray();
        Console.WriteLine($"AUROC of images of half of the classes, held out of the fit, against training images of the other half: mean of {results.Length} problems.");
        Console.WriteLine("ImageNet with 4 shots, Caltech101-59 with 16 and 4 (two draws of the halves each), four made-up problems; β-Procrustes alone and with 50 iterations.");
        Console.WriteLine();
        Console.WriteLine("| score | AUROC |");
        Console.WriteLine("| --- | ---: |");
        for (var i = 0; i < Scores.Length; i++)
            Console.WriteLine($"| {Scores[i].Name} | {results.Average(result => result[i]):F4} |");
    }

    private static IEnumerable<(FeatureSet Task, int Seed)> Problems()
    {
        yield return (RealFeatures.Read("imagenet_vitb32_train_4shot"), 1);
        foreach (var seed in new[] { 1, 2 })
        {
            yield return (RealFeatures.Read("caltech101_59_train_16shot"), seed);
            yield return (RealFeatures.Read("caltech101_59_train_4shot"), seed);
            yield return (MadeUpProblem.Create(new MadeUpProblemOptions { Shots = 2, NoiseShare = seed == 1 ? 0.9 : 0.95 }).Train, seed);
            yield return (MadeUpProblem.Create(new MadeUpProblemOptions { Shots = 8, NoiseShare = seed == 1 ? 0.9 : 0.95 }).Train, seed);
        }
    }

    private static double[] Measure((FeatureSet Task, int Seed) problem, int half, int iterations)
    {
        var draw = Folds.Stratify(new int[problem.Task.ClassCount], 2, problem.Seed);
        var known = Halves.Of(problem.Task, [.. Enumerable.Range(0, draw.Length).Where(c => draw[c] == half)]);
        var unknown = Halves.Of(problem.Task, [.. Enumerable.Range(0, draw.Length).Where(c => draw[c] != half)]);
        var context = new FitContext { Seed = problem.Seed };
        var beta = BetaCrossValidation.Select(known, context: context).Beta;
        var held = HeldOut.Collect(known, SelectionFolds.Of(known, problem.Seed), Fit);
        var temperature = Calibration.FromHeldOut(held.Logits, held.Labels).Temperature;
        var unknownLogits = Fit(known).WithTemperature(temperature).Logits(unknown.ImageFeatures);
        var knownLogits = new float[held.Logits.Values.Length];
        TensorPrimitives.Divide(held.Logits.Values.Span, (float)temperature, knownLogits);
        return [.. Scores.Select(score => Halves.Auroc(Of(score.Of, new Matrix(knownLogits, held.Logits.Rows, held.Logits.Columns)), Of(score.Of, unknownLogits)))];

        AlignedScorer Fit(FeatureSet part)
        {
            var transform = BetaProcrustes.Fit(part, beta);
            if (iterations > 0)
                transform = TransformRefinement.Run(part, transform, new RefinementOptions { Iterations = iterations }, context).Transform;
            return new AlignedScorer(transform, part.ClassPrototypes, temperature: 1);
        }
    }

    private static double[] Of(Score score, Matrix logits) => [.. Enumerable.Range(0, logits.Rows).Select(row => score(logits.Row(row)))];

    private static double Highest(ReadOnlySpan<float> logits, double factor) => (TensorPrimitives.Max(logits) / factor) - LogSumExp(logits, factor);

    private static double LogSumExp(ReadOnlySpan<float> logits, double factor)
    {
        var largest = TensorPrimitives.Max(logits);
        var sum = 0.0;
        foreach (var logit in logits)
            sum += Math.Exp((logit - largest) / factor);
        return (largest / factor) + Math.Log(sum);
    }
}
