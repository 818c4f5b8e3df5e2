using System.Text.Json;
using Lfa.Protocols;
using Lfa.Protocols.Results;

namespace Lfa.Cli.Rendering;

/// <summary>Renders an experiment.</summary>
internal static class ProtocolReport
{
    /// <summary>Writes the table of the averages, or of the only dataset, and where the rest is.</summary>
    public static void WriteText(TextWriter output, ProtocolResult result)
    {
        var first = result.Tables[0];
        output.WriteLine($"{first.Data ?? "average over the datasets"}: {result.Legend}");
        var table = new TextTable();
        table.Add(["method", .. first.Headings]);
        foreach (var row in first.Rows)
            table.Add([row.Label, .. row.Values.Select(value => value?.ToString() ?? "–")]);
        table.Write(output);
        foreach (var note in result.Tables.SelectMany(one => one.Notes.Select(note => $"{one.Data}: {note}")))
            output.WriteLine(OneLine.Of(note));
        output.WriteLine();
        output.WriteLine(result.Resumed == 0 ? $"{Counted.Of(result.Cells, "fit", "fits")}." : $"{Counted.Of(result.Cells, "fit", "fits")}, {result.Resumed} of them by an earlier run.");
        foreach (var file in result.Files)
            output.WriteLine($"Wrote {file}");
    }

    /// <summary>Writes one JSON document.</summary>
    public static void WriteJson(TextWriter output, ProtocolResult result) => JsonReport.Write(output, json =>
    {
        json.WriteString("protocol", result.Plan.Protocol.Name);
        json.WriteNumber("cells", result.Cells);
        json.WriteNumber("resumed", result.Resumed);
        json.WriteStrings("files", result.Files);
        json.WriteStartArray("tables");
        foreach (var table in result.Tables)
            WriteTable(json, table);
        json.WriteEndArray();
    });

    /// <summary>Lists the cells for a person.</summary>
    public static void WriteText(TextWriter output, IReadOnlyList<ListedCell> cells)
    {
        foreach (var one in cells)
            output.WriteLine($"{(one.IsKept ? "done " : "to do")}  {one.Cell}");
        output.WriteLine();
        output.WriteLine(Invariant($"{Counted.Of(cells.Count, "fit", "fits")}, {cells.Count(one => one.IsKept)} of them done."));
    }

    /// <summary>Lists the cells in one JSON document.</summary>
    public static void WriteJson(TextWriter output, IReadOnlyList<ListedCell> cells) => JsonReport.Write(output, json =>
    {
        json.WriteStartArray("cells");
        foreach (var (cell, isKept) in cells)
        {
            json.WriteStartObject();
            json.WriteString("data", cell.Data.Name);
            json.WriteString("shots", cell.Shots.ToString());
            json.WriteNumber("seed", cell.Seed);
            json.WriteString("method", cell.Method);
            json.WriteString("options", cell.Options);
            json.WriteBoolean("done", isKept);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private static void WriteTable(Utf8JsonWriter json, ResultTable table)
    {
        json.WriteStartObject();
        json.WriteString("data", table.Data);
        json.WriteStartArray("values");
        foreach (var row in table.Rows)
        {
            foreach (var (column, value) in table.Columns.Zip(row.Values))
                WriteValue(json, row.Method, column, value);
        }
        json.WriteEndArray();
        json.WriteStrings("notes", table.Notes);
        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, string method, ResultTableColumn column, SeedStatistic? value)
    {
        json.WriteStartObject();
        json.WriteString("method", method);
        json.WriteString("shots", column.Shots.ToString());
        json.WriteString("part", column.Part);
        json.WriteNumberOrNull("mean", value?.Mean);
        json.WriteNumberOrNull("deviation", value?.Deviation);
        json.WriteNumber("seeds", value?.Seeds ?? 0);
        json.WriteEndObject();
    }
}
