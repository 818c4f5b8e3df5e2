using System.Globalization;
using Lfa.Alignment;
using Lfa.Data;
using Lfa.Refinement;

namespace Lfa.Analysis;

/// <summary>Fits on half of the classes and classifies the other half: what the completion of the orthogonal transform is for.</summary>
internal static class UnseenClasses
{
    public static void Print()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var (seen, _) = ClassSplit.BaseAndNew(RealFeatures.Read("caltech101_59_train_16shot"));
        var (seenTest, unseenTest) = ClassSplit.BaseAndNew(RealFeatures.Read("caltech101_59_test"));
        var orthogonal = OrthogonalProcrustes.Fit(seen);
        var refined = TransformRefinement.Run(seen, BetaProcrustes.Shrink(orthogonal, 0.9), new RefinementOptions { Iterations = 40 });

        Console.WriteLine($"Top-1 in per cent. Caltech101, CLIP ViT-B/32: fitted on {seen.ClassCount} classes with 16 shots, {unseenTest.ClassCount} classes unseen; seed 1.");
        Console.WriteLine();
        Console.WriteLine("| transform | seen classes | unseen classes |");
        Console.WriteLine("| --- | ---: | ---: |");
        PrintRow("none (zero-shot)", Transform.Identity(seen.Dimension));
        PrintRow("orthogonal, completion nearest the identity", orthogonal);
        PrintRow("orthogonal, arbitrary completion (a random orthogonal map of the null space)", ArbitraryCompletion.Of(orthogonal, seen));
        PrintRow("β = 0.9", BetaProcrustes.Shrink(orthogonal, 0.9));
        PrintRow("β = 0.9 and 40 iterations", refined.Transform);
        PrintRow("β = 0.9 and 40 iterations, moving average", refined.MovingAverage);

        void PrintRow(string name, Transform transform) =>
            Console.WriteLine($"| {name} | {Top1.Of(transform, seenTest):F2} | {Top1.Of(transform, unseenTest):F2} |");
    }
}
