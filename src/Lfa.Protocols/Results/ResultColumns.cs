using System.Reflection;
using System.Text.Json;

namespace Lfa.Protocols.Results;

/// <summary>The columns of the files of results: the properties of <see cref="ResultRow"/>.</summary>
internal static class ResultColumns
{
    /// <summary>Gets the columns in order.</summary>
    public static IReadOnlyList<ResultColumn> All { get; } = [.. typeof(ResultRow).GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Select(ResultColumn.Of)];
}

/// <summary>A column of the files of results.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its values, where they are not null.</param>
/// <param name="Value">Gets its value in a row; null for none.</param>
internal sealed record ResultColumn(string Name, Type Type, Func<ResultRow, object?> Value)
{
    public static ResultColumn Of(PropertyInfo property) =>
        new(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name), Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, row => property.GetValue(row));
}
