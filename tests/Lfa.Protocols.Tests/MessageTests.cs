using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Lfa.Encoders;

namespace Lfa.Protocols.Tests;

public partial class MessageTests
{
    public static TheoryData<string> Libraries => [typeof(DatasetEncoder).Assembly.Location, typeof(ProtocolPlan).Assembly.Location];

    /// <summary>A service or a studio has no command line to go to.</summary>
    [Theory, MemberData(nameof(Libraries))]
    public void Texts_OfALibrary_NameNoCommandAndNoOption(string path)
    {
        string[] texts = [.. Texts(path)];
        texts.Length.ShouldBeGreaterThan(100);
        texts.Where(text => Command().IsMatch(text) || Option().IsMatch(text)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("see `lfa models list`.", true)]
    [InlineData("give --model, or leave it out", true)]
    [InlineData("models--owner--name", false)]
    public void Patterns_OfCommandsAndOptions_FindThem(string text, bool expected) =>
        (Command().IsMatch(text) || Option().IsMatch(text)).ShouldBe(expected);

    private static IEnumerable<string> Texts(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        for (var handle = MetadataTokens.UserStringHandle(0); !(handle = metadata.GetNextHandle(handle)).IsNil;)
            yield return metadata.GetUserString(handle);
    }

    [GeneratedRegex(@"\blfa [a-z]")]
    private static partial Regex Command();

    [GeneratedRegex(@"(^|[\s`(""])--[a-z]")]
    private static partial Regex Option();
}
