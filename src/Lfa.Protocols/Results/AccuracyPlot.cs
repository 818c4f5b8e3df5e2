namespace Lfa.Protocols.Results;

/// <summary>What a plot of accuracy shows: a line a method over shots, or points over parts where there is one number of shots.</summary>
/// <param name="FileName">The name of its file, without a folder.</param>
/// <param name="Title">The title.</param>
/// <param name="AxisTitle">What the horizontal axis tells.</param>
/// <param name="IsOrdered">Whether the ticks are in an order, so that lines between them mean something.</param>
/// <param name="Ticks">The places on that axis, from left to right.</param>
/// <param name="Lines">The lines, each with a value for every tick; null where there is none.</param>
internal sealed record AccuracyPlot(string FileName, string Title, string AxisTitle, bool IsOrdered, IReadOnlyList<string> Ticks, IReadOnlyList<(string Method, IReadOnlyList<SeedStatistic?> Values)> Lines)
{
    /// <summary>Returns the plots of a table: one for each part, or one for all.</summary>
    public static IEnumerable<AccuracyPlot> Of(ResultTable table)
    {
        var (name, title) = (table.Data ?? "average", table.Data ?? "average over the datasets");
        var shots = table.Columns.Select(column => column.Shots).Distinct().ToArray();
        var parts = table.Columns.Select(column => column.Part).Distinct().ToArray();
        if (shots.Length <= 1)
            return parts.Length == 0 ? [] : [Of(table, $"{name}.svg", $"{title}, {shots[0].InWords}", "measured on", isOrdered: false, column => column.Part, _ => true)];
        return parts.Select(part => Of(table, parts.Length == 1 ? $"{name}.svg" : $"{name}-{FilePart(part)}.svg", parts.Length == 1 ? title : $"{title}: {part}",
            "images of each class in the fit (shots)", isOrdered: true, column => column.Shots.ToString(), column => column.Part == part));
    }

    private static AccuracyPlot Of(ResultTable table, string fileName, string title, string axisTitle, bool isOrdered, Func<ResultTableColumn, string> tick, Func<ResultTableColumn, bool> takes)
    {
        int[] taken = [.. Enumerable.Range(0, table.Columns.Count).Where(i => takes(table.Columns[i]))];
        return new AccuracyPlot(fileName, title, axisTitle, isOrdered, [.. taken.Select(i => tick(table.Columns[i]))],
            [.. table.Rows.Select(row => (row.Method, (IReadOnlyList<SeedStatistic?>)[.. taken.Select(i => row.Values[i])]))]);
    }

    private static string FilePart(string part) => string.Concat(part.Select(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '.' ? character : '-'));
}
