using Lfa.Data;
using Lfa.IO;

namespace Lfa.Tests.IO;

public class FeatureFileContentTests
{
    private static readonly Matrix Prototypes = new(new float[] { 1, 0, 0, 1 }, 2, 2);

    private static readonly FeatureFileContent TwoImages = new()
    {
        ImageCount = 2,
        Dimension = 2,
        ClassPrototypes = Prototypes,
        ClassNames = ["cat", "dog"],
        Labels = new[] { 1, 0 },
        FileNames = ["a.jpg", "b.jpg"],
    };

    [Fact]
    public void Write_RowByRow_GivesTheBytesOfTheSet()
    {
        using var folder = new TemporaryFolder();
        var (rows, whole) = (folder["rows.npz"], folder["whole.npz"]);
        var images = new Matrix(new float[] { 0, 1, 1, 0 }, 2, 2);
        FeatureFile.Write(whole, new FeatureSet(images, Prototypes, TwoImages.Labels, TwoImages.ClassNames, TwoImages.FileNames));
        FeatureFile.Write(rows, TwoImages, [images.Values[..2], images.Values[2..]]);
        File.ReadAllBytes(rows).ShouldBe(File.ReadAllBytes(whole));
    }

    [Fact]
    public void Write_WithoutClasses_IsReadByTheReader()
    {
        using var folder = new TemporaryFolder();
        var path = folder["images.npz"];
        FeatureFile.Write(path, new FeatureFileContent { ImageCount = 2, Dimension = 2, FileNames = ["a", "b"] }, [new float[] { 1, 0, 0, 1 }]);
        using var reader = FeatureReader.Open(path);
        reader.Count.ShouldBe(2);
        reader.FileNames.ShouldBe(["a", "b"]);
    }

    [Fact]
    public void Write_TooFewValues_LeavesNothing()
    {
        using var folder = new TemporaryFolder();
        var path = folder["images.npz"];
        Should.Throw<LfaDataException>(() => FeatureFile.Write(path, TwoImages, [new float[] { 1, 0 }]));
        File.Exists(path).ShouldBeFalse();
    }

    [Fact]
    public void Write_ContradictoryContent_NamesBothCounts()
    {
        Refused(TwoImages with { Labels = new[] { 1 } }).ShouldContain("1 labels but 2 images");
        Refused(TwoImages with { Labels = new[] { 1, 2 } }).ShouldContain("label 2");
        Refused(TwoImages with { FileNames = ["a"] }).ShouldContain("1 file names but 2 images");
        Refused(TwoImages with { ClassNames = ["cat"] }).ShouldContain("2 × 2");
    }

    private static string Refused(FeatureFileContent content) =>
        Should.Throw<LfaDataException>(() => FeatureFile.Write("never.npz", content, [])).Message;
}
