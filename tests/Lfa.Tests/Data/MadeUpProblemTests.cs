using Lfa.Data;
using Lfa.Methods;
using Lfa.Tests.Support;

namespace Lfa.Tests.Data;

public sealed class MadeUpProblemTests
{
    [Fact]
    public void Create_Default_HasTheDocumentedShapes()
    {
        var (train, test) = MadeUpProblem.Create();
        (train.SampleCount, test.SampleCount, train.ClassCount, train.Dimension).ShouldBe((800, 2000, 50, 256));
        train.ThrowIfNotTestedBy(test);
        train.ClassNames.Distinct().Count().ShouldBe(50);
        train.FileNames!.Distinct().Count().ShouldBe(800);
        for (var i = 0; i < train.SampleCount; i++)
            Norm(train.ImageFeatures.Row(i)).ShouldBe(1, 1e-5);
    }

    [Fact]
    public void Create_SameSeed_GivesTheSameBits()
    {
        var (first, second, other) = (MadeUpProblem.Create(seed: 4).Train, MadeUpProblem.Create(seed: 4).Train, MadeUpProblem.Create(seed: 5).Train);
        second.ImageFeatures.Values.ToArray().ShouldBe(first.ImageFeatures.Values.ToArray());
        other.ImageFeatures.Values.ToArray().ShouldNotBe(first.ImageFeatures.Values.ToArray());
    }

    [Fact]
    public void Create_Default_HasTwoConesWithAGap()
    {
        var options = new MadeUpProblemOptions();
        var (train, _) = MadeUpProblem.Create(options);
        var (texts, images) = (Mean(train.ClassPrototypes), Mean(train.ImageFeatures));
        // The mean of a cone is its concentration long, since what deviates from the axis nearly cancels.
        Norm(texts).ShouldBe(options.TextConcentration, 0.05);
        Norm(images).ShouldBe(options.ImageConcentration, 0.05);
        (System.Numerics.Tensors.TensorPrimitives.Dot(texts, images) / (Norm(texts) * Norm(images))).ShouldBe(options.AxisCosine, 0.15);
    }

    [Fact]
    public void Create_NoNoiseAndNoRotation_IsSolvedByZeroShot()
    {
        var (_, test) = MadeUpProblem.Create(new MadeUpProblemOptions { NoiseShare = 0.05, RotatedShare = 0, TestImages = 5 });
        new ZeroShotMethod().Fit(test).Evaluate(test).Of("zero-shot").Top1.ShouldBe(1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Create_Default_IsWhatTheMethodIsFor(int seed)
    {
        var (train, test) = MadeUpProblem.Create(seed: seed);
        var accuracies = new LfaMethod().Fit(train).Evaluate(test);
        accuracies.Of("zero-shot").Top1.ShouldBeInRange(0.5, 0.8);
        accuracies.Of("beta-procrustes").Top1.ShouldBeGreaterThan(accuracies.Of("zero-shot").Top1 + 0.05);
        accuracies.Of("lfa").Top1.ShouldBeGreaterThan(accuracies.Of("beta-procrustes").Top1 + 0.03);
    }

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new MadeUpProblemOptions { Classes = 0 });
        Should.Throw<ArgumentOutOfRangeException>(() => new MadeUpProblemOptions { NoiseShare = 1.1 }).Message.ShouldContain("NoiseShare must be from 0 to 1");
        Should.Throw<ArgumentOutOfRangeException>(() => new MadeUpProblemOptions { NoiseDecay = double.NaN });
    }

    private static float[] Mean(Matrix matrix)
    {
        var mean = new float[matrix.Columns];
        for (var i = 0; i < matrix.Rows; i++)
            System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(matrix.Row(i), 1f / matrix.Rows, mean, mean);
        return mean;
    }

    private static double Norm(ReadOnlySpan<float> values) => System.Numerics.Tensors.TensorPrimitives.Norm(values);
}
