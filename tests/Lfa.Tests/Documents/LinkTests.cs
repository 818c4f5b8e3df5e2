namespace Lfa.Tests.Documents;

/// <summary>Every relative link of a document leads somewhere.</summary>
public class LinkTests
{
    private const string Other = """
        # The middle axis

        ```sh
        # no heading
        ```

        ## Equal class names, `C` × d

        ## Equal class names, `C` × d
        """;

    public static TheoryData<string> Documents { get; } = [.. DocumentFolder.Find(".")];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_OfADocument_LeadSomewhere(string path)
    {
        var check = new LinkCheck(target => Path.Exists(Path.Combine(DocumentFolder.Root, target)), DocumentFolder.Read);
        check.Problems(path, DocumentFolder.Read(path)).ShouldBeEmpty();
    }

    [Fact]
    public void Documents_AreFound()
    {
        foreach (var path in new[] { "README.md", "CONTRIBUTING.md", "docs/reference/notation.md", "analysis/results/compare.md" })
            Documents.Select(row => row.Data).ShouldContain(path);
    }

    [Theory]
    [InlineData("[other](../other.md)")]
    [InlineData("[other](../other.md#the-middle-axis)")]
    [InlineData("[other](../other.md#equal-class-names-c--d-1)")]
    [InlineData("[here](#this)")]
    [InlineData("[folder](.)")]
    [InlineData("[web](https://example.org/x.md#y)")]
    [InlineData("`[code](nothing.md)`")]
    [InlineData("<img alt=\"x\" src=\"../other.md\">")]
    public void Problems_OfALinkThatHolds_AreNone(string text) => Check(text).ShouldBeEmpty();

    [Theory]
    [InlineData("[gone](gone.md)", "docs/this.md: gone.md is not there.")]
    [InlineData("![gone](gone.png)", "docs/this.md: gone.png is not there.")]
    [InlineData("<img src=\"gone.png\">", "docs/this.md: gone.png is not there.")]
    [InlineData("[out](../../other.md)", "docs/this.md: ../../other.md is not there.")]
    [InlineData("[other](../other.md#middle)", "docs/this.md: ../other.md#middle names no heading.")]
    [InlineData("[other](../other.md#no-heading)", "docs/this.md: ../other.md#no-heading names no heading.")]
    [InlineData("[here](#that)", "docs/this.md: #that names no heading.")]
    public void Problems_OfABrokenLink_NameIt(string text, string problem) => Check(text).ShouldBe([problem]);

    private static List<string> Check(string text) => new LinkCheck(path => path is "other.md" or "docs/this.md" or "docs", _ => Other).Problems("docs/this.md", "# This\n\n" + text);
}
