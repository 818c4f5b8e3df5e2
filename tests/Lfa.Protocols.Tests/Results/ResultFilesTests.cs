using System.Globalization;
using System.Xml.Linq;
using Lfa.Protocols.Results;
using Lfa.Protocols.Tests.Support;
using Parquet.Serialization;
using Sylvan.Data.Csv;

namespace Lfa.Protocols.Tests.Results;

public sealed class ResultFilesTests : IDisposable
{
    private readonly SmallData _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void Csv_ReadBack_HasEveryRowAndValue()
    {
        var result = Run("animals");
        var (header, rows) = ReadCsv();
        header.ShouldBe(ResultColumns.All.Select(column => column.Name));
        header.Take(10).ShouldBe(["protocol", "data", "shots", "seed", "method", "part", "top1_accuracy", "top5_accuracy", "log_loss", "ece"]);
        header[^2..].ShouldBe(["top1", "top5"]); // In per cent, for one version.
        rows.Count.ShouldBe(result.Rows.Count);
        foreach (var (fields, row) in rows.Zip(result.Rows))
        {
            (fields[1], fields[5], fields[10]).ShouldBe((row.Data, row.Part ?? "", row.Chosen ?? ""));
            (fields[6].Length == 0 ? (double?)null : double.Parse(fields[6], CultureInfo.InvariantCulture)).ShouldBe(row.Top1Accuracy);
            (fields[^2].Length == 0 ? (double?)null : double.Parse(fields[^2], CultureInfo.InvariantCulture)).ShouldBe(100 * row.Top1Accuracy);
        }
    }

    [Fact]
    public async Task Parquet_ReadBack_EqualsTheCsv()
    {
        Run("animals");
        await using var stream = File.OpenRead(Path.Combine(_data["trial"], "results.parquet"));
        var read = await ParquetSerializer.DeserializeUntypedAsync(stream);
        var (header, rows) = ReadCsv();
        read.Schema.DataFields.Select(field => field.Name).ShouldBe(header);
        read.Data.Count.ShouldBe(rows.Count);
        foreach (var (values, fields) in read.Data.Zip(rows))
            header.Select(name => Text(values.TryGetValue(name, out var value) ? value : null)).ShouldBe(fields);
    }

    [Fact]
    public void Markdown_HasATableForEachDataSetAndTheAverage()
    {
        Run("animals", "birds");
        var lines = File.ReadAllLines(Path.Combine(_data["trial"], "results.md"));
        lines[0].ShouldBe("# counting: how often a cell runs");
        lines.Where(line => line.StartsWith("## ", StringComparison.Ordinal)).ShouldBe(["## Average over the datasets", "## animals", "## birds"]);
        lines.ShouldContain("| method | 1 shot, base | 1 shot, new | 2 shots, base | 2 shots, new |");
        lines.ShouldContain("| plain | 52.50 ± 1.00 | 17.50 ± 0.33 | 102.50 ± 1.00 | 34.17 ± 0.33 |");
        lines.ShouldContain("| refuses | – | – | – | – |");
        lines.ShouldContain(@"refuses, 1 shot, seeds 1, 2, 3: not \| today");
        lines.ShouldContain("![animals: base](animals-base.svg)");
    }

    [Fact]
    public void Markdown_Names_AreEscaped()
    {
        File.Copy(_data["animals-train.npz"], _data["my_[train]*.npz"]);
        var path = _data.Config("""{"data": [{"name": "a_b", "train": "my_[train]*.npz", "test": "animals-test.npz"}], "seeds": [1]}""");
        new ProtocolRun(ProtocolFile.Read(path, new CountingProtocol())).Execute();
        var text = File.ReadAllText(Path.Combine(_data["trial"], "results.md"));
        text.ShouldContain(@"## a\_b");
        text.ShouldContain(@"Fitted to my\_\[train\]\*.npz, measured on animals-test.npz.");
        text.ShouldContain("Figures: top-1 in per cent, seed 1.");
        text.ShouldContain("| plain | 51.50 | 17.17 | 101.50 | 33.83 |");
    }

    [Fact]
    public void Svg_IsWellFormed_AndNamesAxesAndMethods()
    {
        var result = Run("animals", "birds");
        string[] plots = [.. result.Files.Where(path => path.EndsWith(".svg", StringComparison.Ordinal))];
        plots.Select(path => Path.GetFileName(path)).ShouldBe(["average-base.svg", "average-new.svg", "animals-base.svg", "animals-new.svg", "birds-base.svg", "birds-new.svg"]);
        foreach (var plot in plots)
        {
            var texts = XDocument.Load(plot).Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value).ToList();
            foreach (var text in new[] { "top-1 accuracy (%)", "images of each class in the fit (shots)", "1", "2", "plain", "refined", "refuses" })
                texts.ShouldContain(text, plot);
        }
    }

    [Fact]
    public void Svg_OneNumberOfShots_HasThePartsOnItsAxis()
    {
        var result = new ProtocolRun(_data.Plan(new CountingProtocol(), """, "shots": ["all"]""", "animals")).Execute();
        var plot = result.Files.Single(path => path.EndsWith(".svg", StringComparison.Ordinal));
        Path.GetFileName(plot).ShouldBe("animals.svg");
        var texts = XDocument.Load(plot).Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value).ToList();
        texts.ShouldContain("animals, all images");
        texts.ShouldContain("base");
        texts.ShouldContain("new");
    }

    [Fact]
    public void Execute_EverythingRefused_StillWritesAllFiles()
    {
        var result = new ProtocolRun(_data.Plan(new CountingProtocol(), """, "methods": ["refuses"]""", "animals")).Execute();
        result.Files.ShouldAllBe(path => File.Exists(path));
        result.Rows.ShouldAllBe(row => row.Part == null && row.Refusal == "not | today" && row.Seconds == null);
        File.ReadAllText(result.Files[0]).ShouldContain("| method |\n| --- |\n| refuses |\n");
    }

    private ProtocolResult Run(params string[] names) => new ProtocolRun(_data.Plan(new CountingProtocol(), "", names), jobs: 1).Execute();

    private (string[] Header, List<string[]> Rows) ReadCsv()
    {
        using var csv = CsvDataReader.Create(Path.Combine(_data["trial"], "results.csv"));
        var rows = new List<string[]>();
        while (csv.Read())
            rows.Add([.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)]);
        return ([.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetName)], rows);
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
