using System.IO.Compression;
using Lfa.IO;

namespace Lfa.Tests.IO;

/// <summary>Tests what is said of files that cannot be used: one line, the path first, the array, and what to do.</summary>
public sealed class BadFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_Missing_SaysSo() =>
        Should.Throw<FileNotFoundException>(() => FeatureFile.Read(_folder["no.npz"])).Message.ShouldBe($"{_folder["no.npz"]}: there is no such file.");

    [Fact]
    public void Read_Folder_AsksForAFile() =>
        Should.Throw<LfaDataException>(() => FeatureFile.Read(_folder.FullName)).Message.ShouldBe($"{_folder.FullName} is a folder; give a file.");

    [Fact]
    public void Read_Empty_SaysSo() => Fail([]).ShouldBe("the file is empty.");

    [Fact]
    public void Read_Text_NamesTheFormats() => Fail("label,score\n1,2\n"u8.ToArray()).ShouldStartWith("this is neither a .npy nor a .npz");

    [Fact]
    public void Read_LoneArray_AsksForAnArchive() => Fail(NpyBytes.Floats("(1, 1)", 1)).ShouldStartWith("these image features come without text features; expected arr_0 or text_features, classes × components, beside them, as in a .npz file.");

    [Fact]
    public void Read_OtherArrays_ListsThem() =>
        Fail(NpyBytes.Zip(("x.npy", NpyBytes.Floats("()", 1)), ("y.npy", NpyBytes.Longs(1))))
            .ShouldBe("there is neither an array image_features nor an array arr_1 with the image features; the file holds x, y.");

    [Fact]
    public void Read_EmptyArchive_SaysSo() => Fail(NpyBytes.Zip()).ShouldEndWith("the file holds no arrays.");

    [Fact]
    public void Read_ArrayTwice_NamesIt() =>
        Fail(NpyBytes.Zip(("a.npy", NpyBytes.Longs(1)), ("a.npy", NpyBytes.Longs(1)))).ShouldStartWith("the array a stands twice");

    [Fact]
    public void Read_WithoutTextFeatures_SaysWhatIsMissing() =>
        Fail(NpyBytes.NamedSet(("text_features", null))).ShouldStartWith("image_features: these image features come without text features");

    [Theory]
    [InlineData("image_features", "(6,)", "the shape is 6; expected images × components")]
    [InlineData("image_features", "(1, 1, 1, 6)", "the shape is 1 × 1 × 1 × 6; expected images")]
    [InlineData("text_features", "(6,)", "the shape is 6; expected classes × components, or classes × prompts × components.")]
    public void Read_WrongDimensions_SaysWhatWasExpected(string name, string shape, string expected) =>
        Fail(NpyBytes.NamedSet((name, NpyBytes.Floats(shape, 1, 2, 3, 4, 5, 6)))).ShouldStartWith($"{name}: {expected}");

    [Theory]
    [InlineData("(3, 0)")]
    [InlineData("(3, 0, 2)")]
    [InlineData("(0, 9223372036854775807)")]
    public void Read_NoComponents_IsRefused(string shape) =>
        Fail(NpyBytes.NamedSet(("image_features", NpyBytes.Floats(shape)))).ShouldContain("expected at least one component a row");

    [Fact]
    public void Read_NoRows_IsRefused() =>
        Fail(NpyBytes.NamedSet(("image_features", NpyBytes.Floats("(0, 2)")), ("labels", null), ("filenames", null))).ShouldContain("image_features has no rows");

    [Fact]
    public void Read_FloatLabels_AsksForIntegers() =>
        Fail(NpyBytes.NamedSet(("labels", NpyBytes.Floats("(3,)", 0, 1, 0)))).ShouldStartWith("labels: the type is float32; expected integers");

    [Fact]
    public void Read_LabelOutside_NamesRowAndFile() =>
        Fail(NpyBytes.NamedSet(("labels", NpyBytes.Longs(0, 7, 1)))).ShouldContain("labels: row 1 (b.jpg) has the label 7, outside 0 to 1");

    [Theory]
    [InlineData(float.NaN, "row 1 (b.jpg) holds a NaN or an infinity")]
    [InlineData(0, "row 1 (b.jpg) is zero")]
    public void Read_DegenerateRow_NamesRowAndFile(float value, string expected) =>
        Fail(NpyBytes.NamedSet(("image_features", NpyBytes.Floats("(3, 2)", 1, 1, value, 0, 1, 1)))).ShouldContain(expected);

    [Fact]
    public void Read_NameWithLineEnds_StaysOnOneLine()
    {
        var message = Fail(NpyBytes.NamedSet(("filenames", NpyBytes.Strings("a", "b\nERROR\u001b[31m\u2028", "c")), ("labels", NpyBytes.Longs(0, 7, 1))));
        message.ShouldContain(@"b\u000aERROR\u001b[31m\u2028");
    }

    [Fact]
    public void Read_PickledNames_AreRefused()
    {
        var objects = File.ReadAllBytes(FeatureFileTests.NumPyFile("objects.npy"));
        Fail(NpyBytes.NamedSet(("class_names", objects))).ShouldStartWith("class_names: this is a pickled object array");
    }

    [Fact]
    public void Read_BadMiddleAxisMark_SaysWhatWasExpected() =>
        Fail(NpyBytes.NamedSet(("middle_axis", NpyBytes.Strings("frames")))).ShouldContain("middle_axis: expected the single string \"crops\"");

    [Fact]
    public void Read_EntryIsNoArray_SaysSo() =>
        Fail(NpyBytes.NamedSet(("image_features", "not an array"u8.ToArray()))).ShouldStartWith("image_features: this is not a NumPy array");

    [Fact]
    public void Read_AnyTruncation_IsInvalidData()
    {
        var content = NpyBytes.NamedSet();
        for (var length = 0; length < content.Length; length += 3)
            Fail(content[..length]);
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void Read_DamagedByte_IsFoundByTheChecksum(CompressionLevel level)
    {
        var features = NpyBytes.Floats("(400, 2)", [.. Enumerable.Range(1, 800).Select(value => value / 7f)]);
        var content = NpyBytes.Zip(level, ("arr_0.npy", NpyBytes.Floats("(1, 2)", 1, 0)), ("arr_1.npy", features));
        content[content.Length / 2] ^= 4; // inside the features
        Fail(content).ShouldStartWith("arr_1: cannot be unpacked");
    }

    [Fact]
    public void Read_ZipClaimsMoreThanItHolds_IsFoundBeforeAnythingIsAllocated()
    {
        // A header for 10^12 rows, and a zip directory that goes along with it.
        var header = NpyBytes.Make("<f4", "(1000000000, 2)", new byte[16]);
        var content = NpyBytes.Zip(("arr_0.npy", NpyBytes.Floats("(1, 2)", 1, 0)), ("arr_1.npy", header));
        var directory = content.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BitConverter.TryWriteBytes(content.AsSpan(directory + 24), (uint)(header.Length - 16 + 8_000_000_000 % uint.MaxValue));
        var path = _folder.Write("x.npz", content);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Should.Throw<LfaDataException>(() => FeatureFile.Read(path)).Message.ShouldContain("which cannot be");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
    }

    private string Fail(byte[] content)
    {
        var path = _folder.Write("x.npz", content);
        var message = Should.Throw<LfaDataException>(() => FeatureFile.Read(path)).Message;
        message.ShouldStartWith(path + ": ");
        message.Any(char.IsControl).ShouldBeFalse();
        return message[(path.Length + 2)..];
    }
}
