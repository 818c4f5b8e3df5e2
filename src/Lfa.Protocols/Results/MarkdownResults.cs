using System.Text;

namespace Lfa.Protocols.Results;

/// <summary>Writes tables as Markdown, with the plots beside them.</summary>
internal static class MarkdownResults
{
    public static void Write(string path, ProtocolResult result) => AtomicFile.Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine($"# {result.Plan.Protocol.Name}: {result.Plan.Protocol.About}");
        writer.WriteLine();
        writer.WriteLine($"Figures: {result.Legend}.");
        foreach (var table in result.Tables)
            Write(writer, table, result.Rows);
    });

    private static void Write(StreamWriter writer, ResultTable table, IReadOnlyList<ResultRow> rows)
    {
        writer.WriteLine();
        writer.WriteLine($"## {Escape(table.Data ?? "Average over the datasets")}");
        writer.WriteLine();
        if (rows.FirstOrDefault(row => row.Data == table.Data) is { } first)
        {
            writer.WriteLine($"Fitted to {Escape(first.TrainFile)}, measured on {Escape(string.Join(", ", rows.Where(row => row.Data == table.Data).Select(row => row.TestFile).Distinct()))}.");
            writer.WriteLine();
        }
        writer.WriteLine($"| {string.Join(" | ", table.Headings.Select(Escape).Prepend("method"))} |");
        writer.WriteLine($"| --- |{string.Concat(table.Columns.Select(_ => " ---: |"))}");
        foreach (var row in table.Rows)
            writer.WriteLine($"| {string.Join(" | ", row.Values.Select(value => value?.ToString() ?? "–").Prepend(Escape(row.Label)))} |");
        foreach (var note in table.Notes)
            writer.Write($"\n{Escape(note)}\n");
        foreach (var plot in AccuracyPlot.Of(table))
            writer.Write($"\n![{Escape(plot.Title)}]({plot.FileName})\n");
    }

    // What names and reasons may hold that Markdown takes for its own; a name never ends a line or a cell.
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (character is '\\' or '|' or '*' or '_' or '`' or '<' or '>' or '[' or ']' or '#')
                escaped.Append('\\');
            escaped.Append(char.IsControl(character) ? ' ' : character);
        }
        return escaped.ToString();
    }
}
