using Lfa.Data;

namespace Lfa.Encoders.Sources;

/// <summary>The classes of a fitted model, by which images for it are read.</summary>
/// <param name="ClassNames">The names of the C classes.</param>
/// <param name="ClassPrototypes">The text features that the model was fitted with, C × d.</param>
/// <param name="TextEncoder">The encoder of the text features; null where it is unknown.</param>
public sealed record FittedClasses(IReadOnlyList<string> ClassNames, Matrix ClassPrototypes, EncoderIdentity? TextEncoder = null)
{
    /// <summary>Returns how the model writes a class: upper and lower case, and _ and space, are one where no name is the very same.</summary>
    internal string NameOf(string className) =>
        ClassNames.Contains(className) ? className
        : ClassNames.FirstOrDefault(known => known.Replace('_', ' ').Equals(className.Replace('_', ' '), StringComparison.OrdinalIgnoreCase)) ?? className;

    /// <summary>Returns the row of each class; −1 for one that the model does not have.</summary>
    internal int[] RowsOf(IReadOnlyList<string> classNames)
    {
        var rows = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (row, name) in ClassNames.Index())
            rows.TryAdd(name, row);
        return [.. classNames.Select(name => rows.GetValueOrDefault(name, -1))];
    }
}
