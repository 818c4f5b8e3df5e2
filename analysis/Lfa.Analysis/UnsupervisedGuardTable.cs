using System.Globalization;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Transport;

namespace Lfa.Analysis;

/// <summary>
/// Judges fits without labels on parts of training files and on made-up problems: balanced sets, sets of other class priors, and
/// problems where nothing helps. What the choice is made of was developed on these figures; the test files took no part.
/// </summary>
internal static class UnsupervisedGuardTable
{
    private static readonly MadeUpProblemOptions Plain = new() { RotatedShare = 0, NoiseDecay = 0, TextConcentration = 0, ImageConcentration = 0, NoiseShare = 0.9, TestImages = 20 };
    private static readonly MadeUpProblemOptions Gap = new() { TestImages = 20 };

    public static void Print()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Console.WriteLine("Top-1 in per cent of fits to images without labels, means over seeds. λ: how much of the estimated class prior is uniform.");
        Console.WriteLine("Labels right: of zero-shot, of transport with a uniform class prior, and with an estimated one.");
        Console.WriteLine();
        Console.WriteLine("| images without labels | n | λ | labels right | zero-shot | uniform prior | estimated prior | least gain of a seed | adapts |");
        Console.WriteLine("| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: |");
        var caltech = RealFeatures.Read("caltech101_59_train_16shot");
        foreach (var (name, keep) in Shapes(8))
            PrintRow($"Caltech101, {name}", [1, 2, 3], seed => Keep(FewShot.Split(caltech, 8, seed), keep));
        PrintRow("Caltech101, 1 a class", [1, 2, 3], seed => FewShot.Split(caltech, 1, seed));
        foreach (var (set, file) in ((string, string)[])[("UCF101", "ucf101_49_train_16shot"), ("HWU64", "text_hwu64_train_16shot_s1")])
        {
            var weak = RealFeatures.Read(file);
            foreach (var (name, keep) in Shapes(8))
                PrintRow($"{set}, {name}", [1, 2, 3], seed => Keep(FewShot.Split(weak, 8, seed), keep));
        }
        var imageNet = RealFeatures.Read("imagenet_vitb32_train_4shot");
        foreach (var (name, keep) in Shapes(3))
            PrintRow($"ImageNet, {name}", [1, 2, 3], seed => Keep(FewShot.Split(imageNet, 3, seed), keep));
        PrintRow("ImageNet, 1 a class", [1, 2, 3], seed => FewShot.Split(imageNet, 1, seed));
        int[] many = [.. Enumerable.Range(1, 20)];
        foreach (var (name, keep) in Shapes(16))
        {
            PrintRow($"made up, a rotation, {name}", many, seed => Keep(MadeUpProblem.Create(Gap, seed), keep));
            PrintRow($"made up, nothing to adapt, {name}", many, seed => Keep(MadeUpProblem.Create(Plain, seed), keep));
        }
        PrintRow("made up, nothing to adapt, 4 a class", many, seed => MadeUpProblem.Create(Plain with { Shots = 4 }, seed));
        PrintRow("made up, nothing to adapt, noisier, 8 a class", many, seed => MadeUpProblem.Create(Plain with { Shots = 8, NoiseShare = 0.95 }, seed));
        PrintRow("made up, a gap alone, 16 a class", many, seed => MadeUpProblem.Create(Gap with { RotatedShare = 0 }, seed));
    }

    /// <summary>How many images of a class are kept.</summary>
    private static (string Name, Func<int, int> Keep)[] Shapes(int most) =>
    [
        ($"{most} a class", _ => most),
        ($"1 to {most} a class", c => 1 + (c % most)),
        ($"{most} of every other class, else none", c => c % 2 == 0 ? most : 0),
    ];

    private static void PrintRow(string name, int[] seeds, Func<int, (FeatureSet Train, FeatureSet Test)> make)
    {
        var runs = seeds.Select(seed =>
        {
            var (train, test) = make(seed);
            var (task, context) = (new FitTask(unlabeled: train), new FitContext { Seed = seed });
            var uniform = new UnsupervisedAutoMethod { Transport = new() { ClassPrior = ClassPrior.Uniform } }.Fit(task, context);
            var estimated = new UnsupervisedAutoMethod().Fit(task, context);
            return (
                Images: train.SampleCount,
                Uniformity: estimated.Detail<TransportReport>()!.Rounds[0].Uniformity!.Value,
                ByZeroShot: Top1.OfZeroShot(train),
                ByUniform: Right(train, new SinkhornOptions()),
                ByEstimated: Right(train, new SinkhornOptions { ClassPrior = ClassPrior.Estimated }),
                ZeroShot: Top1.OfZeroShot(test),
                Uniform: Top1.Of(uniform.Scorer!, test),
                Estimated: Top1.Of(estimated.Scorer!, test),
                estimated.Detail<AutoSelection>()!.Adapts);
        }).ToArray();
        Console.WriteLine($"| {name} | {runs.Average(run => run.Images):F0} | {runs.Average(run => run.Uniformity):F2} | {runs.Average(run => run.ByZeroShot):F1}, {runs.Average(run => run.ByUniform):F1}, {runs.Average(run => run.ByEstimated):F1} | {runs.Average(run => run.ZeroShot):F2} | {runs.Average(run => run.Uniform):F2} | {runs.Average(run => run.Estimated):F2} | {runs.Min(run => run.Estimated - run.ZeroShot):+0.00;-0.00;0.00} | {runs.Count(run => run.Adapts)} of {runs.Length} |");
    }

    private static (FeatureSet Train, FeatureSet Test) Keep((FeatureSet Train, FeatureSet Test) sets, Func<int, int> most)
    {
        var seen = new int[sets.Train.ClassCount];
        int[] rows = [.. Enumerable.Range(0, sets.Train.SampleCount).Where(row => seen[sets.Train.Labels.Span[row]]++ < most(sets.Train.Labels.Span[row]))];
        return (sets.Train.SelectRows(rows), sets.Test);
    }

    private static double Right(FeatureSet task, SinkhornOptions options)
    {
        var labels = PseudoLabels.FromPlan(Sinkhorn.Solve(task.ImageFeatures, task.ClassPrototypes, options), task.ImageFeatures).Labels.ToArray();
        return 100.0 * labels.Zip(task.Labels.ToArray()).Count(pair => pair.First == pair.Second) / labels.Length;
    }
}
