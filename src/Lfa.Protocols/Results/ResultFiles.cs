namespace Lfa.Protocols.Results;

/// <summary>Writes the results of an experiment: the rows, the tables and the plots.</summary>
internal static class ResultFiles
{
    public static ProtocolResult Write(ProtocolPlan plan, IReadOnlyList<ResultRow> rows, int cells, int resumed)
    {
        ResultTable[] perData = [.. plan.Data.Select(data => ResultTable.Create(plan, rows, data.Name))];
        var average = plan.Data.Count > 1 ? ResultTable.Average(plan, rows) : null;
        ResultTable[] tables = average is null ? perData : [average, .. perData];
        AccuracyPlot[] plots = [.. tables.SelectMany(AccuracyPlot.Of)];
        foreach (var plot in plots)
            SvgPlot.Write(At(plot.FileName), plot);
        var (csv, parquet, markdown) = (At("results.csv"), At("results.parquet"), At("results.md"));
        CsvResults.Write(csv, rows);
        ParquetResults.Write(parquet, rows);
        var result = new ProtocolResult { Plan = plan, Rows = rows, Tables = tables, Cells = cells, Resumed = resumed, Files = [markdown, csv, parquet, .. plots.Select(plot => At(plot.FileName))] };
        MarkdownResults.Write(markdown, result);
        return result;

        string At(string name) => Path.Combine(plan.Output, name);
    }
}
