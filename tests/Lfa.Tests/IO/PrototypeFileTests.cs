using Lfa.Data;
using Lfa.IO;
using Lfa.Tests.Support;

namespace Lfa.Tests.IO;

/// <summary>Class prototypes read from the files that hold them.</summary>
public sealed class PrototypeFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ReadPrototypes_WrittenPrototypes_ComeBack()
    {
        var prototypes = MadeUp.Features(3, 5, seed: 1);
        FeatureFile.WritePrototypes(_folder["p.npz"], prototypes, ["a", "b", "ç"]);
        var read = FeatureFile.ReadPrototypes(_folder["p.npz"], normalize: false);
        read.Prototypes.Values.ToArray().ShouldBe(prototypes.Values.ToArray());
        read.ClassNames.ShouldBe(["a", "b", "ç"]);
        FeatureFile.ReadPrototypes(_folder["p.npz"]).Prototypes.Values.ToArray().ShouldBe(prototypes.NormalizeRows().Values.ToArray());
    }

    [Fact]
    public void ReadPrototypes_FeatureFilesOfBothLayoutsAndAMatrix_GiveTheTextFeatures()
    {
        var named = FeatureFile.ReadPrototypes(_folder.Write("named.npz", NpyBytes.NamedSet()));
        named.Prototypes.Values.ToArray().ShouldBe([1, 0, 0, 1]);
        named.ClassNames.ShouldBe(["cat", "dög"]);
        FeatureFile.Write(_folder["published.npz"], FeatureFile.Read(_folder["named.npz"]));
        var published = FeatureFile.ReadPrototypes(_folder["published.npz"]);
        published.Prototypes.Values.ToArray().ShouldBe([1, 0, 0, 1]);
        published.ClassNames.ShouldBe(["cat", "dög"]);
        var matrix = FeatureFile.ReadPrototypes(_folder.Write("m.npy", NpyBytes.Floats("(1, 2)", 3, 4)));
        matrix.Prototypes.Values.ToArray().ShouldBe([0.6f, 0.8f]);
        matrix.ClassNames.ShouldBeNull();
    }

    [Fact]
    public void ReadPrototypes_BadFiles_AreNamedWithTheArray()
    {
        Fail("none.npz", NpyBytes.Zip(("x.npy", NpyBytes.Floats("(1, 2)", 3, 4)))).ShouldContain("there is no array class_prototypes, text_features, arr_0 with class prototypes; the file holds x");
        Fail("zero.npy", NpyBytes.Floats("(2, 2)", 3, 4, 0, 0)).ShouldContain("row 1 is zero and has no direction");
        Fail("nan.npy", NpyBytes.Floats("(1, 2)", 3, float.NaN)).ShouldContain("row 0 holds a NaN");
        Fail("names.npz", NpyBytes.NamedSet(("class_names", NpyBytes.Strings("cat")))).ShouldContain("there are 1 names but 2 rows in text_features");
        Fail("empty.npy", NpyBytes.Floats("(0, 2)")).ShouldContain("the array has no rows");
        Fail("flat.npy", NpyBytes.Floats("(2,)", 3, 4)).ShouldContain("expected classes × components");
        Fail("labels.npz", NpyBytes.Zip(("text_features.npy", NpyBytes.Longs(1, 2)))).ShouldContain("expected float16");
    }

    [Fact]
    public void ThrowIfNotPairedWith_OtherClasses_NamesTheFirst()
    {
        var (a, b) = (MadeUp.Features(2, 3, seed: 2), MadeUp.Features(2, 3, seed: 3));
        new NamedPrototypes(a, ["x", "y"]).ThrowIfNotPairedWith(new NamedPrototypes(b, null));
        Should.Throw<LfaDataException>(() => new NamedPrototypes(a, ["x", "y"]).ThrowIfNotPairedWith(new NamedPrototypes(b, ["x", "z"]))).Message.ShouldContain("class 1 is \"z\" but \"y\"");
        Should.Throw<LfaDataException>(() => new NamedPrototypes(a, null).ThrowIfNotPairedWith(new NamedPrototypes(b.Slice(0, 1), null))).Message.ShouldContain("1 × 3");
    }

    private string Fail(string name, byte[] content)
    {
        var message = Should.Throw<LfaDataException>(() => FeatureFile.ReadPrototypes(_folder.Write(name, content))).Message;
        message.ShouldContain(name);
        return message;
    }
}
