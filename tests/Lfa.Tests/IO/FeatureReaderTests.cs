using Lfa.Data;
using Lfa.IO;
using Lfa.Tests.Support;

namespace Lfa.Tests.IO;

[Collection(nameof(Alone))]
public sealed class FeatureReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    public void ReadBlocks_AnySize_GivesTheRowsOfRead(int rows)
    {
        var path = _folder.Write("x.npz", NpyBytes.NamedSet());
        using var reader = FeatureReader.Open(path);
        (reader.Count, reader.Dimension).ShouldBe((3, 2));
        reader.FileNames.ShouldBe(["a.jpg", "b.jpg", "c.jpg"]);
        var blocks = reader.ReadBlocks(rows).ToList();
        blocks.SkipLast(1).ShouldAllBe(block => block.Rows == rows);
        Join(blocks).ShouldBe(FeatureFile.Read(path).ImageFeatures.Values.ToArray());
        Join(reader.ReadBlocks(rows)).ShouldBe(Join(blocks), "a second enumeration starts again");
    }

    [Theory]
    [InlineData("embeddings.npy")]
    [InlineData("embeddings_fortran.npy")]
    [InlineData("version3.npy")]
    [InlineData("published.npz")]
    [InlineData("named.npz")]
    public void ReadBlocks_FileByNumPy_GivesItsRows(string name)
    {
        using var reader = FeatureReader.Open(FeatureFileTests.NumPyFile(name), new FeatureFileOptions { Normalize = false });
        Join(reader.ReadBlocks(3)).ShouldBe(Enumerable.Range(0, 12).Select(value => value * 0.25f - 1));
    }

    [Theory]
    [InlineData(MiddleAxis.Mean)]
    [InlineData(MiddleAxis.Maximum)]
    [InlineData(MiddleAxis.Crops)]
    public void ReadBlocks_MiddleAxis_GivesTheRowsOfRead(MiddleAxis axis)
    {
        var values = Enumerable.Range(1, 60).Select(value => (float)Math.Sin(value)).ToArray();
        var path = _folder.Write("x.npz", NpyBytes.Zip(("arr_0.npy", NpyBytes.Floats("(1, 4)", 1, 0, 0, 0)), ("arr_1.npy", NpyBytes.Floats("(5, 3, 4)", values))));
        var options = new FeatureFileOptions { MiddleAxis = axis };
        using var reader = FeatureReader.Open(path, options);
        Join(reader.ReadBlocks(2)).ShouldBe(FeatureFile.Read(path, options).ImageFeatures.Values.ToArray());
    }

    [Fact]
    public void ReadBlocks_OneArrayInAnArchive_IsTakenForTheImages()
    {
        using var reader = FeatureReader.Open(_folder.Write("x.npz", NpyBytes.Zip(("arr_0.npy", NpyBytes.Floats("(2, 1)", 2, 3)))));
        Join(reader.ReadBlocks(5)).ShouldBe([1, 1]);
        reader.FileNames.ShouldBeNull();
    }

    [Theory]
    [InlineData(float.PositiveInfinity, "holds a NaN or an infinity")]
    [InlineData(0, "is zero")]
    public void ReadBlocks_DegenerateRow_NamesRowAndFile(float value, string problem)
    {
        var path = _folder.Write("x.npz", NpyBytes.NamedSet(("image_features", NpyBytes.Floats("(3, 2)", 1, 1, 1, 1, 0, value))));
        using var reader = FeatureReader.Open(path);
        var blocks = reader.ReadBlocks(2).GetEnumerator();
        blocks.MoveNext().ShouldBeTrue();
        Should.Throw<LfaDataException>(() => blocks.MoveNext())
            .Message.ShouldBe($"{path}: image_features: row 2 (c.jpg) {problem}{(value == 0 ? " and has no direction" : "")}; remove the row or embed it again.");
    }

    [Fact]
    public void ReadBlocks_LongFile_KeepsNoMoreThanABlock()
    {
        const int Rows = 20_000, Columns = 64;
        var data = new byte[Rows * Columns * 2];
        for (var i = 1; i < data.Length; i += 2)
            data[i] = 0x3C; // one, as float16
        using var reader = FeatureReader.Open(_folder.Write("x.npy", NpyBytes.Make("<f2", $"({Rows}, {Columns})", data)));
        var (rows, blocks) = (0, new List<WeakReference>());
        foreach (var block in reader.ReadBlocks(100))
        {
            rows += block.Rows;
            blocks.Add(new WeakReference(block));
        }
        rows.ShouldBe(Rows);
        GC.Collect();
        blocks.Count(block => block.IsAlive).ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public void Open_NamesDoNotMatchTheRows_IsRefused() =>
        Should.Throw<LfaDataException>(() => FeatureReader.Open(_folder.Write("x.npz", NpyBytes.NamedSet(("filenames", NpyBytes.Strings("a"))))))
            .Message.ShouldContain("filenames: there are 1 names but 3 rows");

    [Fact]
    public void Open_Integers_AreRefused() =>
        Should.Throw<LfaDataException>(() => FeatureReader.Open(_folder.Write("x.npy", NpyBytes.Longs(1, 2)))).Message.ShouldContain("the type is int64");

    [Fact]
    public void Open_Model_IsRefused()
    {
        var model = new Dictionary<string, SafetensorsTensor> { ["class_prototypes"] = SafetensorsTensor.From([1f, 0], 1, 2) };
        SafetensorsFile.Write(_folder["x.safetensors"], model, new Dictionary<string, string> { ["format"] = "lfa-classifier" });
        Should.Throw<LfaDataException>(() => FeatureReader.Open(_folder["x.safetensors"])).Message.ShouldEndWith("this .safetensors file is a fitted model; expected image features, or class prototypes.");
        Should.Throw<LfaDataException>(() => FeatureFile.ReadPrototypes(_folder["x.safetensors"])).Message.ShouldContain("is a fitted model");
    }

    [Fact]
    public void ReadBlocks_NoRowsAsked_IsRefused()
    {
        using var reader = FeatureReader.Open(_folder.Write("x.npz", NpyBytes.NamedSet()));
        Should.Throw<ArgumentOutOfRangeException>(() => reader.ReadBlocks(0));
    }

    [Fact]
    public void ReadBlocks_Disposed_IsRefused()
    {
        var reader = FeatureReader.Open(_folder.Write("x.npz", NpyBytes.NamedSet()));
        reader.Dispose();
        Should.Throw<ObjectDisposedException>(() => reader.ReadBlocks(1));
    }

    [Fact]
    public void ReadBlocks_RealFeatures_GivesTheRowsOfRead()
    {
        var path = SharedFolder.Require("real/caltech101_59_test.npz");
        using var reader = FeatureReader.Open(path);
        Join(reader.ReadBlocks(100)).ShouldBe(FeatureFile.Read(path).ImageFeatures.Values.ToArray());
    }

    private static float[] Join(IEnumerable<Matrix> blocks) => [.. blocks.SelectMany(block => block.Values.ToArray())];
}
