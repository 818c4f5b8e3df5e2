using System.Data;
using System.Globalization;
using System.Text;
using Sylvan.Data.Csv;

namespace Lfa.Protocols.Results;

/// <summary>Writes rows as comma-separated values (RFC 4180), numbers in as many digits as tell them from all others.</summary>
internal static class CsvResults
{
    private static readonly CsvDataWriterOptions Options = new() { NewLine = "\n", Culture = CultureInfo.InvariantCulture, TrueString = "true", FalseString = "false" };

    public static void Write(string path, IReadOnlyList<ResultRow> rows)
    {
        using var table = new DataTable { Locale = CultureInfo.InvariantCulture };
        foreach (var column in ResultColumns.All)
            table.Columns.Add(column.Name, column.Type);
        foreach (var row in rows)
            table.Rows.Add([.. ResultColumns.All.Select(column => column.Value(row))]);
        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
            using var csv = CsvDataWriter.Create(writer, Options);
            using var reader = table.CreateDataReader();
            csv.Write(reader);
        });
    }
}
