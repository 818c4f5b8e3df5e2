using Parquet;
using Parquet.Schema;

namespace Lfa.Protocols.Results;

/// <summary>Writes rows as a Parquet file of one row group.</summary>
internal static class ParquetResults
{
    public static void Write(string path, IReadOnlyList<ResultRow> rows) =>
        AtomicFile.Write(path, stream => WriteAsync(stream, rows).GetAwaiter().GetResult());

    private static async Task WriteAsync(Stream stream, IReadOnlyList<ResultRow> rows)
    {
        var schema = new ParquetSchema(ResultColumns.All.Select(column => new DataField(column.Name, column.Type, isNullable: true)));
        await using var writer = await ParquetWriter.CreateAsync(schema, stream).ConfigureAwait(false);
        using var group = writer.CreateRowGroup();
        foreach (var (column, field) in ResultColumns.All.Zip(schema.DataFields))
            await WriteAsync(group, field, column.Type, [.. rows.Select(column.Value)]).ConfigureAwait(false);
    }

    private static Task WriteAsync(ParquetRowGroupWriter group, DataField field, Type type, object?[] values)
    {
        if (type == typeof(string))
            return group.WriteAsync(field, [.. values.Select(value => (string?)value!)]);
        if (type == typeof(double))
            return group.WriteAsync<double>(field, Typed<double>(values));
        if (type == typeof(long))
            return group.WriteAsync<long>(field, Typed<long>(values));
        return type == typeof(bool) ? group.WriteAsync<bool>(field, Typed<bool>(values)) : group.WriteAsync<int>(field, Typed<int>(values));
    }

    private static ReadOnlyMemory<T?> Typed<T>(object?[] values)
        where T : struct => values.Select(value => (T?)value).ToArray();
}
