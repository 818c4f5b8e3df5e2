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
        Should.Throw<LfaDataException>(() => set.ThrowIfTwoSpaces("zero-shot"))
            .Message.ShouldBe("imageFeatures is 1 × 3 but classPrototypes is 2 × 2: two spaces, which zero-shot cannot compare; fit a projection between them, or give text features of the encoder of the images.");
    }

    [Theory]
    [InlineData(float.NaN, "holds a NaN or an infinity")]
    [InlineData(float.NegativeInfinity, "holds a NaN or an infinity")]
    [InlineData(0f, "is zero and has no direction")]
    public void Constructor_DegenerateRow_NamesRowAndFile(float value, string problem)
    {
        var images = new Matrix(new float[] { 1, 0, value, 0 }, 2, 2);
        Should.Throw<LfaDataException>(() => new FeatureSet(images, Prototypes, new[] { 0, 1 }, fileNames: ["a.jpg", "b.jpg"]))
            .Message.ShouldContain($"row 1 (b.jpg) {problem}");
    }

    [Fact]
    public void Constructor_LabelOutOfRange_NamesRowAndRange()
    {
        var images = new Matrix(new float[] { 1, 0, 1, 1 }, 2, 2);
        Should.Throw<LfaDataException>(() => new FeatureSet(images, Prototypes, new[] { 0, 2 }))
            .Message.ShouldContain("row 1 has the label 2, outside 0 to 1");
    }

    [Fact]
    public void Constructor_DuplicateClassName_NamesBothClasses()
    {
        var images = new Matrix(new float[] { 1, 0 }, 1, 2);
        Should.Throw<LfaDataException>(() => new FeatureSet(images, Prototypes, new[] { 0 }, ["cat", "cat"]))
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
        Should.Throw<LfaDataException>(() => task.WithUnlabeled(MadeUp.Features(4, 6, seed: 11))).Message.ShouldBe("imageFeatures is 4 × 6 but the other images have 5 columns; both must come from the same encoder.");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-4f)] // what storing in half precision changes
    public void ThrowIfNotTrainable_AllImagesAlike_AreRefused(float difference)
    {
        var set = Alike(images: 6, difference);
        var e = Should.Throw<LfaDataException>(set.ThrowIfNotTrainable);
        e.Message.ShouldBe("imageFeatures: all 6 rows are the same but for rounding, so that nothing tells the images apart; embed the images again, their encoder did not look at them.");
        e.Remedy.ShouldBe("embed the images again, their encoder did not look at them");
        Should.Throw<LfaDataException>(set.SelectRows([1, 2, 3]).ThrowIfConstant);
    }

    [Theory]
    [InlineData(1, 0f)] // one image is like itself
    [InlineData(6, 0.02f)] // copies of one photograph that were packed anew differ by as much
    public void ThrowIfConstant_OneImageOrImagesThatDiffer_Passes(int images, float difference) =>
        Should.NotThrow(Alike(images, difference).ThrowIfConstant);

    [Fact]
    public void ThrowIfConstant_CopiesAmongOthers_Pass()
    {
        var values = MadeUp.Features(4, 8, seed: 3).SelectRows([0, 0, 0, 1]);
        var set = new FeatureSet(values, MadeUp.Features(2, 8, seed: 4), new[] { 0, 1, 0, 1 });
        Should.NotThrow(set.ThrowIfNotTrainable);
        Should.NotThrow(set.SelectRows([0, 1]).ThrowIfNotTrainable); // a part without the image that differs
    }

    private static FeatureSet Alike(int images, float difference)
    {
        var (row, noise) = (MadeUp.Floats(32, seed: 7), MadeUp.Floats(32 * images, seed: 8));
        var values = noise.Select((value, i) => row[i % 32] + (difference * value)).ToArray();
        return new FeatureSet(new Matrix(values, images, 32), MadeUp.Features(1, 32, seed: 9), new int[images]);
    }
}
