namespace Lfa.Data;

/// <summary>Class prototypes and the classes they are of.</summary>
/// <param name="Prototypes">The prototypes, C × d.</param>
/// <param name="ClassNames">The names of the C classes, or null where they are not known.</param>
public sealed record NamedPrototypes(Matrix Prototypes, IReadOnlyList<string>? ClassNames)
{
    private const int MostNamed = 5;

    /// <summary>Gets the prompts of each class, several and kept apart, whose means are the prototypes. Default: null, one a class.</summary>
    public ClassPrompts? Prompts { get; init; }

    /// <summary>Gets the encoder of the class names. Default: unknown.</summary>
    public EncoderIdentity? TextEncoder { get; init; }

    /// <summary>Throws unless other prototypes are of the same classes and as many components.</summary>
    /// <param name="other">The other prototypes.</param>
    /// <exception cref="LfaDataException">The shapes differ, or a class has another name; the message names the first.</exception>
    public void ThrowIfNotPairedWith(NamedPrototypes other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var (rows, columns) = (Prototypes.Rows, Prototypes.Columns);
        if (other.Prototypes.Rows != rows || other.Prototypes.Columns != columns)
            throw new LfaDataException(Invariant($"the prototypes are {other.Prototypes.Rows} × {other.Prototypes.Columns} but those of the class names are {rows} × {columns}; both must be of the same classes and as many components."));
        if (ClassNames is null || other.ClassNames is null)
            return;
        for (var c = 0; c < rows; c++)
        {
            if (ClassNames[c] != other.ClassNames[c])
                throw new LfaDataException(Invariant($"class {c} is \"{other.ClassNames[c]}\" but \"{ClassNames[c]}\" among the class names; both must list the same classes in the same order."));
        }
    }

    /// <summary>Finds the prototypes of classes by their names; those that differ in case only, or in _ for a space, are one where no name is the very same.</summary>
    /// <param name="classNames">The names of the classes to find.</param>
    /// <returns>The prototypes, in the order of <paramref name="classNames"/> and with these names.</returns>
    /// <exception cref="LfaDataException">These prototypes have no names, two of one name differ, or some classes are not among them; the message names the first.</exception>
    public NamedPrototypes SelectClasses(IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        var known = RequireClassNames();
        FeatureSetValidation.CheckDuplicates(known, Prototypes);
        var (exact, readable) = (new Dictionary<string, int>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase));
        foreach (var (row, name) in known.Index())
        {
            exact.TryAdd(name, row);
            readable.TryAdd(Readable(name), row);
        }
        int[] rows = [.. classNames.Select(name => exact.TryGetValue(name, out var row) || readable.TryGetValue(Readable(name), out row) ? row : -1)];
        string[] missing = [.. classNames.Where((_, i) => rows[i] < 0).Distinct().Select(name => $"\"{name}\"")];
        if (missing.Length > 0)
            throw new LfaDataException(Invariant($"there are no text features of {string.Join(", ", missing.Take(MostNamed))}{(missing.Length > MostNamed ? Invariant($" and {missing.Length - MostNamed} more classes") : "")}; add them, or name the classes as they are there (\"{known[0]}\", …)."));
        return this with { Prototypes = Prototypes.SelectRows(rows), ClassNames = classNames, Prompts = Prompts?.SelectClasses(rows) };
    }

    /// <summary>Returns the names of the classes.</summary>
    /// <exception cref="LfaDataException">They are not known.</exception>
    public IReadOnlyList<string> RequireClassNames() =>
        ClassNames ?? throw new LfaDataException("these text features come without the names of their classes; expected class_names or arr_5 beside them.");

    private static string Readable(string name) => name.Replace('_', ' ');
}
