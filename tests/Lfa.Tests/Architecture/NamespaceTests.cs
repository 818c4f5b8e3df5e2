using System.Text.RegularExpressions;
using Lfa.Tests.Architecture.Planted.High;

namespace Lfa.Tests.Architecture;

/// <summary>Namespaces of the core depend one way, and are the folders of their files, or the chapter these are parts of.</summary>
public sealed partial class NamespaceTests
{
    private static readonly Layering Core = new(
        ["Lfa"],
        ["Lfa.Numerics"],
        ["Lfa.Data"],
        ["Lfa.IO"],
        ["Lfa.Alignment"],
        ["Lfa.Refinement", "Lfa.Transport", "Lfa.Classification"],
        ["Lfa.Validation"],
        ["Lfa.Methods"],
        ["Lfa.Model"],
        ["Lfa.Review"]);

    // Folders whose own are parts of one chapter: what fills them is looked for by its name.
    private static readonly string[] Chapters = ["Lfa.Methods", "Lfa.Classification"];

    // Files that several projects compile, each as its own.
    private const string SharedFolder = "Shared";

    public static TheoryData<string> Projects => new(SourceFiles().Select(file => file.Split('/')[1]).Distinct());

    [Fact]
    public void Core_Namespaces_DependOneWay() => string.Join('\n', Core.Violations(Layering.Uses(Layering.Types(typeof(Registry<>).Assembly)))).ShouldBeEmpty();

    [Fact]
    public void Core_Namespaces_AreThoseOfTheOrder() => Layering.Types(typeof(Registry<>).Assembly).Select(type => type.Namespace).Distinct().ShouldBe(Core.Names, ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Projects))]
    public void Files_Namespace_IsTheFolder(string project)
    {
        var wrong = SourceFiles().Where(file => file.StartsWith($"src/{project}/", StringComparison.Ordinal))
            .Select(file => (File: file, Namespace: Declaration().Match(Repository.Read(file)), Folder: file["src/".Length..file.LastIndexOf('/')].Replace('/', '.')))
            .Where(one => one.Namespace.Success && one.Namespace.Groups[1].Value != (one.Folder == SharedFolder ? "Lfa" : Chapter(one.Folder)));
        wrong.Select(one => $"{one.File}: {one.Namespace.Groups[1].Value}").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Lfa.Data", "Lfa.Model", "Lfa.Data uses Lfa.Model: x")]
    [InlineData("Lfa", "Lfa.Numerics", "Lfa uses Lfa.Numerics: x")]
    [InlineData("Lfa.Data", "Lfa.Helpers", "Lfa.Data uses Lfa.Helpers: x")]
    [InlineData("Lfa.Model", "Lfa.Data", null)]
    [InlineData("Lfa.Transport", "Lfa.Refinement", null)]
    public void Violations_PlantedUse_IsFoundIfItBreaksTheOrder(string from, string to, string? expected) =>
        Core.Violations([(from, to, "x")]).ShouldBe(expected is null ? [] : [expected]);

    [Fact]
    public void Violations_PlantedCircleWithinALayer_IsFound() =>
        Core.Violations([("Lfa.Transport", "Lfa.Refinement", "x"), ("Lfa.Refinement", "Lfa.Classification", "y"), ("Lfa.Classification", "Lfa.Transport", "z")]).Count.ShouldBe(3);

    [Theory]
    [InlineData(typeof(Planted.Low.Base))]
    [InlineData(typeof(Planted.Low.Field))]
    [InlineData(typeof(Planted.Low.Parameter))]
    [InlineData(typeof(Planted.Low.Argument))]
    [InlineData(typeof(Planted.Low.Code))]
    [InlineData(typeof(Planted.Low.TypeArgument))]
    [InlineData(typeof(Planted.Low.Marked))]
    public void Uses_PlantedUse_IsFound(Type type) =>
        Layering.Uses([type]).ShouldContain(use => use.From == typeof(Planted.Low.Base).Namespace && use.To == typeof(Higher).Namespace);

    [Fact]
    public void Uses_PlantedUseInALambda_IsFound() =>
        Layering.Uses(typeof(Planted.Low.Lambda).GetNestedTypes(System.Reflection.BindingFlags.NonPublic)).ShouldContain(use => use.To == typeof(Higher).Namespace);

    private static string Chapter(string folder) => Chapters.FirstOrDefault(chapter => folder.StartsWith(chapter + '.', StringComparison.Ordinal)) ?? folder;

    private static IEnumerable<string> SourceFiles()
    {
        var root = Repository.Root is { } found ? Path.Combine(found, "src") : null;
        return root is null ? [] : Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(path => "src/" + Path.GetRelativePath(root, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
