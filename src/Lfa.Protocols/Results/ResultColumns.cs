using System.Reflection;
using System.Text.Json;

namespace Lfa.Protocols.Results;

/// <summary>The columns of the files of results: the properties of <see cref="ResultRow"/>, and columns of former versions.</summary>
internal static class ResultColumns
{
    /// <summary>Gets the columns in order.</summary>
    public static IReadOnlyList<ResultColumn> All { get; } =
    [
        .. typeof(ResultRow).GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Select(ResultColumn.Of),
        // For one version, in per cent, as scripts may still read them.
        new("top1", typeof(double), row => 100 * row.Top1Accuracy),
        new("top5", typeof(double), row => 100 * row.Top5Accuracy),
    ];
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
