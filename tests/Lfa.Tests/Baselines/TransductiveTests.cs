using Lfa.Baselines;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace Lfa.Tests.Baselines;

public class TransductiveTests
{
    public static TheoryData<string> Names => new(KnownBaselines.Transductive.Select(baseline => baseline.Name));

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
                var logits = Find(name).Fit(task, images, threads: 1).Logits;
                (logits.Rows, logits.Columns).ShouldBe((count, task.ClassCount));
                logits.Values.ToArray().All(float.IsFinite).ShouldBeTrue();
                Find(name).Fit(task, images, threads: 3).Logits.Values.ToArray().ShouldBe(logits.Values.ToArray());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_ClassesFarApart_AreRecognized(string name)
    {
        var task = MadeUp.Task(8, 24, shots: 2, seed: 11, spread: 0.3);
        var test = new FeatureSet(MadeUp.Task(8, 24, shots: 20, seed: 11, spread: 0.3).ImageFeatures, task.ClassPrototypes, MadeUp.Labels(160, 8));
        Evaluation.Of(Find(name).Fit(task, test.ImageFeatures).Logits, test).Top1.ShouldBeGreaterThan(99);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_ImagesInAnotherOrder_AreClassifiedAlike(string name)
    {
        var task = MadeUp.Task(4, 12, shots: 2, seed: 6, spread: 2);
        var images = MadeUp.Features(40, 12, seed: 7).NormalizeRows();
        var backwards = Enumerable.Range(0, 40).Reverse().ToArray();
        Find(name).Fit(task, images.SelectRows(backwards)).Logits.SelectRows(backwards).Values.ShouldBeCloseTo(Find(name).Fit(task, images).Logits.Values.Span, 1e-4);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_BadInput_Throws(string name)
    {
        var task = MadeUp.Task(3, 8, shots: 2, seed: 1);
        Should.Throw<ArgumentException>(() => Find(name).Fit(task, MadeUp.Features(3, 9, seed: 1))).Message.ShouldContain("takes 8 columns");
        Should.Throw<LfaDataException>(() => Find(name).Fit(new FeatureSet(task.ImageFeatures, task.ClassPrototypes, default), task.ImageFeatures)).Message.ShouldContain("no labels");
        Should.Throw<OperationCanceledException>(() => Find(name).Fit(task, task.ImageFeatures, cancellationToken: new CancellationToken(canceled: true)));
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
        var probabilities = LfaTrainer.Fit(task, new LfaOptions { Method = FitMethod.ZeroShot }).Classifier.Probabilities(images);
        var sources = Matrix<double>.Build.Dense(20, 3, (i, c) => i < 9 ? (task.Labels.Span[i] == c ? 1 : 0) : probabilities[i - 9, c]);
        var expected = (Matrix<double>.Build.DenseIdentity(20) - (0.3 * normalized)).Solve(sources).SubMatrix(9, 11, 0, 3).Map(value => Math.Log(Math.Max(value, 1e-12)));
        new LabelPropagation().Fit(task, images).Logits.Values.ShouldBeCloseTo(Oracle.ToFeatures(expected).Values.Span, 1e-4);
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
    public void Evaluation_OfLogits_IsThatOfTheirClassifier()
    {
        var task = MadeUp.Task(5, 8, shots: 6, seed: 12, spread: 3);
        var classifier = new ZeroShot().Fit(task).Classifier;
        var (direct, given) = (Evaluation.Of(classifier, task), Evaluation.Of(classifier.Logits(task.ImageFeatures), task));
        (given.Top1, given.LogLoss, given.Ece).ShouldBe((direct.Top1, direct.LogLoss, direct.Ece));
        Should.Throw<ArgumentException>(() => Evaluation.Of(MadeUp.Features(29, 5, seed: 1), task)).Message.ShouldContain("logits is 29 × 5 but the test set has 30 images");
    }

    private static ITransductiveBaseline Find(string name) => KnownBaselines.Transductive.Single(baseline => baseline.Name == name);
}
