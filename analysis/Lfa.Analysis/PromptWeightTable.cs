using System.Globalization;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Numerics;

namespace Lfa.Analysis;

/// <summary>
/// Weighs prompts that are made up from the prototypes of training files, since no real features with several prompts a class are at hand:
/// noise, exchanged names and what a template adds to all classes, of lengths relative to the mean distance of a prototype from their mean.
/// </summary>
internal static class PromptWeightTable
{
    private const int PerClass = 8;
    private static readonly int[] Seeds = [1, 2];

    private static readonly (string Name, Func<Draw, (int Class, double Noise)> Of)[] Kinds =
    [
        ("equal noise of length 1", draw => (draw.Label, 1)),
        ("noise of 0.3 and a shift of 1 a template", draw => (draw.Label, 0.3)),
        ("noise of 0.25 to 8, by template", draw => (draw.Label, 0.25 * Math.Pow(2, draw.Prompt * 5.0 / (PerClass - 1)))),
        ("noise of 0.25 in one prompt of each class, 3 in the others", draw => (draw.Label, draw.Prompt == draw.Good ? 0.25 : 3)),
        ("two of five prompts of another class", draw => (draw.Chance < 0.4 ? draw.Other : draw.Label, 0.5)),
        ("half of the templates with names exchanged", draw => (draw.Prompt < PerClass / 2 ? draw.Label : draw.Exchanged, 0.5)),
    ];

    public static void Print()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Console.WriteLine($"Top-1 in per cent / log-loss; {PerClass} made-up prompts a class, fitted to some shots of a training file, tested on its other images; means of seeds {string.Join(" and ", Seeds)}");
        Console.WriteLine("over Caltech101, UCF101, HWU64, DTD's translated names (1 and 4 shots) and every fifth class of ImageNet (1 and 2 shots).");
        Console.WriteLine();
        Console.WriteLine("| prompts | shots | fits | zero-shot by means | auto by means | auto, prompts weighed | gain | least gain of a fit |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        (FeatureSet Task, int[] Shots)[] tasks =
        [
            (RealFeatures.Read("caltech101_59_train_16shot"), [1, 2, 4]),
            (RealFeatures.Read("ucf101_49_train_16shot"), [1, 2, 4]),
            (RealFeatures.Read("text_hwu64_train_16shot_s1"), [1, 2, 4]),
            (RealFeatures.Read("names_dtd_47_train_16shot"), [1, 4]),
            (Halves.Of(RealFeatures.Read("imagenet_vitb32_train_4shot"), [.. Enumerable.Range(0, 200).Select(c => 5 * c)]), [1, 2]),
        ];
        foreach (var shots in (int[])[1, 2, 4])
        {
            for (var kind = 0; kind < Kinds.Length; kind++)
                PrintRow(kind, shots, [.. tasks.Where(task => task.Shots.Contains(shots)).Select(task => task.Task)]);
        }
    }

    private static void PrintRow(int kind, int shots, FeatureSet[] tasks)
    {
        var fits = tasks.SelectMany(task => Seeds.Select(seed =>
        {
            var (train, test) = FewShot.Split(task.WithPrompts(MakeUp(task, kind, seed), task.TextEncoder), shots, seed);
            var means = train.WithClassPrototypes(train.ClassPrototypes, train.TextEncoder);
            Evaluation Score(IMethod method, FeatureSet set) => Evaluation.FromScorer(method.Fit(set, new FitContext { Seed = seed }).Scorer!, test);
            return (ZeroShot: Score(new ZeroShotMethod(), means), Means: Score(new AutoMethod(), means), Weighed: Score(new AutoMethod(), train));
        })).ToArray();
        string Mean(Func<(Evaluation ZeroShot, Evaluation Means, Evaluation Weighed), Evaluation> of) => $"{fits.Average(fit => 100 * of(fit).Top1Accuracy):F2} / {fits.Average(fit => of(fit).LogLoss):F3}";
        var gains = fits.Select(fit => 100 * (fit.Weighed.Top1Accuracy - fit.Means.Top1Accuracy)).ToArray();
        Console.WriteLine($"| {Kinds[kind].Name} | {shots} | {fits.Length} | {Mean(fit => fit.ZeroShot)} | {Mean(fit => fit.Means)} | {Mean(fit => fit.Weighed)} | {gains.Average():+0.00;-0.00} | {gains.Min():+0.00;-0.00} |");
    }

    private static ClassPrompts MakeUp(FeatureSet task, int kind, int seed)
    {
        var (classes, dimension) = (task.ClassCount, task.TextDimension);
        var random = new RandomStream(seed, RandomPurpose.MadeUpProblem, kind);
        var unit = MeanDistance(task.ClassPrototypes) / Math.Sqrt(dimension);
        float[][] shifts = [.. Enumerable.Range(0, PerClass).Select(_ => Normal(random, dimension, unit * (kind == 1 ? 1 : 0.3)))];
        int[][] orders = [.. Enumerable.Range(0, PerClass).Select(_ => { int[] order = [.. Enumerable.Range(0, classes)]; random.Shuffle(order); return order; })];
        var rows = new List<float>(classes * PerClass * dimension);
        for (var row = 0; row < classes * PerClass; row++)
        {
            var (label, prompt) = (row / PerClass, row % PerClass);
            var (source, noise) = Kinds[kind].Of(new Draw(label, prompt, orders[0][label] % PerClass, random.NextUnit(), orders[1][random.NextInteger(classes)], orders[prompt][label]));
            var added = Normal(random, dimension, unit * noise);
            for (var j = 0; j < dimension; j++)
                rows.Add(task.ClassPrototypes[source, j] + shifts[prompt][j] + added[j]);
        }
        return new ClassPrompts(new Matrix(rows.ToArray(), classes * PerClass, dimension), PerClass);
    }

    private static float[] Normal(RandomStream random, int length, double scale)
    {
        var values = new float[length];
        for (var i = 0; i < length; i++)
            values[i] = (float)(scale * random.NextNormal());
        return values;
    }

    private static double MeanDistance(Matrix prototypes)
    {
        var mean = Enumerable.Range(0, prototypes.Columns).Select(j => Enumerable.Range(0, prototypes.Rows).Average(c => prototypes[c, j])).ToArray();
        return Enumerable.Range(0, prototypes.Rows).Average(c => Math.Sqrt(mean.Select((value, j) => Math.Pow(prototypes[c, j] - value, 2)).Sum()));
    }

    /// <summary>What a prompt may be made of.</summary>
    /// <param name="Label">Its class.</param>
    /// <param name="Prompt">Its place.</param>
    /// <param name="Good">One place, drawn for the class.</param>
    /// <param name="Chance">A number from 0 to 1, drawn for the prompt.</param>
    /// <param name="Other">A class, drawn for the prompt.</param>
    /// <param name="Exchanged">What its template exchanges the class for.</param>
    private sealed record Draw(int Label, int Prompt, int Good, double Chance, int Other, int Exchanged);
}
