using Lfa.Methods;
using Lfa.Refinement;

namespace Lfa.Tests.Documents;

/// <summary>The tables of the reference list what the registries hold.</summary>
public sealed class ReferenceTests
{
    private static readonly (MethodNeeds Need, string Text)[] Needs =
    [
        (MethodNeeds.Labels, "labels"),
        (MethodNeeds.ImagesToClassify, "the images to classify"),
        (MethodNeeds.UnlabeledImages, "images without labels"),
        (MethodNeeds.SeparateSpaces, "text features of another encoder"),
    ];

    [Fact]
    public void Methods_AreThoseOfTheRegistry_WithTheirSources() =>
        Rows("docs/reference/methods.md", "name").Select(row => (row["name"], row["source"])).ShouldBe(MethodRegistry.Methods.All.Select(method => (method.Name, method.Source)));

    [Fact]
    public void Methods_Needs_AreThoseOfTheMethods()
    {
        foreach (var row in Rows("docs/reference/methods.md", "name"))
        {
            var method = MethodRegistry.Methods.Get(row["name"]);
            var told = row["needs"].Split(", ");
            foreach (var (need, text) in Needs)
                told.Contains(text).ShouldBe(method.Needs.HasFlag(need), $"{method.Name} needs {text}");
            if (method.Needs.HasFlag(MethodNeeds.TextFeatures))
                told.ShouldContain("text features", method.Name);
        }
    }

    [Fact]
    public void Losses_AreThoseOfTheRegistry_WithTheirParameters()
    {
        var rows = Rows("docs/reference/losses.md", "name");
        rows.Select(row => row["name"].Split(',')[0]).ShouldBe(LossRegistry.Losses.Names);
        rows.Single(row => row["name"].EndsWith(", the default", StringComparison.Ordinal))["name"].ShouldStartWith(new RefinementOptions().Loss.Name);
        foreach (var (row, loss) in rows.Zip(LossRegistry.Losses.All))
        {
            row["type"].ShouldBe(loss.Create().GetType().Name);
            row["parameters, with defaults"].Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(parameter => parameter.Split(" (")[0]).ShouldBe(loss.Parameters.Select(parameter => Invariant($"{parameter.Name} {parameter.Default}")));
        }
    }

    private static List<Dictionary<string, string>> Rows(string document, string first)
    {
        var table = MarkdownTable.ReadAll(DocumentFolder.Read(document)).Single(table => table.Columns[0] == first);
        return [.. table.Rows.Select(cells => table.Columns.Zip(cells).ToDictionary(cell => cell.First, cell => cell.Second))];
    }
}
