using System.Xml.Linq;

namespace Lfa.Tests.Architecture;

/// <summary>Projects refer to each other one way.</summary>
public sealed class ProjectTests
{
    private static readonly Layering Projects = new(["Lfa"], ["Lfa.Encoders"], ["Lfa.Protocols", "Lfa.Extensions.DependencyInjection"], ["Lfa.Cli"]);

    [Fact]
    public void References_OfTheSource_GoOneWay()
    {
        var references = Directory.GetFiles(Repository.Require("src"), "*.csproj", SearchOption.AllDirectories).SelectMany(path => References(path, XDocument.Load(path))).ToArray();
        references.Select(reference => (reference.From, reference.To)).ShouldContain(("Lfa.Cli", "Lfa.Protocols"));
        Projects.Violations(references).ShouldBeEmpty();
        references.ShouldNotContain(reference => reference.From == "Lfa.Cli" && reference.To == "Lfa.Extensions.DependencyInjection");
    }

    [Fact]
    public void References_PlantedUpwards_AreFound() =>
        Projects.Violations(References("src/Lfa/Lfa.csproj", XDocument.Parse("""<Project><ItemGroup><ProjectReference Include="../Lfa.Encoders/Lfa.Encoders.csproj" /></ItemGroup></Project>""")))
            .ShouldBe(["Lfa uses Lfa.Encoders: Lfa.csproj"]);

    private static IEnumerable<(string From, string To, string Detail)> References(string path, XDocument project) =>
        project.Descendants("ProjectReference").Select(reference => (Path.GetFileNameWithoutExtension(path), Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value), Path.GetFileName(path)));
}
