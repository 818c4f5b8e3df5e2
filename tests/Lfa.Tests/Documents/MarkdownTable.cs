using System.Text.RegularExpressions;

namespace Lfa.Tests.Documents;

/// <summary>A table of a Markdown document, its cells without emphasis, code marks and link targets.</summary>
/// <param name="Line">The line of the header, from 1.</param>
/// <param name="Section">The heading above, or the last paragraph that starts in bold.</param>
/// <param name="Caption">The first line of the paragraph above.</param>
/// <param name="Comment">The text of a comment <c>figures:</c> directly above; null where there is none.</param>
/// <param name="Columns">The header.</param>
/// <param name="Rows">The rows, each as wide as the header.</param>
internal sealed partial record MarkdownTable(int Line, string Section, string Caption, string? Comment, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>Lists the tables of a document, code blocks left out.</summary>
    public static List<MarkdownTable> ReadAll(string document)
    {
        var tables = new List<MarkdownTable>();
        var lines = document.ReplaceLineEndings("\n").Split('\n');
        var (section, caption, comment, inCode) = ("", "", (string?)null, false);
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
                inCode = !inCode;
            else if (inCode || line.Length == 0)
                continue;
            else if (line.StartsWith("<!-- figures:", StringComparison.Ordinal))
            {
                var start = i;
                while (!lines[i].EndsWith("-->", StringComparison.Ordinal))
                    i++;
                comment = string.Join('\n', lines[start..(i + 1)])["<!-- figures:".Length..^"-->".Length];
            }
            else if (line.StartsWith('|') && i + 1 < lines.Length && Rule().IsMatch(lines[i + 1]))
            {
                var (header, rows) = (i, new List<IReadOnlyList<string>>());
                for (i += 2; i < lines.Length && lines[i].StartsWith('|'); i++)
                    rows.Add(Cells(lines[i]));
                i--;
                tables.Add(new MarkdownTable(header + 1, section, caption, comment, Cells(lines[header]), rows));
                comment = null;
            }
            else
            {
                if (line.StartsWith('#') || line.StartsWith("**", StringComparison.Ordinal))
                    section = Plain(line.TrimStart('#'));
                if (i == 0 || lines[i - 1].Length == 0)
                    caption = Plain(line.TrimStart('#'));
            }
        }
        return tables;
    }

    /// <summary>Finds the cell of a row, told by its first cell or by several joined with " / ", and a column.</summary>
    /// <returns>The cell; null where the table has no such row or column.</returns>
    public string? Find(string row, string column)
    {
        var index = Columns.ToList().IndexOf(column);
        if (index < 0)
            return null;
        return Rows.FirstOrDefault(cells => Enumerable.Range(1, cells.Count).Any(count => string.Join(" / ", cells.Take(count)) == row))?[index];
    }

    private static List<string> Cells(string line) => [.. CellEnd().Split(line.Trim()[1..^1]).Select(Plain)];

    private static string Plain(string text) => Mark().Replace(Target().Replace(Comments().Replace(text, ""), "$1"), "").Trim();

    [GeneratedRegex(@"^\|[\s:|-]+\|$")]
    private static partial Regex Rule();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex CellEnd();

    [GeneratedRegex(@"[*`]")]
    private static partial Regex Mark();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex Target();

    [GeneratedRegex("<!--.*?-->")]
    private static partial Regex Comments();
}
