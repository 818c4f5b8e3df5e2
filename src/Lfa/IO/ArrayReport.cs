namespace Lfa.IO;

/// <summary>Represents what is known of one array of a file.</summary>
/// <param name="Name">The name of the array in the file; "array" for a lone .npy.</param>
/// <param name="Type">The type of the elements: "float16", "int64", "string[37]".</param>
/// <param name="Shape">The extents, none for a single value.</param>
/// <param name="Rows">The lengths of the rows, for floating-point arrays with two or more axes; null for others.</param>
public sealed record ArrayReport(string Name, string Type, IReadOnlyList<long> Shape, RowStatistics? Rows);
