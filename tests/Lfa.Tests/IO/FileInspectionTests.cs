using System.IO.Compression;
using Lfa.IO;
using Lfa.Tests.Support;

namespace Lfa.Tests.IO;

[Collection(nameof(Alone))]
public sealed class FileInspectionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Inspect_FeatureFile_ReportsArraysAndClasses()
    {
        var report = Inspect(NpyBytes.NamedSet());
        report.Kind.ShouldBe(FileKind.FeatureFile);
        report.Problems.ShouldBeEmpty();
        report.Arrays.Select(array => array.Name).ShouldBe(["image_features", "text_features", "labels", "class_names", "filenames"]);
        report.Arrays.Select(array => array.Type).ShouldBe(["float32", "float32", "int64", "string[3]", "string[5]"]);
        report.Arrays[0].Shape.ShouldBe([3, 2]);
        report.Arrays[0].Rows.ShouldBe(new RowStatistics(3, 1, 8 / 3.0, 5, 0, 0, 2));
        report.Arrays[2].Rows.ShouldBeNull();
        report.Classes!.Names.ShouldBe(["cat", "dög"]);
        (report.Classes.Count, report.Classes.MinSamples, report.Classes.MaxSamples).ShouldBe((2, 1, 2));
        report.Notes.ShouldBe([
            "image_features: 2 rows are not of unit length (normalized on reading).",
            "text_features: 1 row is not of unit length (normalized on reading)."]);
    }

    [Fact]
    public void Inspect_SeveralProblems_ListsThemAll()
    {
        var report = Inspect(NpyBytes.NamedSet(
            ("image_features", NpyBytes.Floats("(5, 2)", 1, 0, 0, 0, float.NaN, 0, 0, 0, 0, 1)),
            ("text_features", NpyBytes.Floats("(3, 3)", 1, 0, 0, 0, 1, 0, 0, 0, 1)),
            ("labels", NpyBytes.Longs(0, 12, 0, -1)),
            ("class_names", NpyBytes.Strings("cat", "dog"))));
        report.Problems.ShouldBe([
            "filenames has 3 entries but image_features has 5 rows; give one for each row.",
            "image_features: row 2 (c.jpg) holds a NaN or an infinity; remove the row or embed it again.",
            "image_features: row 1 (b.jpg) is zero and has no direction (2 in all); remove the row or embed it again.",
            "class_names has 2 entries but text_features has 3 rows; give one for each row.",
            "labels has 4 entries but image_features has 5 rows; give one for each row.",
            "labels: row 1 (b.jpg) has the label 12, outside 0 to 2; labels count the 3 classes from 0.",
            "labels: row 3 has the label -1, outside 0 to 2; labels count the 3 classes from 0.",
            "class 1 \"dog\" has no example; add one, or remove the class before training.",
            "class 2 has no example; add one, or remove the class before training."]);
        report.Notes.ShouldContain("image_features is 5 × 2 but text_features is 3 × 3: encoders of two spaces, between which a fit makes a projection.");
    }

    [Fact]
    public void Inspect_DamagedArrays_DoNotHideTheOtherProblems()
    {
        var report = Inspect(NpyBytes.NamedSet(
            ("image_features", NpyBytes.Floats("(3, 2)", 1, 0, 0, 0, 1, 1)),
            ("labels", NpyBytes.Longs(0, 1, 2)),
            ("filenames", NpyBytes.Make("|O", "(3,)", new byte[24]))));
        report.Problems.Select(problem => problem[..24]).ShouldBe(["filenames: this is a pic", "image_features: row 1 is", "labels: row 2 has the la"]);
    }

    [Fact]
    public void Inspect_ImagesOnly_ChecksThem()
    {
        var report = Inspect(NpyBytes.NamedSet(("text_features", null), ("image_features", NpyBytes.Floats("(3, 2)", 1, 0, 0, 0, 1, 1))));
        report.Kind.ShouldBe(FileKind.Array);
        report.Problems.ShouldHaveSingleItem().ShouldStartWith("image_features: row 1 (b.jpg) is zero");
    }

    [Fact]
    public void Inspect_ManyOfAKind_CountsTheRest()
    {
        var labels = Enumerable.Range(100, 15).Select(label => (long)label).ToArray();
        var report = Inspect(NpyBytes.Zip(
            ("arr_0.npy", NpyBytes.Floats("(1, 1)", 1)), ("arr_1.npy", NpyBytes.Floats("(15, 1)", [.. Enumerable.Repeat(1f, 15)])), ("arr_2.npy", NpyBytes.Longs(labels))));
        report.Problems.Count.ShouldBe(10 + 1 + 1);
        report.Problems[10].ShouldBe("… and 5 more: in all, 15 labels are outside the classes.");
    }

    [Theory]
    [MemberData(nameof(Unreadable))]
    public void Inspect_WhatReadRefuses_HasAProblem(string name, byte[]? content)
    {
        var path = _folder.Write("x.npz", NpyBytes.NamedSet((name, content)));
        Should.Throw<LfaDataException>(() => FeatureFile.Read(path));
        var report = FileInspection.Inspect(path);
        (report.Problems.Count > 0 || report.Kind != FileKind.FeatureFile).ShouldBeTrue();
        report.Problems.ShouldAllBe(problem => !problem.Contains(path) && !problem.Any(char.IsControl));
    }

    public static TheoryData<string, byte[]?> Unreadable() => new()
    {
        { "text_features", null },
        { "text_features", NpyBytes.Floats("(4,)", 1, 1, 1, 1) },
        { "text_features", NpyBytes.Floats("(2, 2)", 1, 1, 0, 0) },
        { "text_features", NpyBytes.Floats("(0, 2)") },
        { "text_features", NpyBytes.Longs(1, 2, 3, 4) },
        { "image_features", NpyBytes.Floats("(0, 2)") },
        { "image_features", NpyBytes.Floats("(3, 0)") },
        { "image_features", NpyBytes.Floats("(6,)", 1, 1, 1, 1, 1, 1) },
        { "image_features", NpyBytes.Floats("(3, 2)", 1, 1, 1, 1, 1, float.NegativeInfinity) },
        { "image_features", NpyBytes.Make("|O", "(3,)", new byte[24]) },
        { "labels", NpyBytes.Longs(0, 1) },
        { "labels", NpyBytes.Longs(0, 1, 2) },
        { "labels", NpyBytes.Longs(0, 1, long.MaxValue) },
        { "labels", NpyBytes.Floats("(3,)", 0, 0, 0) },
        { "labels", NpyBytes.Make("<i8", "(3, 1)", new byte[24]) },
        { "class_names", NpyBytes.Strings("a") },
        { "class_names", NpyBytes.Make("<U1", "(2,)", [.. Enumerable.Repeat((byte)0x7F, 8)]) },
        { "filenames", NpyBytes.Strings("a\nb") },
        { "filenames", NpyBytes.Longs(1, 2, 3) },
        { "middle_axis", NpyBytes.Strings("frames") },
    };

    [Fact]
    public void Inspect_Frames_NotesHowTheyAreTaken()
    {
        var report = Inspect(NpyBytes.NamedSet(("image_features", NpyBytes.Floats("(3, 2, 2)", 1, 0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0))));
        report.Problems.ShouldBeEmpty();
        report.Arrays[0].Rows!.Count.ShouldBe(6);
        report.Notes.ShouldContain("image_features: row 1 (b.jpg) has a frame that is zero; such a frame only shortens the mean.");
        report.Notes.ShouldContain(note => note.Contains("frames of a video"));
    }

    [Fact]
    public void Inspect_LabelNamesDisagree_NotesTheFirst()
    {
        var report = Inspect(NpyBytes.Zip(
            ("arr_0.npy", NpyBytes.Floats("(2, 1)", 1, 1)), ("arr_1.npy", NpyBytes.Floats("(2, 1)", 1, 1)), ("arr_2.npy", NpyBytes.Longs(0, 1)),
            ("arr_4.npy", NpyBytes.Strings("cat", "cow")), ("arr_5.npy", NpyBytes.Strings("cat", "dog"))));
        report.Notes.ShouldBe(["arr_4: row 1 is called \"cow\" but its label 1 is the class \"dog\"; the label counts."]);
    }

    [Theory]
    [InlineData("embeddings.npy", "float16")]
    [InlineData("embeddings_fortran.npy", "float32")]
    public void Inspect_LoneArray_MeasuresItsRows(string name, string type)
    {
        var report = FileInspection.Inspect(FeatureFileTests.NumPyFile(name));
        report.Kind.ShouldBe(FileKind.Array);
        var array = report.Arrays.ShouldHaveSingleItem();
        (array.Name, array.Type).ShouldBe(("array", type));
        array.Rows!.MaxNorm.ShouldBe(Math.Sqrt(1.25 * 1.25 + 1.5 * 1.5 + 1.75 * 1.75), 1e-6); // single precision
        report.Problems.ShouldBeEmpty();
    }

    [Fact]
    public void Inspect_Scalar_SaysThatItIsNoFeatures() =>
        FileInspection.Inspect(FeatureFileTests.NumPyFile("scalar.npy")).Problems.ShouldHaveSingleItem().ShouldStartWith("the shape is a single value; expected images");

    [Fact]
    public void Inspect_OtherArchive_ListsItsArrays()
    {
        var report = Inspect(NpyBytes.Zip(("x.npy", NpyBytes.Longs(1)), ("y.npy", NpyBytes.Floats("()", 1)), ("notes.txt", [1])));
        report.Kind.ShouldBe(FileKind.Unknown);
        report.Arrays.Select(array => array.Name).ShouldBe(["x", "y"]);
    }

    [Fact]
    public void Inspect_Model_ReportsTensorsAndMetadata()
    {
        var tensors = new Dictionary<string, SafetensorsTensor>
        {
            ["transform"] = SafetensorsTensor.From([1f, 0, 0, float.NaN], 2, 2),
            ["seed"] = new SafetensorsTensor("I64", [], new byte[8]),
        };
        SafetensorsFile.Write(_folder["m"], tensors, new Dictionary<string, string> { ["encoder"] = "ViT-B/32" });
        var report = FileInspection.Inspect(_folder["m"]);
        report.Kind.ShouldBe(FileKind.Model);
        report.Metadata["encoder"].ShouldBe("ViT-B/32");
        report.Arrays.Select(array => $"{array.Name} {array.Type}").ShouldBe(["seed int64", "transform float32"]);
        report.Arrays[1].Rows.ShouldBe(new RowStatistics(2, 1, 1, 1, 1, 0, 0));
        report.Problems.ShouldBe(["transform: row 1 holds a NaN or an infinity (1 in all); fit the model again."]);
    }

    [Fact]
    public void Inspect_TextFile_IsRefused() =>
        Should.Throw<LfaDataException>(() => Inspect("hello"u8.ToArray())).Message.ShouldContain("neither a .npy nor");

    [Fact]
    public void Inspect_RealImageNet_NotesTheNameThatStandsTwice()
    {
        var report = FileInspection.Inspect(SharedFolder.Require("real/imagenet_vitb32_train_4shot.npz"));
        report.Problems.ShouldBeEmpty();
        (report.Classes!.Count, report.Classes.MinSamples, report.Classes.MaxSamples).ShouldBe((1000, 4, 4));
        report.Notes.ShouldContain(note => note.StartsWith("arr_5: \"missile\" names the classes 657 and 744, whose prototypes are equal"));
    }

    [Fact]
    public void Inspect_BombOfZeros_KeepsNothing()
    {
        // 64 MB of zeros deflate to 64 kB: whoever reads them in parts needs little.
        var array = NpyBytes.Make("<f4", "(32768, 512)", new byte[64 << 20]);
        var path = _folder.Write("x.npz", NpyBytes.Zip(CompressionLevel.Optimal, ("image_features.npy", array), ("text_features.npy", array)));
        var kept = GC.GetTotalMemory(forceFullCollection: true);
        FileInspection.Inspect(path).Problems.Count.ShouldBe(2);
        (GC.GetTotalMemory(forceFullCollection: true) - kept).ShouldBeLessThan(1 << 20);
    }

    private FileReport Inspect(byte[] content) => FileInspection.Inspect(_folder.Write("x", content));
}
