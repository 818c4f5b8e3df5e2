using Lfa.Data;
using Lfa.Transport;

namespace Lfa.Tests.Transport;

public class ClassPriorTests
{
    [Fact]
    public void FromWeights_AnyUnit_AddsUpToOne() =>
        ClassPrior.FromWeights([1, 3]).Values.ToArray().ShouldBe([0.25, 0.75]);

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void FromWeights_NoShare_NamesIt(double value) =>
        Should.Throw<LfaDataException>(() => ClassPrior.FromWeights([1, value])).Message.ShouldStartWith(Invariant($"values holds the part {value} for class 1"));

    [Fact]
    public void FromWeights_NothingOrTooUneven_Throws()
    {
        Should.Throw<LfaDataException>(() => ClassPrior.FromWeights([]));
        Should.Throw<LfaDataException>(() => ClassPrior.FromWeights([1e-20, 1]));
        ClassPrior.FromWeights([double.MaxValue, double.MaxValue]).Values.ToArray().ShouldBe([0.5, 0.5]);
    }

    [Fact]
    public void Estimated_BalancedImages_AreNearlyUniform()
    {
        var (train, _) = MadeUpProblem.Create(new MadeUpProblemOptions { RotatedShare = 0.2 });
        var plan = Estimate(train);
        plan.Uniformity!.Value.ShouldBeGreaterThanOrEqualTo(0.5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Estimated_HalfOfTheClassesHaveNoImage_IsFarFromUniform(int seed)
    {
        var train = Keep(MadeUpProblem.Create(seed: seed).Train, c => c % 2 == 0 ? 16 : 0);
        var plan = Estimate(train);
        plan.Uniformity!.Value.ShouldBeLessThanOrEqualTo(0.25);
        var uniform = Sinkhorn.Solve(train.ImageFeatures, train.ClassPrototypes);
        Right(plan, train).ShouldBeGreaterThan(Right(uniform, train) + 0.1);
        Distance(plan, train).ShouldBeLessThan(0.7 * Distance(uniform, train));
    }

    [Fact]
    public void Given_TrueShares_LabelBetterThanUniform()
    {
        var train = Keep(MadeUpProblem.Create().Train, c => 1 + (c % 16));
        var counts = new double[train.ClassCount];
        foreach (var label in train.Labels.Span)
            counts[label]++;
        var given = Sinkhorn.Solve(train.ImageFeatures, train.ClassPrototypes, new SinkhornOptions { ClassPrior = ClassPrior.FromWeights(counts) });
        Right(given, train).ShouldBeGreaterThan(Right(Sinkhorn.Solve(train.ImageFeatures, train.ClassPrototypes), train) + 0.05);
    }

    private static TransportPlan Estimate(FeatureSet task) => Sinkhorn.Solve(task.ImageFeatures, task.ClassPrototypes, new SinkhornOptions { ClassPrior = ClassPrior.Estimated });

    private static FeatureSet Keep(FeatureSet task, Func<int, int> most)
    {
        var seen = new int[task.ClassCount];
        return task.SelectRows([.. Enumerable.Range(0, task.SampleCount).Where(row => seen[task.Labels.Span[row]]++ < most(task.Labels.Span[row]))]);
    }

    /// <summary>Half the sum of the differences between the shares of a plan and the true ones.</summary>
    private static double Distance(TransportPlan plan, FeatureSet task) =>
        Enumerable.Range(0, task.ClassCount).Sum(c => Math.Abs(plan.ClassPrior.Span[c] - (task.Labels.Span.Count(c) / (double)task.SampleCount))) / 2;

    private static double Right(TransportPlan plan, FeatureSet task) =>
        (double)PseudoLabels.FromPlan(plan, task.ImageFeatures).Labels.ToArray().Zip(task.Labels.ToArray()).Count(pair => pair.First == pair.Second) / task.SampleCount;
}
