using System.Globalization;
using Lfa.Transport;

namespace Lfa.Cli.Inputs;

/// <summary>Reads the share of each class from a text file: a line "class name,number" for each class in any order, or a number a line in the order of the classes.</summary>
internal static class SharesFile
{
    /// <summary>Reads the shares; numbers of images serve as well.</summary>
    /// <param name="path">The file.</param>
    /// <param name="classNames">The names of the C classes.</param>
    public static ClassShares Read(string path, IReadOnlyList<string> classNames)
    {
        if (!File.Exists(path))
            throw new BadInputException($"--shares {path}: there is no such file; give one, or uniform or estimated.");
        var lines = File.ReadLines(path).Index().Select(line => (Number: line.Index + 1, Text: line.Item.Trim())).Where(line => line.Text.Length > 0).ToArray();
        if (lines.Length != classNames.Count)
            throw new BadInputException(Invariant($"{path}: there are {lines.Length} lines but {classNames.Count} classes; write \"class name,share\" for each class, or a number a line in the order of the classes."));
        var values = new double[classNames.Count];
        for (var i = 0; i < lines.Length; i++)
        {
            var comma = lines[i].Text.LastIndexOf(',');
            var place = comma < 0 ? i : Find(path, lines[i].Number, lines[i].Text[..comma].Trim(), classNames, values);
            values[place] = ReadNumber(path, lines[i].Number, lines[i].Text[(comma + 1)..]);
        }
        var missing = Array.IndexOf(values, 0);
        return missing < 0
            ? BadInputException.Naming(path, () => ClassShares.Of(values))
            : throw new BadInputException($"{path}: the class \"{classNames[missing]}\" has no line; write \"class name,share\" for each class.");
    }

    // Two classes may have one name: then each line of that name is of the next one.
    private static int Find(string path, int line, string name, IReadOnlyList<string> classNames, double[] values)
    {
        for (var c = 0; c < values.Length; c++)
        {
            if (classNames[c] == name && values[c] == 0)
                return c;
        }
        throw new BadInputException(Invariant($"{path}: line {line} names the class \"{name}\", {(classNames.Contains(name) ? "which stands there before" : "which there is not")}; write each of the {classNames.Count} classes once."));
    }

    private static double ReadNumber(string path, int line, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0 && double.IsFinite(value)
            ? value
            : throw new BadInputException(Invariant($"{path}: line {line} gives \"{text.Trim()}\"; a share must be a number above 0. Take a class without images out of the classes."));
}
