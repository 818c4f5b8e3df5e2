using System.Globalization;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Model;
using Lfa.Refinement;

namespace Lfa.Analysis;

/// <summary>Fits to the first half of the classes; measures those and the others, each among themselves, and all together.</summary>
internal static class BaseToNewTable
{
    private const double PublishedBeta = 0.9;
    private static readonly int[] Seeds = [1, 2, 3];

    private static readonly (string Name, string Train, string Test, int Iterations)[] Cases =
    [
        ("ImageNet, 4 shots", "imagenet_vitb32_train_4shot", "imagenet_vitb32_test", 100),
        ("Caltech101-59, 16 shots", "caltech101_59_train_16shot", "caltech101_59_test", 40),
        ("Caltech101-59, 4 shots", "caltech101_59_train_4shot", "caltech101_59_test", 40),
        ("Caltech101-59, 1 shot", "caltech101_59_train_1shot", "caltech101_59_test", 40),
    ];

    public static void Print()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Console.WriteLine("Top-1 in per cent, CLIP ViT-B/32 features, fitted to the first half of the classes: base and new classes each among themselves, H = 2ab/(a + b). Means of seeds 1 to 3.");
        Console.WriteLine("W and E: the refined transform and its moving average. Published settings: β = 0.9 and T as listed; an arbitrary completion of the orthogonal transform stands for a LAPACK's. \"Least\": the new classes of the worst seed, less zero-shot.");
        foreach (var (name, train, test, iterations) in Cases)
            Print(name, RealFeatures.Read(train), RealFeatures.Read(test), iterations);
    }

    private static void Print(string name, FeatureSet train, FeatureSet test, int iterations)
    {
        var (known, _) = ClassSplit.BaseAndNew(train);
        var (baseTest, newTest) = ClassSplit.BaseAndNew(test);
        Console.WriteLine();
        Console.WriteLine($"## {name}, T = {iterations}: {known.ClassCount} base classes with {known.SampleCount} images, {newTest.ClassCount} new classes; {baseTest.SampleCount} and {newTest.SampleCount} test images");
        Console.WriteLine();
        Console.WriteLine("| | base | new | H | least |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: |");
        var zeroShot = Measure(Model(Plain(Transform.Identity(known.Dimension), known), known));
        PrintRow("zero-shot", [zeroShot]);
        var orthogonal = OrthogonalProcrustes.Fit(known);
        PrintPublished("published settings, arbitrary completion", ArbitraryCompletion.Of(orthogonal, known));
        PrintPublished("published settings, completion nearest the identity", orthogonal);
        var defaults = Seeds.Select(seed => LfaModel.Fit(known, new LfaMethod(), new FitContext { Seed = seed })).ToArray();
        PrintRow("method lfa, its defaults: W, E", [.. defaults.Select(Measure)]);
        var autos = Seeds.Select(seed => new AutoMethod().Fit(known, new FitContext { Seed = seed })).ToArray();
        PrintRow("**auto, the default**", [.. autos.Select(fit => Measure(LfaModel.FromFit(fit)))]);
        Console.WriteLine();
        Console.WriteLine($"New classes get, by auto: {string.Join("; ", autos.Select(fit => Describe(fit.Detail<AutoSelection>()!.NewClasses)))}.");
        PrintTogether(known, test, newTest, defaults, [.. autos.Select(LfaModel.FromFit)]);

        BaseToNewResult Measure(LfaModel model) => BaseToNewResult.FromModel(model, baseTest, newTest);

        void PrintPublished(string text, Transform start)
        {
            var runs = Seeds.Select(seed => TransformRefinement.Run(known, BetaProcrustes.Shrink(start, PublishedBeta), new RefinementOptions { Iterations = iterations }, new FitContext { Seed = seed })).ToArray();
            foreach (var (first, second) in (ReadOnlySpan<(char, char)>)[('W', 'E'), ('W', 'W'), ('E', 'E'), ('E', 'W')])
                PrintRow($"{text}: {first}, {second}", [.. runs.Select(run => Measure(Model(new(Of(first, run), known.ClassPrototypes, newClasses: new(Of(second, run), Scorer.DefaultTemperature)), known)))]);
        }

        void PrintRow(string text, BaseToNewResult[] results) => Console.WriteLine(
            $"| {text} | {results.Average(result => 100 * result.Base):F2} | {results.Average(result => 100 * result.New):F2} | {results.Average(result => 100 * result.HarmonicMean):F2} | {100 * (results.Min(result => result.New) - zeroShot.New):+0.00;-0.00;0.00} |");
    }

    /// <summary>Prints how base and new classes fare in one model, where all of them compete.</summary>
    private static void PrintTogether(FeatureSet known, FeatureSet test, FeatureSet newTest, LfaModel[] defaults, LfaModel[] autos)
    {
        Console.WriteLine();
        Console.WriteLine("All classes compete: the new ones were added by their names alone.");
        Console.WriteLine();
        Console.WriteLine("| | images of base classes | of new classes | all |");
        Console.WriteLine("| --- | ---: | ---: | ---: |");
        PrintRow("zero-shot", [Plain(Transform.Identity(known.Dimension), test)]);
        PrintRow("method lfa: W for both", [.. defaults.Select(Add)]);
        PrintRow("method lfa: W for base, E for new classes", [.. defaults.Select(Mix)]);
        PrintRow("auto: W for both (`lfa update --add-classes`)", [.. autos.Select(Add)]);
        PrintRow("auto: W for base, the transform for new classes for those", [.. autos.Select(Mix)]);

        AlignedScorer Add(LfaModel model) => ModelUpdater.AddClasses(model, newTest.ClassPrototypes, newTest.ClassNames).Model.Aligned!;

        // Scores of new classes by their own transform, as a residual head over W: (W_new − W)·y.
        AlignedScorer Mix(LfaModel model)
        {
            var added = Add(model);
            var (byW, byNew) = (added.AdaptedPrototypes(), Plain(added.NewClasses?.Transform ?? added.Transform, test).AdaptedPrototypes());
            var head = new float[byW.Values.Length];
            for (var c = 0; c < byW.Rows; c++)
            {
                for (var j = 0; j < byW.Columns; j++)
                    head[(c * byW.Columns) + j] = c < known.ClassCount ? added.Residual?.Weights[c, j] ?? 0 : byNew[c, j] - byW[c, j];
            }
            return new AlignedScorer(added.Transform, added.ClassPrototypes, residual: new LinearHead(new Matrix(head, byW.Rows, byW.Columns), added.Residual?.Biases ?? default));
        }

        void PrintRow(string text, AlignedScorer[] scorers)
        {
            var outcomes = scorers.Select(scorer => Evaluation.FromScorer(scorer, test)).Select(evaluation => Enumerable.Range(0, evaluation.Samples)
                .ToLookup(i => evaluation.Labels.Span[i] < known.ClassCount, i => evaluation.Labels.Span[i] == evaluation.Predicted.Span[i] ? 100.0 : 0)).ToArray();
            Console.WriteLine($"| {text} | {outcomes.Average(outcome => outcome[true].Average()):F2} | {outcomes.Average(outcome => outcome[false].Average()):F2} | {outcomes.Average(outcome => outcome.SelectMany(part => part).Average()):F2} |");
        }
    }

    private static Transform Of(char letter, RefinementResult run) => letter == 'W' ? run.Transform : run.MovingAverage;

    private static AlignedScorer Plain(Transform transform, FeatureSet task) => new(transform, task.ClassPrototypes);

    private static LfaModel Model(AlignedScorer scorer, FeatureSet task) => new(scorer, task.ClassNames);

    private static string Describe(NewClassSelection selection) => selection.Step == 0 ? FitStages.ZeroShot
        : $"{100 * selection.Step:0} % of the way from zero-shot to {(selection.Target is NewClassTarget.FixedBlend ? "the fixed blend" : "the transform of the trained classes")}";
}
