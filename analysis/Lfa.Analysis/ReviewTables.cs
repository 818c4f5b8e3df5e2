using System.Globalization;
using System.Numerics.Tensors;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Review;

namespace Lfa.Analysis;

/// <summary>Plants wrong labels among training images and looks whether a review finds them; then duplicates, and what labels are worth.</summary>
/// <remarks>Only training files are read.</remarks>
internal static class ReviewTables
{
    private const double FlippedShare = 0.1;
    private const int Neighbors = 10;

    private static readonly int[] Seeds = [1, 2, 3];
    private static readonly double[] Thresholds = [0.95, 0.98, 0.99, 0.995];

    public static void Print()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        (string Name, FeatureSet Set)[] sets =
        [
            ("Caltech101-59, 16 shots", RealFeatures.Read("caltech101_59_train_16shot")),
            ("ImageNet, 4 shots", RealFeatures.Read("imagenet_vitb32_train_4shot")),
            ("made up, 16 shots", MadeUpProblem.Create().Train),
        ];
        Console.WriteLine($"Wrong labels planted in {100 * FlippedShare:F0} % of the training images, CLIP ViT-B/32 features (caltech101_59_train_16shot, imagenet_vitb32_train_4shot) and MadeUpProblem (seed 1).");
        Console.WriteLine($"Seeds {string.Join(", ", Seeds)} of flips and folds, mean. Found: the part of the flips among the first as many images; in per cent.");
        Console.WriteLine("Counted: how many images count as an issue, the part of them that were flipped, and the part of the flips among them.");
        foreach (var toNearest in new[] { false, true })
        {
            Console.WriteLine();
            Console.WriteLine(toNearest ? "## Flipped to the class of the nearest prototype" : "## Flipped to a class at random");
            Console.WriteLine();
            Console.WriteLine("| data | ranking | AUROC | found | counted | flipped of these | of the flips |");
            Console.WriteLine("| --- | --- | ---: | ---: | ---: | ---: | ---: |");
            foreach (var (name, set) in sets)
                PrintFlips(name, set, toNearest);
        }
        Console.WriteLine();
        Console.WriteLine($"With no label changed, {string.Join(", ", sets.Select(one => $"{FeatureReview.Run(one.Set).Doubts.Count(doubt => doubt.IsIssue)} of {one.Set.SampleCount} ({one.Name})"))} count.");
        PrintDuplicates(sets);
        PrintLabeling();
    }

    private static void PrintFlips(string name, FeatureSet set, bool toNearest)
    {
        var (ours, zeroShot, neighbors) = (new List<Ranking>(), new List<Ranking>(), new List<Ranking>());
        var issues = new List<(double Count, double Precision, double Recall)>();
        foreach (var seed in Seeds)
        {
            var (task, isFlipped) = Flip(set, seed, toNearest);
            var doubts = FeatureReview.Run(task, context: new FitContext { Seed = seed }).Doubts;
            var scores = new double[task.SampleCount];
            foreach (var doubt in doubts)
                scores[doubt.Row] = doubt.Score;
            ours.Add(Ranking.Of(scores, isFlipped));
            zeroShot.Add(Ranking.Of(ZeroShotDoubts(task), isFlipped));
            neighbors.Add(Ranking.Of(NeighborDoubts(task), isFlipped));
            var counted = doubts.Where(doubt => doubt.IsIssue).ToArray();
            double hits = counted.Count(doubt => isFlipped[doubt.Row]);
            issues.Add((counted.Length, hits / Math.Max(1, counted.Length), hits / isFlipped.Count(flipped => flipped)));
        }
        PrintRow("review", ours, $"{issues.Average(one => one.Count):F0} | {100 * issues.Average(one => one.Precision):F1} | {100 * issues.Average(one => one.Recall):F1}");
        PrintRow("zero-shot probability of the label", zeroShot, "– | – | –");
        PrintRow($"disagreement of {Neighbors} nearest neighbors", neighbors, "– | – | –");

        void PrintRow(string ranking, List<Ranking> rankings, string rest) =>
            Console.WriteLine($"| {name} | {ranking} | {rankings.Average(one => one.Auroc):F4} | {100 * rankings.Average(one => one.Found):F1} | {rest} |");
    }

    /// <summary>Gives a tenth of the images a wrong label; no class loses its last image.</summary>
    private static (FeatureSet Task, bool[] IsFlipped) Flip(FeatureSet set, int seed, bool toNearest)
    {
        var random = new Random(seed);
        var (labels, isFlipped) = (set.Labels.ToArray(), new bool[set.SampleCount]);
        var rows = Enumerable.Range(0, set.SampleCount).ToArray();
        random.Shuffle(rows);
        foreach (var row in rows.AsSpan(0, (int)Math.Round(FlippedShare * set.SampleCount)))
        {
            if (labels.Count(label => label == labels[row]) < 2)
                continue;
            labels[row] = toNearest ? NearestClass(set, labels[row]) : (labels[row] + 1 + random.Next(set.ClassCount - 1)) % set.ClassCount;
            isFlipped[row] = true;
        }
        return (new FeatureSet(set.ImageFeatures, set.ClassPrototypes, labels, set.ClassNames, set.FileNames, normalize: false), isFlipped);
    }

    // Two classes of one name have equal prototypes: no label of the one is wrong for the other.
    private static int NearestClass(FeatureSet set, int label) => Enumerable.Range(0, set.ClassCount)
        .Where(c => c != label && set.ClassNames[c] != set.ClassNames[label])
        .MaxBy(c => TensorPrimitives.Dot(set.ClassPrototypes.Row(c), set.ClassPrototypes.Row(label)));

    private static double[] ZeroShotDoubts(FeatureSet task)
    {
        var logits = new LinearHead(task.ClassPrototypes).Apply(task.ImageFeatures, Environment.ProcessorCount);
        return [.. Enumerable.Range(0, task.SampleCount).Select(row =>
        {
            var own = logits.Row(row)[task.Labels.Span[row]];
            return Math.Log(logits.Row(row).ToArray().Sum(other => Math.Exp((other - own) / Scorer.DefaultTemperature)));
        })];
    }

    private static double[] NeighborDoubts(FeatureSet task)
    {
        var cosines = new LinearHead(task.ImageFeatures).Apply(task.ImageFeatures, Environment.ProcessorCount);
        return [.. Enumerable.Range(0, task.SampleCount).Select(row => (double)Enumerable.Range(0, task.SampleCount)
            .Where(other => other != row)
            .OrderByDescending(other => cosines[row, other])
            .Take(Neighbors)
            .Count(other => task.Labels.Span[other] != task.Labels.Span[row]))];
    }

    private static void PrintDuplicates((string Name, FeatureSet Set)[] sets)
    {
        Console.WriteLine();
        Console.WriteLine("## Images with an earlier one at a cosine of at least");
        Console.WriteLine();
        Console.WriteLine($"| data | images | {string.Join(" | ", Thresholds)} |");
        Console.WriteLine($"| --- | ---: | {string.Join(" | ", Thresholds.Select(_ => "---:"))} |");
        foreach (var (name, set) in sets)
        {
            var counts = Thresholds.Select(threshold => FeatureReview.Run(set, options: new ReviewOptions { DuplicateCosine = threshold }).Duplicates.Count);
            Console.WriteLine($"| {name} | {set.SampleCount} | {string.Join(" | ", counts)} |");
        }
    }

    /// <summary>Labels as many made-up images as there are classes: those that a review proposes, or any.</summary>
    private static void PrintLabeling()
    {
        Console.WriteLine();
        Console.WriteLine($"## Top-1 of β-Procrustes in per cent after 50 more labels; MadeUpProblem, 50 classes, 1000 unlabeled images, seeds {string.Join(", ", Seeds)}, mean");
        Console.WriteLine();
        Console.WriteLine("| labeled images a class before | before | proposed | at random |");
        Console.WriteLine("| ---: | ---: | ---: | ---: |");
        foreach (var shots in new[] { 1, 2, 4 })
        {
            var sums = new double[3];
            foreach (var seed in Seeds)
            {
                var (train, test) = MadeUpProblem.Create(new MadeUpProblemOptions { Shots = shots + 20 }, seed);
                var (labeled, pool) = FewShot.Split(train, shots, seed);
                var proposed = FeatureReview.Run(labeled, pool.ImageFeatures, new ReviewOptions { ToLabel = labeled.ClassCount }, new FitContext { Seed = seed }).ToLabel.Select(one => one.Row).ToArray();
                var any = Enumerable.Range(0, pool.SampleCount).ToArray();
                new Random(seed).Shuffle(any);
                sums[0] += Measure(labeled, pool, [], test, seed);
                sums[1] += Measure(labeled, pool, proposed, test, seed);
                sums[2] += Measure(labeled, pool, any[..proposed.Length], test, seed);
            }
            Console.WriteLine($"| {shots} | {string.Join(" | ", sums.Select(sum => $"{sum / Seeds.Length:F2}"))} |");
        }
    }

    private static double Measure(FeatureSet labeled, FeatureSet pool, int[] picked, FeatureSet test, int seed)
    {
        var more = pool.ImageFeatures.SelectRows(picked);
        float[] values = [.. labeled.ImageFeatures.Values.Span, .. more.Values.Span];
        int[] labels = [.. labeled.Labels.Span, .. picked.Select(row => pool.Labels.Span[row])];
        var task = new FeatureSet(new Matrix(values, labels.Length, labeled.Dimension), labeled.ClassPrototypes, labels, labeled.ClassNames, normalize: false);
        return Top1.Of(new BetaProcrustesMethod().Fit(task, new FitContext { Seed = seed }).Scorer!, test);
    }

    /// <summary>How well a ranking finds what was planted.</summary>
    /// <param name="Auroc">The probability that a planted image ranks before another; ties count half.</param>
    /// <param name="Found">The part of the planted images among the first as many.</param>
    private sealed record Ranking(double Auroc, double Found)
    {
        public static Ranking Of(double[] scores, bool[] isPlanted)
        {
            var planted = isPlanted.Count(value => value);
            var order = Enumerable.Range(0, scores.Length).OrderByDescending(row => scores[row]).ToArray();
            var (pairs, plantedBefore) = (0.0, 0);
            foreach (var tie in order.GroupBy(row => scores[row]))
            {
                var here = tie.Count(row => isPlanted[row]);
                pairs += (tie.Count() - here) * (plantedBefore + (0.5 * here));
                plantedBefore += here;
            }
            var found = order.Take(planted).Count(row => isPlanted[row]);
            return new Ranking(pairs / ((double)planted * (scores.Length - planted)), (double)found / planted);
        }
    }
}
