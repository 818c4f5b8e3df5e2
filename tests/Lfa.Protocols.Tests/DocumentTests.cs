using System.Text.RegularExpressions;
using Lfa.Protocols.Results;
using Lfa.Protocols.Tests.Support;

namespace Lfa.Protocols.Tests;

/// <summary>The documents on experiments list what there is, and their examples are read.</summary>
public sealed partial class DocumentTests : IDisposable
{
    private readonly SmallData _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void Document_ListsEveryColumn()
    {
        foreach (var column in ResultColumns.All)
            Text("reference").ShouldContain($"`{column.Name}`");
    }

    [Fact]
    public void Document_Examples_AreReadAndThereIsOneOfEachKind()
    {
        var examples = Example().Matches(Text("how-to")).Select(match => (Kind: match.Groups[1].Value, Json: match.Groups[2].Value)).ToList();
        examples.Select(example => example.Kind).Distinct().ShouldBe(ProtocolCatalog.All.Select(protocol => protocol.Name));
        foreach (var (kind, json) in examples)
        {
            foreach (Match file in FileName().Matches(json))
                File.WriteAllText(_data[file.Groups[1].Value], "");
            ProtocolFile.Read(_data.Config(json), ProtocolCatalog.All.Single(protocol => protocol.Name == kind)).Cells.ShouldNotBeEmpty();
        }
    }

    private static string Text(string kind) => Repository.Read($"docs/{kind}/experiments.md");

    [GeneratedRegex(@"```json (\S+)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex("\"([^\"]+\\.npz)\"")]
    private static partial Regex FileName();
}
