using System.IO.Compression;
using Lfa.Data;
using Lfa.IO;
using Lfa.Tests.Support;

namespace Lfa.Tests.IO;

public sealed class FeatureFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_NamedLayout_GivesUnitRowsAndNames()
    {
        var set = FeatureFile.Read(_folder.Write("x.npz", NpyBytes.NamedSet()));
        set.ImageFeatures.Values.ToArray().ShouldBe([0.6f, 0.8f, 0, 1, 1, 0]);
        set.ClassPrototypes.Values.ToArray().ShouldBe([1, 0, 0, 1]);
        set.Labels.ToArray().ShouldBe([0, 1, 0]);
        set.ClassNames.ShouldBe(["cat", "dög"]);
        set.FileNames.ShouldBe(["a.jpg", "b.jpg", "c.jpg"]);
    }

    [Fact]
    public void Read_WithoutNormalizing_GivesTheStoredRows() =>
        FeatureFile.Read(_folder.Write("x.npz", NpyBytes.NamedSet()), new FeatureFileOptions { Normalize = false })
            .ImageFeatures.Values.ToArray().ShouldBe([3, 4, 0, 2, 1, 0]);

    [Fact]
    public void Read_OnlyTheFeatures_GivesAnUnlabeledSet()
    {
        var content = NpyBytes.Zip(("arr_0.npy", NpyBytes.Floats("(1, 2)", 1, 0)), ("arr_1.npy", NpyBytes.Floats("(2, 2)", 1, 0, 0, 1)));
        var set = FeatureFile.Read(_folder.Write("x.npz", content));
        set.IsLabeled.ShouldBeFalse();
        set.FileNames.ShouldBeNull();
        set.ClassNames.ShouldBe(["class 0"]);
    }

    [Fact]
    public void Read_TextFeaturesFromElsewhere_TakeThePlaceOfItsOwn()
    {
        var asked = Array.Empty<string>();
        var set = FeatureFile.Read(_folder.Write("x.npz", NpyBytes.NamedSet()), names =>
        {
            asked = [.. names];
            return new NamedPrototypes(new Matrix(new float[] { 0, 0, 1, 0, 1, 0 }, 2, 3), names) { TextEncoder = new EncoderIdentity("words") };
        });
        asked.ShouldBe(["cat", "dög"]);
        set.ClassPrototypes.Values.ToArray().ShouldBe([0, 0, 1, 0, 1, 0]);
        set.TextEncoder.ShouldBe(new EncoderIdentity("words"));
        set.ImageFeatures.Values.ToArray().ShouldBe([0.6f, 0.8f, 0, 1, 1, 0]);
    }

    [Fact]
    public void Read_TextFeaturesForAFileWithoutAny_NeedClassNames()
    {
        var images = ("arr_1.npy", NpyBytes.Floats("(2, 2)", 1, 0, 0, 1));
        var named = _folder.Write("named.npz", NpyBytes.Zip(images, ("arr_5.npy", NpyBytes.Strings("cat"))));
        FeatureFile.Read(named, names => new NamedPrototypes(new Matrix(new float[] { 1, 0 }, 1, 2), names)).ClassNames.ShouldBe(["cat"]);
        var unnamed = _folder.Write("unnamed.npz", NpyBytes.Zip(images, ("arr_2.npy", NpyBytes.Longs(0, 0))));
        Should.Throw<LfaDataException>(() => FeatureFile.Read(unnamed, _ => throw new InvalidOperationException())).Message.ShouldContain("without the names of their classes");
    }

    [Fact]
    public void Write_TwoSpaces_ReadBackAreTheSame()
    {
        var (set, _) = TwoSpaces.Planted(7, 5, classes: 3, shots: 2, seed: 1);
        FeatureFile.Write(_folder["x.npz"], set);
        var read = FeatureFile.Read(_folder["x.npz"], new FeatureFileOptions { Normalize = false });
        (read.Dimension, read.TextDimension).ShouldBe((7, 5));
        read.ImageFeatures.Values.ToArray().ShouldBe(set.ImageFeatures.Values.ToArray());
        read.ClassPrototypes.Values.ToArray().ShouldBe(set.ClassPrototypes.Values.ToArray());
        var unit = FeatureFile.Read(_folder["x.npz"]);
        unit.ClassPrototypes.Row(2).ToArray().Sum(value => (double)value * value).ShouldBe(1, 1e-6);
    }

    [Fact]
    public void WriteMatrix_ReadBack_IsTheSame()
    {
        var matrix = new Matrix(new float[] { 1, -2, 3, 4.5f, 0, 6 }, 3, 2);
        FeatureFile.WriteMatrix(_folder["x.npy"], matrix);
        using var reader = FeatureReader.Open(_folder["x.npy"], new FeatureFileOptions { Normalize = false });
        var read = reader.ReadBlocks(3).Single();
        (read.Rows, read.Columns).ShouldBe((3, 2));
        read.Values.ToArray().ShouldBe(matrix.Values.ToArray());
    }

    [Fact]
    public void WritePrototypes_ReadBack_HasNamesAndValues()
    {
        var matrix = new Matrix(new float[] { 1, -2, 3, 4 }, 2, 2);
        FeatureFile.WritePrototypes(_folder["x.npz"], matrix, ["cat", "dög"]);
        using var file = new NpzFile(new MemoryStream(File.ReadAllBytes(_folder["x.npz"])), "x.npz");
        file["class_prototypes"].ToSingle().ShouldBe([1, -2, 3, 4]);
        file["class_prototypes"].Shape.ShouldBe([2L, 2]);
        file["class_names"].ToStrings().ShouldBe(["cat", "dög"]);
        Should.Throw<LfaDataException>(() => FeatureFile.WritePrototypes(_folder["y.npz"], matrix, ["cat"])).Message.ShouldContain("classNames has 1 entries but prototypes has 2 rows");
    }

    [Theory]
    [InlineData("published.npz")]
    [InlineData("published_stored.npz")]
    [InlineData("named.npz")]
    public void Read_FileByNumPy_GivesItsContent(string name)
    {
        var set = FeatureFile.Read(NumPyFile(name), new FeatureFileOptions { Normalize = false });
        set.ImageFeatures.Values.ToArray().ShouldBe(Enumerable.Range(0, 12).Select(value => value * 0.25f - 1));
        set.ClassPrototypes.Values.ToArray().ShouldBe([-2, -1, 0, 1, 2, 3]);
        set.Labels.ToArray().ShouldBe([0, 1, 1, 0]);
        set.ClassNames.ShouldBe(["cat", "dög"]);
        set.FileNames.ShouldBe(["a/1.jpg", "b/2.jpg", "b/3.jpg", "ä.jpg"]);
    }

    [Theory]
    [InlineData(MiddleAxis.Mean, new[] { 0.6f, 0.8f, 0, 1 })]
    [InlineData(MiddleAxis.Maximum, new[] { 0.6f, 0.8f, 0, 1 })]
    public void Read_Frames_ReducesThemAsStoredThenNormalizes(MiddleAxis axis, float[] expected)
    {
        // The mean and the maximum point the same way only because the frames are taken with their stored lengths.
        var set = FeatureFile.Read(_folder.Write("x.npz", Frames()), new FeatureFileOptions { MiddleAxis = axis });
        set.Crops.Count.ShouldBe(1);
        set.ImageFeatures.Values.ToArray().ShouldBe(expected);
    }

    [Fact]
    public void Read_FramesWithoutNormalizing_GivesMeanAndMaximum()
    {
        var path = _folder.Write("x.npz", Frames());
        Stored(MiddleAxis.Mean).ShouldBe([3, 4, 0, 1]);
        Stored(MiddleAxis.Maximum).ShouldBe([6, 8, 0, 2]);

        float[] Stored(MiddleAxis axis) =>
            FeatureFile.Read(path, new FeatureFileOptions { MiddleAxis = axis, Normalize = false }).ImageFeatures.Values.ToArray();
    }

    [Fact]
    public void Read_Crops_KeepsEachTheCenterLast()
    {
        var stored = NpyBytes.NamedSet(("image_features", NpyBytes.Floats("(3, 2, 2)", 1, 0, 0, 1, 2, 0, 0, 2, 3, 0, 0, 3)));
        var set = FeatureFile.Read(_folder.Write("x.npz", stored), new FeatureFileOptions { MiddleAxis = MiddleAxis.Crops, Normalize = false });
        set.Crops.Count.ShouldBe(2);
        set.Crops[0].Values.ToArray().ShouldBe([1, 0, 2, 0, 3, 0]);
        set.ImageFeatures.Values.ToArray().ShouldBe([0, 1, 0, 2, 0, 3]);
    }

    [Fact]
    public void Options_UnknownMiddleAxis_IsRefusedByName() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new FeatureFileOptions { MiddleAxis = (MiddleAxis)9 }).Message.ShouldContain("MiddleAxis must be");

    [Fact]
    public void Write_ThenRead_GivesTheSameSet()
    {
        var set = MakeSet(crops: 1);
        FeatureFile.Write(_folder["x.npz"], set);
        var again = FeatureFile.Read(_folder["x.npz"], new FeatureFileOptions { Normalize = false });
        again.ImageFeatures.Values.ToArray().ShouldBe(set.ImageFeatures.Values.ToArray());
        again.ClassPrototypes.Values.ToArray().ShouldBe(set.ClassPrototypes.Values.ToArray());
        again.Labels.ToArray().ShouldBe(set.Labels.ToArray());
        again.ClassNames.ShouldBe(set.ClassNames);
        again.FileNames.ShouldBe(set.FileNames);
    }

    [Fact]
    public void Write_SeveralCrops_ReadsThemAsCropsWithoutBeingTold()
    {
        var set = MakeSet(crops: 3);
        FeatureFile.Write(_folder["x.npz"], set);
        var again = FeatureFile.Read(_folder["x.npz"], new FeatureFileOptions { Normalize = false });
        again.Crops.Select(crop => crop.Values.ToArray()).ShouldBe(set.Crops.Select(crop => crop.Values.ToArray()));
    }

    [Fact]
    public void Write_Unlabeled_LeavesLabelsOut()
    {
        var row = new Matrix(new float[] { 1, 0 }, 1, 2);
        FeatureFile.Write(_folder["x.npz"], new FeatureSet(row, row, default));
        using var file = new NpzFile(new MemoryStream(File.ReadAllBytes(_folder["x.npz"])), "x.npz");
        file.Names.ShouldBe(["arr_0", "arr_1", "arr_5"]);
        FeatureFile.Read(_folder["x.npz"]).IsLabeled.ShouldBeFalse();
    }

    [Fact]
    public void Write_Twice_GivesTheSameBytes()
    {
        FeatureFile.Write(_folder["x.npz"], MakeSet(crops: 2));
        FeatureFile.Write(_folder["y.npz"], MakeSet(crops: 2));
        File.ReadAllBytes(_folder["x.npz"]).ShouldBe(File.ReadAllBytes(_folder["y.npz"]));
    }

    [Fact]
    public void Write_Arrays_StartAtMultiplesOf64AsNumPysDo()
    {
        FeatureFile.Write(_folder["x.npz"], MakeSet(crops: 1));
        using var archive = ZipFile.OpenRead(_folder["x.npz"]);
        foreach (var entry in archive.Entries)
        {
            var prefix = new byte[10];
            using var data = entry.Open();
            data.ReadExactly(prefix);
            ((10 + BitConverter.ToUInt16(prefix, 8)) % 64).ShouldBe(0, entry.FullName);
            entry.CompressedLength.ShouldBe(entry.Length, entry.FullName);
        }
    }

    [Fact]
    public void Read_ClassNameTwiceWithOtherPrototypes_NamesBothClasses()
    {
        var content = NpyBytes.NamedSet(("class_names", NpyBytes.Strings("cat", "cat")), ("text_features", NpyBytes.Floats("(2, 2)", 1, 0, 0, 1)));
        Should.Throw<LfaDataException>(() => FeatureFile.Read(_folder.Write("x.npz", content)))
            .Message.ShouldContain("\"cat\" names the classes 0 and 1, whose prototypes differ");
    }

    [Theory]
    [InlineData("real/caltech101_59_test.npz", 59, 1744, "face")]
    [InlineData("real/imagenet_vitb32_train_4shot.npz", 1000, 4000, "tench")]
    public void Read_RealFeatures_GivesThemWhole(string file, int classes, int images, string firstClass)
    {
        var path = SharedFolder.Require(file);
        var set = FeatureFile.Read(path);
        (set.ClassCount, set.SampleCount, set.Dimension).ShouldBe((classes, images, 512));
        set.ClassNames[0].ShouldBe(firstClass);
        FileInspection.Inspect(path).Problems.ShouldBeEmpty();
    }

    [Fact]
    public void Read_ParityFile_TakesNamedArraysAmongOthers()
    {
        var path = SharedFolder.Require("parity/c10_d32_n16.npz");
        FeatureFile.Read(path).SampleCount.ShouldBe(160);
        using var file = new NpzFile(new MemoryStream(File.ReadAllBytes(path)), "x.npz");
        file["w_procrustes"].ToSingle().Length.ShouldBe(32 * 32);
        file["arerank_k3_s4_loss"].Shape.ShouldBeEmpty();
    }

    private static FeatureSet MakeSet(int crops)
    {
        var matrices = Enumerable.Range(1, crops).Select(crop => new Matrix(new float[] { crop, 2, 3, 4, 5, 6 * crop }, 3, 2)).ToArray();
        var prototypes = new Matrix(new float[] { 1, 0, 1, 1 }, 2, 2);
        return new FeatureSet(matrices, prototypes, new[] { 1, 0, 1 }, ["cat", "犬🐕 (dog)"], ["a", "", "ccc"]);
    }

    private static byte[] Frames() => NpyBytes.Zip(
        ("arr_0.npy", NpyBytes.Floats("(1, 2)", 1, 0)),
        ("arr_1.npy", NpyBytes.Floats("(2, 2, 2)", 6, 8, 0, 0, 0, 2, 0, 0)));

    internal static string NumPyFile(string name) => Path.Combine(AppContext.BaseDirectory, "IO", "files", name);
}
