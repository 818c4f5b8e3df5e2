using Lfa.Alignment;
using Lfa.Data;
using Lfa.Refinement;
using Lfa.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace Lfa.Tests.Refinement;

public class LossTests
{
    /// <summary>Samples, classes, dimension, k: plenty of each; fewer classes than k; as many; one class; one sample; several blocks.</summary>
    public static TheoryData<int, int, int, int> Problems => new()
    {
        { 20, 8, 6, 3 }, { 10, 2, 5, 3 }, { 9, 3, 4, 3 }, { 5, 1, 4, 3 }, { 1, 6, 4, 3 }, { 1, 1, 1, 1 }, { 30, 20, 5, 1 }, { 30, 7, 6, 5 }, { 12, 9, 7, 80 },
    };

    [Theory]
    [MemberData(nameof(Problems))]
    public void AdaptiveReranking_LossAndGradient_AreThoseOfItsFormula(int samples, int classes, int dimension, int k) =>
        Check(new AdaptiveReranking(k, scale: 2), (z, labels, y) => PlainLosses.AdaptiveReranking(z, labels, y, k, 2), samples, classes, dimension);

    [Theory]
    [MemberData(nameof(Problems))]
    public void ContrastiveLoss_LossAndGradient_AreThoseOfItsFormula(int samples, int classes, int dimension, int k) =>
        Check(new ContrastiveLoss(0.1 * k), (z, labels, y) => PlainLosses.Contrastive(z, labels, y, 0.1 * k), samples, classes, dimension);

    [Theory]
    [MemberData(nameof(Problems))]
    public void ContrastiveLoss_UnitRows_LossAndGradientAreThoseOfItsFormula(int samples, int classes, int dimension, int k) =>
        Check(new ContrastiveLoss(0.1 * k, usesUnitRows: true), (z, labels, y) => PlainLosses.Contrastive(z.NormalizeRows(2), labels, y, 0.1 * k), samples, classes, dimension);

    [Theory]
    [MemberData(nameof(Problems))]
    public void TripletLoss_LossAndGradient_AreThoseOfItsFormula(int samples, int classes, int dimension, int k) =>
        Check(new TripletLoss(0.2 * k), (z, labels, y) => PlainLosses.Triplet(z, labels, y, 0.2 * k), samples, classes, dimension);

    [Theory]
    [MemberData(nameof(Problems))]
    public void CslsLoss_LossAndGradient_AreThoseOfItsFormula(int samples, int classes, int dimension, int k) =>
        Check(new CslsLoss(k), (z, labels, y) => PlainLosses.Csls(z, labels, y, k), samples, classes, dimension);

    [Fact]
    public void AdaptiveReranking_MoreNeighborsThanTheStackHolds_IsItsFormula() =>
        Check(new AdaptiveReranking(70), (z, labels, y) => PlainLosses.AdaptiveReranking(z, labels, y, 70, 4), samples: 6, classes: 90, dimension: 12);

    [Fact]
    public void AdaptiveReranking_ProjectionOnThePrototype_HasNoGradientFromItsDistance()
    {
        // At distance 0 the distance has no derivative; nothing may become infinite.
        var prototypes = new Matrix(new float[] { 1, 0, 0, 1 }, 2, 2);
        var (loss, gradient) = Evaluate(new AdaptiveReranking(2, scale: 0.1), new FeatureSet(prototypes, prototypes, new[] { 0, 1 }), threads: 1);
        loss.ShouldBe((10 - Math.Sqrt(2)) / 2, 1e-6); // Each sample: 0 + (1 − 0) / 0.1 − √2, over k = 2.
        gradient.ShouldAllBe(value => float.IsFinite(value));
    }

    [Fact]
    public void Evaluate_AnyNumberOfThreads_GivesTheSameBits()
    {
        var task = MadeUp.Task(20, 24, shots: 30, seed: 1);
        foreach (var loss in new IAlignmentLoss[] { new AdaptiveReranking(), new ContrastiveLoss(), new TripletLoss(), new CslsLoss() })
        {
            var single = Evaluate(loss, task, threads: 1);
            var several = Evaluate(loss, task, threads: 3);
            several.Loss.ShouldBe(single.Loss);
            several.Gradient.ShouldBe(single.Gradient);
        }
    }

    [Fact]
    public void Constructors_ParameterOutOfRange_Throw()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new AdaptiveReranking(0));
        Should.Throw<ArgumentOutOfRangeException>(() => new AdaptiveReranking(3, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => new ContrastiveLoss(0));
        Should.Throw<ArgumentOutOfRangeException>(() => new TripletLoss(-1));
        Should.Throw<ArgumentOutOfRangeException>(() => new CslsLoss(0));
    }

    private static void Check(IAlignmentLoss loss, Func<Matrix<double>, int[], Matrix<double>, double> plain, int samples, int classes, int dimension)
    {
        var prototypes = MadeUp.Features(classes, dimension, seed: classes).NormalizeRows();
        var features = MadeUp.Features(samples, dimension, seed: samples + 1000); // Not of unit length: the loss divides by it.
        var labels = MadeUp.Labels(samples, classes);
        var (value, gradient) = Evaluate(loss, new FeatureSet(features, prototypes, labels, normalize: false), threads: 2);

        var (z, y) = (features.ToOracle(), prototypes.ToOracle());
        var expected = plain(z, labels, y);
        value.ShouldBe(expected, 1e-5 * Math.Max(1, Math.Abs(expected))); // Scores in single precision.
        var expectedGradient = PlainLosses.Gradient(changed => plain(changed, labels, y), z);
        if (dimension == 1 || classes == 1)
            gradient.Zip(expectedGradient.ToRowMajorArray()).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-6);
        else
            gradient.ShouldBeCloseTo(Oracle.ToFeatures(expectedGradient).Values.Span, 2e-5); // Single precision; scores of some units over short distances.
    }

    /// <summary>The loss at W = I, where Z is the features themselves, and its gradient in Z.</summary>
    private static (double Loss, float[] Gradient) Evaluate(IAlignmentLoss loss, FeatureSet task, int threads)
    {
        var batch = new Batch(task, new RefinementOptions { BatchFraction = 1, Noise = 0, Dropout = 0 }, seed: 1, threads);
        batch.Draw(0);
        var pass = new LossPass(loss, task.ClassPrototypes, batch.Count, threads);
        return (pass.Evaluate(batch, Transform.Identity(task.Dimension).Matrix.Values), pass.Gradient);
    }
}
