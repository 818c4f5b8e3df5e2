namespace Lfa.Encoders.Datasets;

/// <summary>Represents a list of class names in the order of their labels, as a text file holds it.</summary>
/// <remarks>
/// One class a line. A line with a name alone is the class of the folder of that name, where upper and lower case, and _ and space, are one.
/// A line <c>folder = Class name</c>, or the two with a tab between, names the folder by itself: <c>n01440764 = tench</c>. Empty lines are skipped.
/// A class may lack a folder: it has a prototype but no example.
/// </remarks>
public sealed class ClassNameList
{
    private readonly Dictionary<string, int> _labels;
    private readonly Dictionary<string, int>? _exact;
    private readonly string _source;

    private ClassNameList(string source, string[] names, Dictionary<string, int> labels, Dictionary<string, int>? exact = null) =>
        (_source, Names, _labels, _exact) = (source, names, labels, exact);

    /// <summary>Gets the class names, in the order of their labels.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Reads a list from a text file in UTF-8.</summary>
    /// <param name="path">The path of the file.</param>
    /// <returns>The list.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="LfaDataException">The file names no class, one class or folder twice, or a line lacks one side; the message names the line.</exception>
    public static ClassNameList Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return File.Exists(path) ? Parse(File.ReadLines(path), path) : throw new FileNotFoundException(OneLine.Of($"{path}: there is no such file."), path);
    }

    /// <summary>Makes a list from lines.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="source">What to call them in messages. Default: "class names".</param>
    /// <returns>The list.</returns>
    /// <exception cref="LfaDataException">The lines name no class, one class or folder twice, or a line lacks one side; the message names the line.</exception>
    public static ClassNameList Parse(IEnumerable<string> lines, string source = "class names")
    {
        ArgumentNullException.ThrowIfNull(lines);
        var (names, labels, seen) = (new List<string>(), new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase), new HashSet<string>(StringComparer.Ordinal));
        foreach (var (i, line) in lines.Index())
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var (folder, name) = Split(line);
            if (folder.Length == 0 || name.Length == 0)
                throw BadInput.At(source, Invariant($"line {i + 1} lacks one side; write \"folder = Class name\"."));
            if (!seen.Add(name))
                throw BadInput.At(source, Invariant($"line {i + 1} names the class {name} again; every class stands once."));
            if (!labels.TryAdd(Readable(folder), names.Count))
                throw BadInput.At(source, Invariant($"line {i + 1} names the folder {folder} again; every folder has one class."));
            names.Add(name);
        }
        return names.Count > 0 ? new ClassNameList(source, [.. names], labels) : throw BadInput.At(source, "it names no class; write one a line.");
    }

    /// <summary>Makes a list from the class names of a task, which are taken as they are.</summary>
    /// <param name="names">The class names, in the order of their labels. A folder is of the class of its very name, else of one that differs in case, or in _ for a space.</param>
    /// <param name="source">What to call them in messages. Default: "class names".</param>
    /// <returns>The list.</returns>
    public static ClassNameList From(IReadOnlyList<string> names, string source = "class names")
    {
        ArgumentNullException.ThrowIfNull(names);
        var (exact, labels) = (new Dictionary<string, int>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase));
        foreach (var (label, name) in names.Index())
        {
            exact.TryAdd(name, label);
            labels.TryAdd(Readable(name), label);
        }
        return new ClassNameList(source, [.. names], labels, exact);
    }

    /// <summary>Makes a list of folders and the names of their classes, of which several may be the same.</summary>
    internal static ClassNameList OfFolders(IEnumerable<(string Folder, string Name)> classes, string source)
    {
        var (names, labels) = (new List<string>(), new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase));
        foreach (var (folder, name) in classes)
        {
            if (!labels.TryAdd(Readable(folder), names.Count))
                throw BadInput.At(source, $"it names the folder {folder} twice; every folder has one class.");
            names.Add(name);
        }
        return new ClassNameList(source, [.. names], labels);
    }

    /// <summary>Finds the label of a folder or class, or says what to do.</summary>
    internal int LabelOf(string folder)
    {
        if (_exact?.TryGetValue(folder, out var label) == true || _exact?.TryGetValue(Readable(folder), out label) == true || _labels.TryGetValue(Readable(folder), out label))
            return label;
        throw BadInput.At(_source, _exact is null
            ? $"no line is of {folder}; add \"{folder} = \" and the name of its class."
            : $"{folder} is none of them; rename it to its class, or take it out.");
    }

    /// <summary>Writes _ as a space, as in the names of folders.</summary>
    internal static string Readable(string folder) => folder.Replace('_', ' ');

    private static (string Folder, string Name) Split(string line)
    {
        var (start, width) = (line.IndexOf('\t'), 1);
        if (start < 0)
            (start, width) = (line.IndexOf(" = ", StringComparison.Ordinal), 3);
        // "folder =" without a name after it is unfinished.
        if (start < 0 && line.TrimEnd().EndsWith(" =", StringComparison.Ordinal))
            return (line, "");
        return start < 0 ? (line.Trim(), line.Trim()) : (line[..start].Trim(), line[(start + width)..].Trim());
    }
}
