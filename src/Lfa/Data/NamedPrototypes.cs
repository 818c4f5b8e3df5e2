namespace Lfa.Data;

/// <summary>Class prototypes and the classes they are of.</summary>
/// <param name="Prototypes">The prototypes, C × d.</param>
/// <param name="ClassNames">The names of the C classes, or null where they are not known.</param>
public sealed record NamedPrototypes(FeatureMatrix Prototypes, IReadOnlyList<string>? ClassNames)
{
    /// <summary>Throws unless other prototypes are of the same classes and as many components.</summary>
    /// <param name="other">The other prototypes.</param>
    /// <exception cref="ArgumentException">The shapes differ, or a class has another name; the message names the first.</exception>
    public void ThrowIfNotPairedWith(NamedPrototypes other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var (rows, columns) = (Prototypes.Rows, Prototypes.Columns);
        if (other.Prototypes.Rows != rows || other.Prototypes.Columns != columns)
            throw new ArgumentException(Invariant($"the prototypes are {other.Prototypes.Rows} × {other.Prototypes.Columns} but those of the class names are {rows} × {columns}; both must be of the same classes and as many components."));
        if (ClassNames is null || other.ClassNames is null)
            return;
        for (var c = 0; c < rows; c++)
        {
            if (ClassNames[c] != other.ClassNames[c])
                throw new ArgumentException(Invariant($"class {c} is \"{other.ClassNames[c]}\" but \"{ClassNames[c]}\" among the class names; both must list the same classes in the same order."));
        }
    }
}
