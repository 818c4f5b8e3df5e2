using System.Globalization;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Model;

namespace Lfa.Analysis;

/// <summary>
/// Images by one encoder, class names by another that never met it: CLIP features of photographs and word vectors of the
/// names, which were made from text alone.
/// </summary>
internal static class CrossEncoder
{
    private static readonly int[] Seeds = [1, 2, 3];
    private static readonly int[] Shots = [16, 4, 1];

    private static readonly Way[] ImagesOnly = [.. new IMethod[] { new NearestMeanMethod(), new NearestNeighborsMethod(), new LinearProbeMethod(), new RidgeRegressionMethod() }
        .Select(method => Fit($"{method.Name} (images only)", method))];

    private static readonly Way[] Projections =
    [
        Fit("projection, β 0.1, T = 800 (published)", new ProjectionMethod(new GaussianProjection())),
        new("Procrustes, mean directions left in", (task, _) => new AlignedScorer(OrthogonalProcrustes.Fit(task), task.ClassPrototypes)),
        Fit("Procrustes", new ProcrustesMethod()),
        Fit("Procrustes, then LFA, T = 100", new LfaMethod { Projection = new MeanDirections() }),
        new("Procrustes, then LFA, moving average", (task, seed) => LfaModel.Fit(task, new LfaMethod { Projection = new MeanDirections() }, new FitContext { Seed = seed }).ForShiftedDomain().Scorer),
        Fit("PCA, Procrustes", new ProcrustesMethod { Projection = new PrincipalComponents() }),
        Fit("PCA, Procrustes, then LFA, T = 100", new LfaMethod { Projection = new PrincipalComponents() }),
        Cca(CanonicalCorrelation.DefaultPenalty),
        Fit("CCA, then LFA, T = 100", new LfaMethod()),
        Fit("auto", new AutoMethod()),
    ];

    // What was weighed to find the defaults; on training files alone.
    private static readonly Way[] Alternatives =
    [
        .. ImagesOnly,
        .. Projections,
        new("Procrustes, zeros for a square problem", (task, _) => Completed(task)),
        Fit("least squares, λ 0.1", new LeastSquaresMethod { Ridge = 0.1 }),
        .. ((int[])[20, 50]).Select(components => Fit($"PCA of {components} components, Procrustes", new ProcrustesMethod { Projection = new PrincipalComponents { Components = components } })),
        .. ((double[])[0.1, 0.3, 1, 10, 30]).Select(Cca),
    ];

