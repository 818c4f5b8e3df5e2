using Lfa.Data;

namespace Lfa.Tests.Data;

public class NamedPrototypesTests
{
    private static readonly NamedPrototypes Known = new(new Matrix(new float[] { 1, 2, 3, 4, 5, 6 }, 3, 2), ["sea_horse", "Face", "face"]);

    [Fact]
    public void SelectClasses_Names_GivesTheirRowsInThatOrder() => Known.SelectClasses(["face", "Face", "sea horse", "Sea Horse"]).Prototypes.Values.ToArray().ShouldBe([5, 6, 3, 4, 1, 2, 1, 2]);

    [Fact]
    public void SelectClasses_MissingNames_NamesThem()
    {
        Should.Throw<LfaDataException>(() => Known.SelectClasses(["face", "cat", "dog", "cat"])).Message.ShouldBe("there are no text features of \"cat\", \"dog\"; add them, or name the classes as they are there (\"sea_horse\", …).");
        Should.Throw<LfaDataException>(() => Known.SelectClasses(["1", "2", "3", "4", "5", "6", "7"])).Message.ShouldContain("\"5\" and 2 more classes;");
    }

    [Fact]
    public void SelectClasses_TwoOfOneName_MustAgree()
    {
        Should.Throw<LfaDataException>(() => new NamedPrototypes(Known.Prototypes, ["face", "cat", "face"]).SelectClasses(["cat"])).Message.ShouldContain("\"face\" names the classes 0 and 2, whose prototypes differ");
        new NamedPrototypes(Known.Prototypes.SelectRows([0, 1, 0]), ["face", "cat", "face"]).SelectClasses(["face", "face"]).Prototypes.Values.ToArray().ShouldBe([1, 2, 1, 2]);
    }

    [Fact]
    public void SelectClasses_Unnamed_SaysSo() => Should.Throw<LfaDataException>(() => new NamedPrototypes(Known.Prototypes, null).SelectClasses(["face"])).Message.ShouldContain("without the names of their classes");

    [Fact]
    public void SelectClasses_Result_HasTheNamesAskedForAndTheEncoder()
    {
        var encoder = new EncoderIdentity("words");
        var selected = (Known with { TextEncoder = encoder }).SelectClasses(["Sea Horse"]);
        selected.ClassNames.ShouldBe(["Sea Horse"]);
        selected.TextEncoder.ShouldBeSameAs(encoder);
    }
}
