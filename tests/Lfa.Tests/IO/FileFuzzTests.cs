using Lfa.IO;

namespace Lfa.Tests.IO;

/// <summary>
/// Damages valid files at random, from a fixed seed, and requires of every reader that it either succeeds or throws an
/// <see cref="LfaDataException"/> of one line that begins with the path, in bounded memory.
/// </summary>
public sealed class FileFuzzTests : IDisposable
{
    private const int Cases = 1200; // of each kind of file
    private const long MostBytes = 16 << 20; // the files are of some kilobytes; deflated data expand about a thousandfold

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_DamagedNpy_IsInvalidDataOrFine()
    {
        byte[][] files = [
            NpyBytes.Floats("(4, 3)", [.. Enumerable.Range(1, 12).Select(value => value / 4f)]),
            NpyBytes.Make(">f2", "(2, 2, 3)", new byte[24], fortran: true, version: 3),
            NpyBytes.Strings("cat", "dög", "犬"),
            File.ReadAllBytes(FeatureFileTests.NumPyFile("embeddings_fortran.npy"))];
        Fuzz(1, files, content => content);
    }

    [Fact]
    public void Read_DamagedNpz_IsInvalidDataOrFine()
    {
        byte[][] files = [
            NpyBytes.NamedSet(),
            File.ReadAllBytes(FeatureFileTests.NumPyFile("published.npz")),
            File.ReadAllBytes(FeatureFileTests.NumPyFile("published_stored.npz"))];
        Fuzz(2, files, content => content);
    }

    [Fact]
    public void Read_DamagedArrayInAWholeZip_IsInvalidDataOrFine()
    {
        string[] names = ["image_features", "text_features", "labels", "class_names", "filenames", "middle_axis"];
        byte[][] arrays = [
            NpyBytes.Floats("(3, 2, 2)", 3, 4, 0, 2, 1, 0, 3, 3, 1, 2, 3, 4), NpyBytes.Floats("(2, 2)", 1, 0, 0, 5), NpyBytes.Longs(0, 1, 0),
            NpyBytes.Strings("cat", "dög"), NpyBytes.Strings("a", "b", "c"), NpyBytes.Strings("crops")];
        var turn = 0;
        Fuzz(3, arrays, damaged =>
        {
            // Fuzz takes the arrays in turn.
            var place = turn++ % arrays.Length;
            return NpyBytes.Zip([.. names.Select((name, i) => (name + ".npy", i == place ? damaged : arrays[i]))]);
        });
    }

    [Fact]
    public void Read_DamagedSafetensors_IsInvalidDataOrFine()
    {
        var tensors = new Dictionary<string, SafetensorsTensor>
        {
            ["transform"] = SafetensorsTensor.From([1f, 2, 3, 4], 2, 2),
            ["scores"] = new SafetensorsTensor("F64", [2], new byte[16]),
            ["steps"] = new SafetensorsTensor("I64", [1], new byte[8]),
        };
        SafetensorsFile.Write(_folder["m"], tensors, new Dictionary<string, string> { ["classes"] = "[\"dög\"]", ["seed"] = "1" });
        Fuzz(4, [File.ReadAllBytes(_folder["m"])], content => content);
    }

    private void Fuzz(int seed, byte[][] files, Func<byte[], byte[]> pack)
    {
        var mutation = new Mutation(seed);
        for (var i = 0; i < Cases; i++)
        {
            var path = _folder.Write("x", pack(mutation.Damage(files[i % files.Length])));
            Require(i, path, () => FeatureFile.Read(path));
            Require(i, path, () => ReadBlocks(path));
            Require(i, path, () => SafetensorsFile.Read(path));
            Require(i, path, () => FileInspection.Inspect(path));
        }
    }

    private static void Require(int index, string path, Action read)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            read();
        }
        catch (LfaDataException e)
        {
            e.Message.ShouldStartWith(path, customMessage: $"case {index}: {e}");
            e.Message.Any(char.IsControl).ShouldBeFalse($"case {index}: {e}");
        }
        catch (Exception e)
        {
            Assert.Fail($"case {index}: {e}");
        }
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(MostBytes, $"case {index}");
    }

    private static int ReadBlocks(string path)
    {
        using var reader = FeatureReader.Open(path);
        _ = reader.FileNames;
        return reader.ReadBlocks(2).Take(1000).Sum(block => block.Rows);
    }
}
