using Lfa.Data;
using Lfa.Tests.Support;

namespace Lfa.Tests.Data;

public class FeatureSetTests
{
    private static readonly Matrix Prototypes = new(new float[] { 1, 0, 0, 1 }, 2, 2);

    [Fact]
    public void Constructor_ByDefault_NormalizesACopy()
    {
        var values = new float[] { 3, 4, 0, 2 };
        var set = new FeatureSet(new Matrix(values, 2, 2), Prototypes, new[] { 0, 1 });
        set.ImageFeatures.Values.ToArray().ShouldBe([0.6f, 0.8f, 0, 1]);
        values.ShouldBe([3, 4, 0, 2]);
    }

    [Fact]
    public void Constructor_OtherNumbersOfColumns_AreTwoSpaces()
    {
        var set = new FeatureSet(new Matrix(new float[] { 1, 0, 0 }, 1, 3), Prototypes, new[] { 0 });
        (set.Dimension, set.TextDimension, set.SharesSpace).ShouldBe((3, 2, false));
        set.SelectRows([0]).TextDimension.ShouldBe(2);
        Should.Throw<ArgumentException>(() => set.ThrowIfTwoSpaces("zero-shot"))
            .Message.ShouldBe("imageFeatures is 1 × 3 but classPrototypes is 2 × 2: two spaces, which zero-shot cannot compare; bridge them (lfa fit --bridge, LfaOptions.Bridge).");
    }

    [Theory]
    [InlineData(float.NaN, "holds a NaN or an infinity")]
    [InlineData(float.NegativeInfinity, "holds a NaN or an infinity")]
    [InlineData(0f, "is zero and has no direction")]
    public void Constructor_DegenerateRow_NamesRowAndFile(float value, string problem)
    {
        var images = new Matrix(new float[] { 1, 0, value, 0 }, 2, 2);
        Should.Throw<ArgumentException>(() => new FeatureSet(images, Prototypes, new[] { 0, 1 }, fileNames: ["a.jpg", "b.jpg"]))
            .Message.ShouldContain($"row 1 (b.jpg) {problem}");
    }

    [Fact]
    public void Constructor_LabelOutOfRange_NamesRowAndRange()
    {
        var images = new Matrix(new float[] { 1, 0, 1, 1 }, 2, 2);
        Should.Throw<ArgumentException>(() => new FeatureSet(images, Prototypes, new[] { 0, 2 }))
            .Message.ShouldContain("row 1 has the label 2, outside 0 to 1");
    }

    [Fact]
    public void Constructor_DuplicateClassName_NamesBothClasses()
    {
        var images = new Matrix(new float[] { 1, 0 }, 1, 2);
        Should.Throw<ArgumentException>(() => new FeatureSet(images, Prototypes, new[] { 0 }, ["cat", "cat"]))
            .Message.ShouldContain("\"cat\" names the classes 0 and 1, whose prototypes differ");
    }

    [Fact]
    public void Constructor_DuplicateClassNameOfEqualPrototypes_IsAccepted()
    {
        var images = new Matrix(new float[] { 1, 0 }, 1, 2);
        var prototypes = new Matrix(new float[] { 0, 1, 0, 1 }, 2, 2);
        new FeatureSet(images, prototypes, new[] { 0 }, ["missile", "missile"]).ClassNames.ShouldBe(["missile", "missile"]);
    }

    [Fact]
    public void WithUnlabeled_OtherImages_AreOfTheSameClasses()
    {
        var task = MadeUp.Task(3, 5, shots: 2, seed: 9);
        var images = MadeUp.Features(4, 5, seed: 10).NormalizeRows();
        var other = task.WithUnlabeled(images, ["a", "b", "c", "d"]);
        (other.IsLabeled, other.SampleCount, other.ClassNames).ShouldBe((false, 4, task.ClassNames));
        other.ClassPrototypes.ShouldBeSameAs(task.ClassPrototypes);
        Should.Throw<ArgumentException>(() => task.WithUnlabeled(MadeUp.Features(4, 6, seed: 11))).Message.ShouldBe("imageFeatures is 4 × 6 but the other images have 5 columns; both must come from the same encoder.");
    }
}