    public static void Print()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var caltech = Shots.Select(shots => WithWords($"caltech101_59_train_{shots}shot")).ToArray();
        Console.WriteLine($"Top-1 in per cent. Images: CLIP ViT-B/32, 512 components. Class names: word vectors of 100 components, of several words the mean ({WordVectors.Source}). Means of seeds 1, 2, 3.");
        PrintTest("Caltech101-59", [.. Shots.Zip(caltech)], WithWords("caltech101_59_test"));
        PrintNewClasses("Caltech101-59, classes left out of the fit: new images of new classes, among these; six halves (three draws of the classes, both ways)", caltech, WithWords("caltech101_59_test"), Projections);
        PrintTest("ImageNet, classes whose names are known", [(4, WithWords("imagenet_vitb32_train_4shot"))], WithWords("imagenet_vitb32_test"));
        PrintTraining(caltech[0]);
        PrintNewClasses("Training file alone: classes left out of the fit", [.. Shots.Select(shots => FewShot.Sample(caltech[0], shots))], caltech[0], [.. Alternatives.Except(ImagesOnly)]);
    }

    private static void PrintTest(string title, (int Shots, FeatureSet Train)[] cases, FeatureSet test)
    {
        PrintTitle($"{title}: C = {test.ClassCount}, {test.SampleCount} test images", [.. cases.Select(item => Name(item.Shots))]);
        PrintRow("chance", cases.Select(_ => 100.0 / test.ClassCount));
        foreach (var way in (Way[])[.. ImagesOnly, .. Projections])
            PrintRow(way.Name, cases.Select(item => Seeds.Average(seed => Top1.Of(way.Fit(item.Train, seed), test))));
    }

    private static void PrintNewClasses(string title, FeatureSet[] trains, FeatureSet test, Way[] ways)
    {
        PrintTitle(title, [.. Shots.Select(Name)]);
        (int[] Seen, int[] Unseen, int Seed)[] halves = [.. Seeds.SelectMany(seed => Halve(test.ClassCount, seed))];
        PrintRow("chance", trains.Select(_ => halves.Average(half => 100.0 / half.Unseen.Length)));
        foreach (var way in ways)
            PrintRow(way.Name, trains.Select(train => halves.Average(half => OnNewClasses((AlignedScorer)way.Fit(Halves.Of(train, half.Seen), half.Seed), Halves.Of(test, half.Unseen)))));
    }

    private static void PrintTraining(FeatureSet task)
    {
        int[] shots = [12, 4, 1];
        PrintTitle("Training file alone: so many of the 16 shots, tested on the others", [.. shots.Select(count => $"{count} of 16")]);
        foreach (var way in Alternatives)
            PrintRow(way.Name, shots.Select(count => Seeds.Average(seed =>
            {
                var train = FewShot.Sample(task, count, seed);
                var test = task.SelectRows([.. Enumerable.Range(0, task.SampleCount).Where(row => !train.FileNames!.Contains(task.FileNames![row]))]);
                return Top1.Of(way.Fit(train, seed), test);
            })));
    }

    private static double OnNewClasses(AlignedScorer scorer, FeatureSet test) =>
        Top1.Of(new AlignedScorer(scorer.Transform, scorer.ToPrototypes(test.ClassPrototypes)), test);

    private static string Name(int shots) => shots == 1 ? "1 shot" : $"{shots} shots";

    private static IEnumerable<(int[] Seen, int[] Unseen, int Seed)> Halve(int classes, int seed)
    {
        var (first, second) = Folds.SplitRandomly(classes, 0.5, seed);
        return [(first, second, seed), (second, first, seed)];
    }

    /// <summary>Reads a set and gives it the word vectors of its class names; classes with unknown words, or of a name that stands twice, are left out and named.</summary>
    private static FeatureSet WithWords(string file)
    {
        var all = RealFeatures.Read(file);
        var vectors = WordVectors.Of([.. all.ClassNames.Distinct()]);
        int[] known = [.. Enumerable.Range(0, all.ClassCount).Where(c => vectors.ContainsKey(all.ClassNames[c]) && all.ClassNames.Take(c).All(name => name != all.ClassNames[c]))];
        if (known.Length < all.ClassCount)
            Console.Error.WriteLine($"{file}: {all.ClassCount - known.Length} classes are left out, whose names hold unknown words or stand twice: {string.Join("; ", all.ClassNames.Where((_, c) => !known.Contains(c)))}");
        var task = Halves.Of(all, known);
        var texts = new Matrix(task.ClassNames.SelectMany(name => vectors[name]).ToArray(), known.Length, WordVectors.Components);
        return new FeatureSet(task.ImageFeatures, texts, task.Labels, task.ClassNames, [.. Enumerable.Range(0, task.SampleCount).Select(row => $"{row}")]);
    }

    /// <summary>Fits the orthogonal transform of the square problem that columns of zeros make, with its completion nearest to the identity.</summary>
    private static AlignedScorer Completed(FeatureSet task)
    {
        var maps = new MeanDirections().Fit(task);
        var mapped = maps.Apply(task);
        var zeros = new float[task.Dimension - task.TextDimension];
        var padded = new Matrix(Enumerable.Range(0, task.ClassCount).SelectMany(c => mapped.ClassPrototypes.Row(c).ToArray().Concat(zeros)).ToArray(), task.ClassCount, task.Dimension);
        var square = OrthogonalProcrustes.Fit(new FeatureSet(mapped.ImageFeatures, padded, task.Labels)).Matrix;
        var block = new Matrix(Enumerable.Range(0, task.Dimension).SelectMany(i => square.Row(i)[..task.TextDimension].ToArray()).ToArray(), task.Dimension, task.TextDimension);
        return new AlignedScorer(maps.Unfold(new Transform(block)), mapped.ClassPrototypes, textTransform: maps.Texts);
    }

    private static Way Fit(string name, IMethod method) => new(name, (task, seed) => method.Fit(task, new FitContext { Seed = seed }).Scorer!);

    private static Way Cca(double penalty) => new($"CCA, penalty {penalty}", (task, _) =>
    {
        var maps = new CanonicalCorrelation { Penalty = penalty }.Fit(task);
        return new AlignedScorer(maps.Images!, maps.Apply(task).ClassPrototypes, textTransform: maps.Texts);
    });

    private static void PrintTitle(string title, string[] columns)
    {
        Console.WriteLine();
        Console.WriteLine($"## {title}");
        Console.WriteLine();
        Console.WriteLine($"| method | {string.Join(" | ", columns)} |");
        Console.WriteLine($"| --- |{string.Concat(columns.Select(_ => " ---: |"))}");
    }

    private static void PrintRow(string name, IEnumerable<double> figures) =>
        Console.WriteLine($"| {name} | {string.Join(" | ", figures.Select(figure => $"{figure:F2}"))} |");

    /// <summary>A way to fit a scorer to images and class names, with a seed.</summary>
    private sealed record Way(string Name, Func<FeatureSet, int, Scorer> Fit);
}
