using System.Text.RegularExpressions;

namespace Lfa.Tests.Documents;

/// <summary>Compares the figures of a document with the tables that <c>analysis</c> wrote.</summary>
/// <remarks>
/// <para>A table says where its figures stand by a comment directly above it:</para>
/// <code>
/// &lt;!-- figures: analysis/results/compare.md
/// ImageNet, 4 shots = ImageNet, 4 shots > top-1
/// row LFA, as published = lfa
/// --&gt;
/// </code>
/// <para>A line names a column of the document and, after the sign of equality, the section and the column of the results;
/// the section, a heading or the line above the table, may be cut short, and is left out where any table will do. A line that begins
/// with "row" names a row of the document and that of the results; other rows have one name in both.</para>
/// <para>A figure in running text is followed by its place: <c>66.38&lt;!-- = FILE > SECTION > ROW > COLUMN --&gt;</c>.</para>
/// </remarks>
internal sealed partial class FigureCheck(Func<string, string> read)
{
    private readonly Dictionary<string, List<MarkdownTable>> _results = [];

    /// <summary>Lists what is wrong with the figures of a document, one line each.</summary>
    public List<string> Problems(string name, string text)
    {
        var problems = new List<string>();
        foreach (var table in MarkdownTable.ReadAll(text))
        {
            var where = $"{name}:{table.Line}";
            if (table.Comment is null)
                problems.AddRange(from row in table.Rows from cell in row where Figure().IsMatch(cell) select $"{where}: {cell} in the row {row[0]} has no source; put a comment \"figures:\" above the table, or link to the results instead.");
            else
                problems.AddRange(Compare(table).Select(problem => $"{where}: {problem}"));
        }
        foreach (Match match in InText().Matches(text))
        {
            var parts = match.Groups["source"].Value.Split(" > ");
            var source = parts.Length is 3 or 4 ? Find(parts[0], parts.Length == 4 ? parts[1] : "", parts[^2], parts[^1]) : null;
            if (source != match.Groups["figure"].Value)
                problems.Add($"{name}: {match.Value} is {source ?? "not found"} in the results.");
        }
        return problems;
    }

    private IEnumerable<string> Compare(MarkdownTable table)
    {
        var lines = table.Comment!.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var pairs = lines[1..].Select(line => line.Split(" = ", 2)).ToList();
        var rows = pairs.Where(pair => IsRow(pair[0])).ToDictionary(pair => pair[0]["row ".Length..], pair => pair[1]);
        var columns = pairs.Where(pair => !IsRow(pair[0])).ToDictionary(pair => pair[0], pair => pair[1].Split(" > "));
        foreach (var column in columns.Keys.Except(table.Columns))
            yield return $"there is no column {column}.";
        foreach (var row in rows.Keys.Except(table.Rows.Select(cells => cells[0])))
            yield return $"there is no row {row}.";
        foreach (var cells in table.Rows)
        {
            foreach (var (column, cell) in table.Columns.Zip(cells))
            {
                if (!columns.TryGetValue(column, out var place))
                {
                    if (Figure().IsMatch(cell))
                        yield return $"{cell} in the row {cells[0]} stands in a column without a source, {column}.";
                    continue;
                }
                var source = Find(lines[0], place.Length == 2 ? place[0] : "", rows.GetValueOrDefault(cells[0], cells[0]), place[^1]);
                if (source != cell)
                    yield return $"{cells[0]}, {column} is {cell}, but {source ?? "not found"} in {lines[0]}.";
            }
        }

        static bool IsRow(string left) => left.StartsWith("row ", StringComparison.Ordinal);
    }

    private string? Find(string file, string section, string row, string column)
    {
        if (!_results.TryGetValue(file, out var tables))
            _results[file] = tables = MarkdownTable.ReadAll(read(file));
        return tables.Where(table => table.Section.StartsWith(section, StringComparison.Ordinal) || table.Caption.StartsWith(section, StringComparison.Ordinal))
            .Select(table => table.Find(row, column)).FirstOrDefault(cell => cell is not null);
    }

    /// <summary>Matches a measured figure: a number with decimals, alone in its cell.</summary>
    [GeneratedRegex(@"^[+−-]?\d+\.\d+$")]
    private static partial Regex Figure();

    [GeneratedRegex(@"(?<figure>[+−-]?\d+(\.\d+)?)<!-- = (?<source>.*?) -->")]
    private static partial Regex InText();
}
