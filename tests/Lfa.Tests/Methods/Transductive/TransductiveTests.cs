using System.Text.Json;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace Lfa.Tests.Methods;

public class TransductiveTests
{
    public static TheoryData<string> Names => new(MethodRegistry.Methods.All.Where(method => method.Needs.HasFlag(MethodNeeds.ImagesToClassify)).Select(method => method.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_AnyTask_GivesFiniteLogitsOnAnyNumberOfThreads(string name)
    {
        FeatureSet[] tasks = [MadeUp.Task(6, 8, shots: 5, seed: 1), MadeUp.Task(2, 32, shots: 1, seed: 2), MadeUp.Task(1, 6, shots: 2, seed: 3), MadeUp.Task(20, 5, shots: 1, seed: 4)];
        foreach (var task in tasks)
        {
            foreach (var count in new[] { 1, 2, 600 })
            {
                var images = MadeUp.Features(count, task.Dimension, seed: 5).NormalizeRows();
                var logits = Logits(name, task, images, new FitContext { MaxDegreeOfParallelism = 1 });
                (logits.Rows, logits.Columns).ShouldBe((count, task.ClassCount));
                logits.Values.ToArray().All(float.IsFinite).ShouldBeTrue();
                Logits(name, task, images, new FitContext { MaxDegreeOfParallelism = 3 }).Values.ToArray().ShouldBe(logits.Values.ToArray());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_ClassesFarApart_AreRecognized(string name)
    {
        var (train, test) = MadeUp.TrainAndTest(8, 24, shots: 2, testShots: 20, seed: 11, spread: 0.3);
        Evaluation.FromLogits(Logits(name, train, test.ImageFeatures), test).Top1Accuracy.ShouldBe(1, "a class is six of its own radii from the next");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_PlantedRotation_TellsOtherImagesBetterThanZeroShot(string name)
    {
        var (train, test) = MadeUp.TrainAndTest(8, 24, shots: 16, testShots: 20, seed: 11, rotation: MadeUp.Rotation(24, seed: 12, spread: 1.5));
        var zeroShot = Evaluation.FromScorer(new ZeroShotMethod().Fit(train).Scorer!, test).LogLoss;
        var part = name == "stata" ? 1 : 0.5; // It holds on to the names by design: they count in full.
        Evaluation.FromLogits(Logits(name, train, test.ImageFeatures), test).LogLoss.ShouldBeLessThan(part * zeroShot);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_ImagesInAnotherOrder_AreClassifiedAlike(string name)
    {
        var task = MadeUp.Task(4, 12, shots: 2, seed: 6, spread: 2);
        var images = MadeUp.Features(40, 12, seed: 7).NormalizeRows();
        var backwards = Enumerable.Range(0, 40).Reverse().ToArray();
        Logits(name, task, images.SelectRows(backwards)).SelectRows(backwards).Values.ShouldBeCloseTo(Logits(name, task, images).Values.Span, 1e-4);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_BadInput_Throws(string name)
    {
        var task = MadeUp.Task(3, 8, shots: 2, seed: 1);
        var wide = new FeatureSet(MadeUp.Features(3, 9, seed: 1), MadeUp.Features(3, 9, seed: 2), default);
        Should.Throw<LfaDataException>(() => MethodRegistry.Methods.Get(name).Fit(new FitTask(task, wide))).Message.ShouldBe("The images to be classified are 3 × 9 but the labeled ones 6 × 8; both must have as many columns.");
        Should.Throw<LfaDataException>(() => MethodRegistry.Methods.Get(name).Fit(new FitTask(unlabeled: task))).Message.ShouldContain("no labels");
        Should.Throw<LfaDataException>(() => MethodRegistry.Methods.Get(name).Fit(task)).Message.ShouldContain("give the images to be classified");
        Should.Throw<OperationCanceledException>(() => Logits(name, task, task.ImageFeatures, new FitContext { CancellationToken = new CancellationToken(canceled: true) }));
    }

    [Fact]
    public void LabelPropagation_Logits_SolveItsEquations()
    {
        var task = MadeUp.Task(3, 8, shots: 3, seed: 8, spread: 2);
        var images = MadeUp.Features(11, 8, seed: 9).NormalizeRows();
        var x = task.ImageFeatures.ToOracle().Stack(images.ToOracle());
        var cosines = x * x.Transpose();
        var affinities = Matrix<double>.Build.Dense(20, 20);
        for (var i = 0; i < 20; i++)
        {
            foreach (var j in Enumerable.Range(0, 20).Where(j => j != i).OrderByDescending(j => cosines[i, j]).Take(5))
            {
                affinities[i, j] += Math.Max(cosines[i, j], 0);
                affinities[j, i] += Math.Max(cosines[i, j], 0);
            }
        }
        var degrees = affinities.RowSums();
        var normalized = Matrix<double>.Build.Dense(20, 20, (i, j) => affinities[i, j] / Math.Sqrt(degrees[i] * degrees[j]));
        var probabilities = new ZeroShotMethod().Fit(task).Scorer!.Probabilities(images);
        var sources = Matrix<double>.Build.Dense(20, 3, (i, c) => i < 9 ? (task.Labels.Span[i] == c ? 1 : 0) : probabilities[i - 9, c]);
        var expected = (Matrix<double>.Build.DenseIdentity(20) - (0.3 * normalized)).Solve(sources).SubMatrix(9, 11, 0, 3).Map(value => Math.Log(Math.Max(value, 1e-12)));
        Logits("label-propagation", task, images).Values.ShouldBeCloseTo(Oracle.ToFeatures(expected).Values.Span, 1e-4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void TransClip_LogProbabilities_AreThoseOfItsFormula(int shots)
    {
        var (task, images) = OverlappingClasses(shots);
        LogProbabilities(Logits("transclip", task, images)).ShouldBeCloseTo(Flat(PlainTransduction.TransClip(task, images)), 1e-3);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(1, 5)]
    public void StatA_LogProbabilities_AreThoseOfItsFormula(int shots, double anchorWeight)
    {
        var (task, images) = OverlappingClasses(shots);
        var fit = new StatAMethod { AnchorWeight = anchorWeight }.Fit(new FitTask(task, task.WithUnlabeled(images)));
        var prior = new Matrix(Array.ConvertAll(Oracle.ToFeatures(images.ToOracle() * task.ClassPrototypes.ToOracle().Transpose()).Values.ToArray(), cosine => 100 * cosine), images.Rows, task.ClassCount);
        LogProbabilities(fit.Logits!).ShouldBeCloseTo(Flat(PlainTransduction.StatA(task, images, prior, task.ClassPrototypes, anchorWeight)), 1e-3);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void StatA_AnchorWeightOutOfRange_Throws(double weight) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new StatAMethod { AnchorWeight = weight }).Message.ShouldStartWith("AnchorWeight must be above 0");

    [Fact]
    public void StatA_Options_ComeBackFromJson()
    {
        var options = MethodRegistry.DescribeOptions(new StatAMethod { AnchorWeight = 2.5 });
        options.ShouldBe("""{"anchor_weight":2.5}""");
        new StatAMethod().ReadOptions(JsonDocument.Parse(options).RootElement).ShouldBe(new StatAMethod { AnchorWeight = 2.5 });
    }

    [Fact]
    public void NeighborGraph_Neighbors_AreTheNearestWithoutItself()
    {
        var points = MadeUp.Features(600, 6, seed: 10).NormalizeRows(); // Two blocks of rows.
        var graph = NeighborGraph.Of(points, points, 4, skipsItself: true, threads: 2, CancellationToken.None);
        var cosines = points.ToOracle() * points.ToOracle().Transpose();
        foreach (var i in new[] { 0, 511, 512, 599 })
            graph.Nearest[(4 * i)..((4 * i) + 4)].ShouldBe(Enumerable.Range(0, 600).Where(j => j != i).OrderByDescending(j => cosines[i, j]).Take(4));
    }

    [Fact]
    public void Evaluation_FromLogits_IsThatOfTheirScorer()
    {
        var task = MadeUp.Task(5, 8, shots: 6, seed: 12, spread: 3);
        var scorer = new ZeroShotMethod().Fit(task).Scorer!;
        var (direct, given) = (Evaluation.FromScorer(scorer, task), Evaluation.FromLogits(scorer.Logits(task.ImageFeatures), task));
        given.Top1Accuracy.ShouldBe(direct.Top1Accuracy);
        given.LogLoss.ShouldBe(direct.LogLoss, 1e-6); // Logits are in single precision, scores over τ in double.
        given.Ece.ShouldBe(direct.Ece, 1e-6);
        Should.Throw<LfaDataException>(() => Evaluation.FromLogits(MadeUp.Features(29, 5, seed: 1), task)).Message.ShouldContain("logits is 29 × 5 but the test set has 30 images");
    }

    /// <summary>Classes that lie over each other, so that no assignment is sure, and images of three of the four.</summary>
    private static (FeatureSet Task, Matrix Images) OverlappingClasses(int shots)
    {
        var prototypes = MadeUp.Floats(4 * 8, seed: 31);
        for (var i = 8; i < prototypes.Length; i++)
            prototypes[i] = prototypes[i % 8] + (0.25f * prototypes[i]); // Near the first, as the names of one trade are.
        var means = new Matrix(prototypes, 4, 8).NormalizeRows();
        FeatureSet Draw(int count, int classes, int seed)
        {
            var (labels, noise) = (MadeUp.Labels(count, classes), MadeUp.Floats(count * 8, seed));
            var images = means.SelectRows(labels).Values.ToArray();
            for (var i = 0; i < images.Length; i++)
                images[i] += (0.1f * noise[i]) + (0.4f * noise[i % 8]); // The images lie apart from the names.
            return new FeatureSet(new Matrix(images, count, 8), means, labels);
        }
        return (Draw(4 * shots, 4, seed: 32), Draw(21, 3, seed: 33).ImageFeatures);
    }

    private static double[] LogProbabilities(Matrix logits) => Flat(Array.ConvertAll(PlainTransduction.Rows(logits), PlainTransduction.LogSoftmax));

    private static double[] Flat(double[][] rows) => [.. rows.SelectMany(row => row)];

    private static Matrix Logits(string name, FeatureSet task, Matrix images, FitContext? context = null) =>
        MethodRegistry.Methods.Get(name).Fit(new FitTask(task, task.WithUnlabeled(images)), context).Logits.ShouldNotBeNull();
}
