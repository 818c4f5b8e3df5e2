using System.Globalization;

namespace Lfa.Encoders.Sources;

/// <summary>Reads a class prior from a text file: a line "class name,number" for each class in any order, or a number a line in the order of the classes.</summary>
public static class ClassPriorFile
{
    /// <summary>Reads the prior; numbers of images serve as well as parts of one.</summary>
    /// <param name="path">The path of the file, UTF-8; empty lines are skipped.</param>
    /// <param name="classNames">The names of the C classes.</param>
    /// <returns>C numbers above 0, in the order of <paramref name="classNames"/>, which need not add up to 1.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="LfaDataException">A class has no line or two, or a number is not above 0; the message names the line.</exception>
    public static IReadOnlyList<double> Read(string path, IReadOnlyList<string> classNames)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(classNames);
        if (!File.Exists(path))
            throw new FileNotFoundException(OneLine.Of($"{path}: there is no such file."), path);
        var lines = File.ReadLines(path).Index().Select(line => (Number: line.Index + 1, Text: line.Item.Trim())).Where(line => line.Text.Length > 0).ToArray();
        if (lines.Length != classNames.Count)
            throw BadInput.At(path, Invariant($"{(lines.Length == 1 ? "there is 1 line" : $"there are {lines.Length} lines")} but {classNames.Count} classes; write \"class name,part\" for each class, or a number a line in the order of the classes."));
        var values = new double[classNames.Count];
        for (var i = 0; i < lines.Length; i++)
        {
            var comma = lines[i].Text.LastIndexOf(',');
            var place = comma < 0 ? i : Find(path, lines[i].Number, lines[i].Text[..comma].Trim(), classNames, values);
            values[place] = ReadNumber(path, lines[i].Number, lines[i].Text[(comma + 1)..]);
        }
        var missing = Array.IndexOf(values, 0);
        return missing < 0 ? values : throw BadInput.At(path, $"the class \"{classNames[missing]}\" has no line; write \"class name,part\" for each class.");
    }

    // Two classes may have one name: then each line of that name is of the next one.
    private static int Find(string path, int line, string name, IReadOnlyList<string> classNames, double[] values)
    {
        for (var c = 0; c < values.Length; c++)
        {
            if (classNames[c] == name && values[c] == 0)
                return c;
        }
        throw BadInput.At(path, Invariant($"line {line} names the class \"{name}\", {(classNames.Contains(name) ? "which stands there before" : "which there is not")}; write each of the {classNames.Count} classes once."));
    }

    private static double ReadNumber(string path, int line, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0 && double.IsFinite(value)
            ? value
            : throw BadInput.At(path, Invariant($"line {line} gives \"{text.Trim()}\"; a part must be a number above 0. Take a class without images out of the classes."));
}
