using Lfa.IO;
using Lfa.Tests.Support;

namespace Lfa.Tests.IO;

public sealed class PrototypeFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("text_features", "class_names")]
    [InlineData("arr_0", "arr_5")]
    public void ReadPrototypes_NoImages_GivesUnitRowsAndNames(string features, string names)
    {
        var path = _folder.Write("c.npz", NpyBytes.Zip(($"{features}.npy", NpyBytes.Floats("(2, 2)", 3, 4, 0, 2)), ($"{names}.npy", NpyBytes.Strings("cat", "dög"))));
        var (prototypes, classNames) = FeatureFile.ReadPrototypes(path);
        prototypes.Values.ToArray().ShouldBe([0.6f, 0.8f, 0, 1]);
        classNames.ShouldBe(["cat", "dög"]);
    }

    [Fact]
    public void ReadPrototypes_FeatureFile_TakesWhatItNeeds() =>
        FeatureFile.ReadPrototypes(_folder.Write("f.npz", NpyBytes.NamedSet())).ClassNames.ShouldBe(["cat", "dög"]);

    [Fact]
    public void ReadPrototypes_WhatIsMissingOrWrong_IsNamed()
    {
        var (features, names) = (("text_features.npy", NpyBytes.Floats("(2, 2)", 3, 4, 0, 2)), ("class_names.npy", NpyBytes.Strings("cat", "dog")));
        Fails(NpyBytes.Zip(names), "there are no text features (text_features, arr_0); the file holds class_names.");
        Fails(NpyBytes.Zip(features), "there are no class names (class_names, arr_5); the file holds text_features.");
        Fails(NpyBytes.Zip(("class_prototypes.npy", NpyBytes.Floats("(2, 2)", 3, 4, 0, 2)), names), "there are no text features");
        Fails(NpyBytes.Zip(features, ("class_names.npy", NpyBytes.Strings("cat"))), "the shape is 2 × 2 but there are 1 class names");
        Fails(NpyBytes.Zip(("text_features.npy", NpyBytes.Floats("(2, 2)", 3, 4, 0, 0)), names), "text_features: row 1 is zero");
        Fails(NpyBytes.Zip(("text_features.npy", NpyBytes.Floats("(4,)", 3, 4, 0, 0)), names), "text_features");
        Fails("hello, world"u8.ToArray(), "");
    }

    private void Fails(byte[] content, string expected)
    {
        var message = Should.Throw<InvalidDataException>(() => FeatureFile.ReadPrototypes(_folder.Write("x.npz", content))).Message;
        message.ShouldStartWith(_folder["x.npz"]);
        message.ShouldContain(expected);
    }
}
