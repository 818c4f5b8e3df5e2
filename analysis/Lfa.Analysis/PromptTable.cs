using System.Globalization;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Model;
using Lfa.Refinement;

namespace Lfa.Analysis;

/// <summary>Compares prototypes learned as prompt tuning learns them with LFA, and with their approximations by one transform.</summary>
internal static class PromptTable
{
    private static readonly (string Name, string Train, string Test)[] Cases =
    [
        ("ImageNet, 4 shots", "imagenet_vitb32_train_4shot", "imagenet_vitb32_test"),
        ("Caltech101-59, 16 shots", "caltech101_59_train_16shot", "caltech101_59_test"),
        ("Caltech101-59, 4 shots", "caltech101_59_train_4shot", "caltech101_59_test"),
    ];

    private static readonly (string Name, Func<FeatureSet, Matrix> Learn)[] Learners =
    [
        ("shared residual", task => new SharedResidualMethod().LearnPrototypes(task)),
        ("residual a class", task => new TaskResidualMethod().LearnPrototypes(task)),
    ];

    public static void Print()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Console.WriteLine("Top-1 in per cent, CLIP ViT-B/32, seed 1. Left out: each class's prototype by a transform fitted to the learned prototypes of the");
        Console.WriteLine("other classes (five parts). New: everything learned on the first half of the classes, tested on the images of the others among");
        Console.WriteLine("the others; learned prototypes reach these through the transform alone.");
        foreach (var item in Cases)
            Print(item.Name, RealFeatures.Read(item.Train), RealFeatures.Read(item.Test));
    }

    private static void Print(string name, FeatureSet train, FeatureSet test)
    {
        Console.WriteLine();
        Console.WriteLine($"## {name}");
        Console.WriteLine();
        Console.WriteLine("| | all classes | approximated | left out | left out, held to zero | new |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: |");
        var (seen, _) = ClassSplit.BaseAndNew(train);
        var (_, unseen) = ClassSplit.BaseAndNew(test);
        Console.WriteLine($"| zero-shot | {Top1.OfZeroShot(test):F2} | | | | {Top1.OfZeroShot(unseen):F2} |");
        foreach (var (learner, learn) in Learners)
        {
            var learned = learn(train);
            var fit = PromptApproximation.Fit(train.ClassPrototypes, learned).Evaluate(test);
            var zero = PromptApproximation.Fit(train.ClassPrototypes, learned, new() { ShrinksToZero = true }).Evaluate(test);
            var carried = PromptApproximation.Fit(seen.ClassPrototypes, learn(seen)).Transform.Apply(unseen.ClassPrototypes).NormalizeRows();
            Console.WriteLine($"| {learner} | {100 * fit.Learned.Top1:F2} | {100 * fit.Approximated.Top1:F2} | {100 * fit.LeftOut.Top1:F2} | {100 * zero.LeftOut.Top1:F2} | {Top1.Of(new AlignedScorer(Transform.Identity(unseen.Dimension), carried), unseen):F2} |");
        }
        PrintMethod("LFA, β = 0.9, T = 100", new LfaMethod { Beta = 0.9, Refinement = new RefinementOptions { Iterations = 100 } });
        PrintMethod("auto", new AutoMethod());

        // New classes get the moving average of LFA, and what auto chose for them.
        void PrintMethod(string title, IMethod method)
        {
            var forUnseen = LfaModel.Fit(seen, method).ForClasses(unseen.ClassPrototypes, unseen.ClassNames);
            Console.WriteLine($"| {title} | {Top1.Of(method.Fit(train).Scorer!, test):F2} | | | | {Top1.Of(forUnseen.Scorer, unseen):F2} |");
        }
    }
}
