using Lfa.Encoders.Sources;

namespace Lfa.Encoders.Tests.Sources;

public sealed class ClassPriorFileTests : IDisposable
{
    private static readonly string[] Classes = ["a", "b, c", "a"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_NamesInAnyOrder_GivesTheOrderOfTheClasses() => Read("b, c, 2", "", " a,0.5", "a,7").ShouldBe([0.5, 2, 7]);

    [Fact]
    public void Read_NumbersAlone_AreInTheOrderOfTheClasses() => Read("1", "2.5", "3e2").ShouldBe([1, 2.5, 300]);

    [Theory]
    [InlineData("there are 2 lines but 3 classes", "1", "2")]
    [InlineData("line 2 gives \"-1\"; a part must be a number above 0", "1", "-1", "2")]
    [InlineData("line 1 gives \"many\"", "a,many", "a,1", "b, c,1")]
    [InlineData("line 3 names the class \"a\", which stands there before", "a,1", "a,2", "a,3")]
    [InlineData("line 1 names the class \"d\", which there is not", "d,1", "a,2", "a,3")]
    public void Read_BadFile_NamesTheLine(string problem, params string[] lines)
    {
        var error = Should.Throw<LfaDataException>(() => Read(lines));
        error.Message.ShouldStartWith($"{_folder["prior.txt"]}: {problem}");
        error.Subject.ShouldBe(_folder["prior.txt"]);
    }

    [Fact]
    public void Read_NoFile_IsNotFound() => Should.Throw<FileNotFoundException>(() => ClassPriorFile.Read(_folder["none"], Classes));

    private IReadOnlyList<double> Read(params string[] lines)
    {
        File.WriteAllLines(_folder["prior.txt"], lines);
        return ClassPriorFile.Read(_folder["prior.txt"], Classes);
    }
}
