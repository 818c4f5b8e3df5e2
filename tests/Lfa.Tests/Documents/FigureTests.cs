namespace Lfa.Tests.Documents;

/// <summary>The figures of the documents are those that <c>analysis</c> wrote.</summary>
public class FigureTests
{
    private const string Results = """
        # Results

        ## First task: 10 images

        | method | top-1 | s |
        | --- | ---: | ---: |
        | lfa | 67.20 | 5.86 |
        | auto | 68.38 | 10.65 |

        ## Second task: 20 images

        | task | shots | top-1 |
        | --- | ---: | ---: |
        | cats | 1 | 98.68 |
        | cats | 2 | 98.76 |
        """;

    private const string Document = """
        The mean of cats is 98.76<!-- = results.md > Second task > cats / 2 > top-1 --> per cent.

        <!-- figures: results.md
        First = First task > top-1
        row published = lfa
        -->
        | | First | words |
        | --- | ---: | --- |
        | published | 67.20 | a word |
        | **[auto](x.md)** | **68.38** | |
        """;

    public static TheoryData<string> Documents { get; } = [.. DocumentFolder.Find("README.md", "docs").Where(path => !path.Contains("/decisions/", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Figures_OfADocument_AreThoseOfTheResults(string path)
    {
        new FigureCheck(DocumentFolder.Read).Problems(path, DocumentFolder.Read(path)).ShouldBeEmpty();
    }

    [Fact]
    public void Figures_OfReadme_AreCheckedDigitByDigit()
    {
        var text = DocumentFolder.Read("README.md");
        var auto = text.Split('\n').Single(line => line.StartsWith("| **auto**", StringComparison.Ordinal));
        foreach (var digit in auto.Index().Where(item => char.IsAsciiDigit(item.Item)))
        {
            var mutated = auto[..digit.Index] + (char)('0' + (digit.Item - '0' + 1) % 10) + auto[(digit.Index + 1)..];
            new FigureCheck(DocumentFolder.Read).Problems("README.md", text.Replace(auto, mutated, StringComparison.Ordinal)).ShouldHaveSingleItem();
        }
    }

    [Fact]
    public void Problems_OfACorrectDocument_AreNone() => Check(Document).ShouldBeEmpty();

    [Theory]
    [InlineData("67.20", "67.21", "published, First is 67.21, but 67.20 in results.md.")]
    [InlineData("**68.38**", "**68.37**", "auto, First is 68.37, but 68.38 in results.md.")]
    [InlineData("98.76", "98.68", "98.68<!-- = results.md > Second task > cats / 2 > top-1 --> is 98.76 in the results.")]
    [InlineData("cats / 2", "cats / 3", "is not found in the results.")]
    [InlineData("First = First task", "First = Third task", "published, First is 67.20, but not found in results.md.")]
    [InlineData("row published = lfa\n", "", "published, First is 67.20, but not found in results.md.")]
    [InlineData("row published", "row cited", "there is no row cited.")]
    [InlineData("First = ", "Last = ", "there is no column Last.")]
    [InlineData("a word", "1.25", "1.25 in the row published stands in a column without a source, words.")]
    [InlineData("figures: results.md", "results.md", "67.20 in the row published has no source")]
    public void Problems_OfAFault_NameIt(string right, string wrong, string problem)
    {
        Check(Document.ReplaceLineEndings("\n").Replace(right, wrong, StringComparison.Ordinal)).ShouldContain(line => line.Contains(problem, StringComparison.Ordinal));
    }

    private static List<string> Check(string document) => new FigureCheck(_ => Results).Problems("document.md", document);
}
