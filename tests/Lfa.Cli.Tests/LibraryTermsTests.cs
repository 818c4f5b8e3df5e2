using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Lfa.Encoders;
using Lfa.Protocols;

namespace Lfa.Cli.Tests;

public partial class LibraryTermsTests
{
    [Theory]
    [InlineData("images need a model to embed them with; give SourceLoaderOptions.Model, for instance openai/clip-vit-base-patch32.", "images need a model to embed them with; give --model, for instance openai/clip-vit-base-patch32.")]
    [InlineData("x: there is no such folder; ModelCatalog.All lists some.", "x: there is no such folder; `lfa models list` shows some.")]
    [InlineData("nothing of the library", "nothing of the library")]
    public void ToOptions_Message_NamesOptionsAndCommands(string message, string expected) => LibraryTerms.ToOptions(message).ShouldBe(expected);

    [Fact]
    public void ToOptions_EveryTextOfTheLibraries_NamesNoTypeOfTheirs()
    {
        string[] texts = [.. new[] { typeof(DatasetEncoder), typeof(ProtocolPlan) }.SelectMany(type => Texts(type.Assembly.Location)).Where(text => Term().IsMatch(text))];
        texts.Length.ShouldBeGreaterThan(5);
        texts.Select(LibraryTerms.ToOptions).Where(text => Term().IsMatch(text)).ShouldBeEmpty();
    }

    private static IEnumerable<string> Texts(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        for (var handle = MetadataTokens.UserStringHandle(0); !(handle = metadata.GetNextHandle(handle)).IsNil;)
            yield return metadata.GetUserString(handle);
    }

    [GeneratedRegex(@"\b(SourceLoaderOptions|ModelCatalog|DatasetCatalog)\.")]
    private static partial Regex Term();
}
