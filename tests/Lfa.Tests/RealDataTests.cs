using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.IO;
using Lfa.Methods;
using Lfa.Model;
using Lfa.Tests.Support;

namespace Lfa.Tests;

/// <summary>Accuracies on features of real images; the numbers are those of other implementations of the same formulas.</summary>
[Trait(Speed.Trait, Speed.Slow)]
public class RealDataTests
{
    private static readonly Lazy<(FeatureSet Train, FeatureSet Test)> ImageNet = Load("real/imagenet_vitb32_train_4shot.npz", "real/imagenet_vitb32_test.npz");
    private static readonly Lazy<(FeatureSet Train, FeatureSet Test)> Caltech = Load("real/caltech101_59_train_16shot.npz", "real/caltech101_59_test.npz");

    [Fact]
    public void ImageNet_ClosedForm_ReachesTheKnownAccuracy()
    {
        var accuracies = new ProcrustesMethod().Fit(ImageNet.Value.Train).Evaluate(ImageNet.Value.Test);
        Math.Round(accuracies.Of("zero-shot").Top1, 4).ShouldBe(0.6570);
        accuracies.Of("procrustes").Top1.ShouldBe(0.492, 0.002);
    }

    [Fact]
    public void Caltech_ClosedForm_ReachesTheKnownAccuracy()
    {
        var accuracies = new ProcrustesMethod().Fit(Caltech.Value.Train).Evaluate(Caltech.Value.Test);
        Math.Round(accuracies.Of("zero-shot").Top1, 4).ShouldBe(0.9719);
        accuracies.Of("procrustes").Top1.ShouldBe(0.966, 0.002);
    }

    [Fact]
    public void Caltech_WholeMethod_BeatsZeroShot() =>
        new LfaMethod { Refinement = new() { Iterations = 40 } }.Fit(Caltech.Value.Train).Evaluate(Caltech.Value.Test)
            .Of("lfa").Top1.ShouldBeGreaterThanOrEqualTo(0.982); // The published code reaches 0.986 in 100 iterations.

    [Fact]
    public void Caltech_UnseenClasses_KeepTheirAccuracy()
    {
        // 0.906 with the completion nearest the identity, 0.309 with LAPACK's.
        var (seen, _) = ClassSplit.BaseAndNew(Caltech.Value.Train);
        var (_, unseen) = ClassSplit.BaseAndNew(Caltech.Value.Test);
        var transform = OrthogonalProcrustes.Fit(seen);
        AlignedModel.Of(transform, unseen.ClassPrototypes, unseen.ClassNames).Evaluate(unseen).Top1Accuracy.ShouldBeGreaterThanOrEqualTo(0.9);
    }

    [Fact]
    public void Caltech_NewClasses_AreNotBelowZeroShot()
    {
        var (known, _) = ClassSplit.BaseAndNew(Caltech.Value.Train);
        var (knownTest, unseen) = ClassSplit.BaseAndNew(Caltech.Value.Test);
        var result = BaseToNewResult.FromModel(LfaModel.Fit(known), knownTest, unseen);
        var zeroShot = BaseToNewResult.FromModel(AlignedModel.ZeroShot(known), knownTest, unseen);
        result.New.ShouldBeGreaterThanOrEqualTo(zeroShot.New - 0.003);
        result.HarmonicMean.ShouldBeGreaterThan(zeroShot.HarmonicMean);
    }

    [Fact]
    public void ImageNet_BatchesOfFewClasses_StatAKeepsZeroShotWhereTransClipFalls()
    {
        var (train, test) = ImageNet.Value;
        var (zeroShot, transClip, statA) = (0.0, 0.0, 0.0);
        for (var batch = 0; batch < 4; batch++)
        {
            var few = test.SelectRows([.. Enumerable.Range(0, test.SampleCount).Where(i => test.Labels.Span[i] % 40 == batch)]);
            double Top1(IMethod method) => Evaluation.FromLogits(method.Fit(new FitTask(train, train.WithUnlabeled(few.ImageFeatures))).Logits!, few).Top1Accuracy;
            zeroShot += Evaluation.FromScorer(new ZeroShotMethod().Fit(train).Scorer!, few).Top1Accuracy / 4;
            transClip += Top1(new TransClipMethod()) / 4;
            statA += Top1(new StatAMethod()) / 4;
        }
        statA.ShouldBeGreaterThanOrEqualTo(zeroShot, "batches of 25 of 1000 classes");
        transClip.ShouldBeLessThan(zeroShot - 0.1);
    }

    private static Lazy<(FeatureSet Train, FeatureSet Test)> Load(string train, string test) =>
        new(() => (FeatureFile.Read(SharedFolder.Require(train)), FeatureFile.Read(SharedFolder.Require(test))), LazyThreadSafetyMode.PublicationOnly);
}
