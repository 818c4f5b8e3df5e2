using System.IO.Compression;
using Lfa.IO;

namespace Lfa.Tests.IO;

public sealed class NpzFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void Indexer_EitherCompression_ReadsTheArrays(CompressionLevel level)
    {
        using var file = new NpzFile(new MemoryStream(File.ReadAllBytes(_folder.Write("x.npz", NpyBytes.Zip(level, ("b.npy", NpyBytes.Floats("(2, 1)", 1, 2)), ("readme.txt", [1]), ("a.npy", NpyBytes.Longs(3)))))), "x.npz");
        file.Names.ShouldBe(["b", "a"]);
        file["a"].ToInt32().ShouldBe([3]);
        file["b"].ToSingle().ShouldBe([1, 2]);
    }

    [Fact]
    public void Indexer_UnknownName_ListsTheArrays()
    {
        using var file = new NpzFile(new MemoryStream(File.ReadAllBytes(_folder.Write("x.npz", NpyBytes.NamedSet()))), "x.npz");
        Should.Throw<LfaDataException>(() => file["w"])
            .Message.ShouldBe("x.npz: there is no array w; the file holds image_features, text_features, labels, class_names, filenames.");
    }

    [Fact]
    public void Indexer_EncryptedEntry_IsRefused()
    {
        var content = NpyBytes.Zip(("a.npy", NpyBytes.Longs(3)));
        content[6] |= 1; // the flag in the entry's header and in the directory
        content[content.AsSpan().LastIndexOf("PK\u0001\u0002"u8) + 8] |= 1;
        using var file = new NpzFile(new MemoryStream(File.ReadAllBytes(_folder.Write("x.npz", content))), "x.npz");
        Should.Throw<LfaDataException>(() => file["a"]).Message.ShouldContain("a: the entry is encrypted");
    }

    [Fact]
    public void Crc32_CheckValueOfTheStandard_IsMet() => Crc32.Append(0, "123456789"u8).ShouldBe(0xCBF43926);

    [Fact]
    public void Crc32_InParts_IsThatOfTheWhole()
    {
        var bytes = Enumerable.Range(0, 100).Select(value => (byte)(value * value)).ToArray();
        Crc32.Append(Crc32.Append(0, bytes.AsSpan(0, 37)), bytes.AsSpan(37)).ShouldBe(Crc32.Append(0, bytes));
    }
}
