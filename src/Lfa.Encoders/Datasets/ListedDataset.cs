using System.Globalization;
using Sylvan.Data.Csv;

namespace Lfa.Encoders.Datasets;

/// <summary>Makes a dataset of a file that names images.</summary>
internal sealed class ListedDataset
{
    private static readonly string[] FileColumns = ["file", "filename", "file_name", "filepath", "path", "image", "image_path"];
    private static readonly string[] LabelColumns = ["label", "class", "class_name", "classname", "class name", "category", "target"];

    private readonly string _path, _place;
    private readonly ImageList _list;
    private readonly Dictionary<string, int> _rows = new(StringComparer.Ordinal);

    private ListedDataset(string path, string place)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new FileNotFoundException(OneLine.Of($"{path}: there is no such file."), path);
        (_path, _place, _list) = (path, place, new ImageList(path, Path.GetDirectoryName(Path.GetFullPath(path))!));
    }

    public static ImageDataset ReadList(string path, ClassNameList? names)
    {
        var list = new ListedDataset(path, "line");
        foreach (var (i, line) in File.ReadLines(path).Index())
        {
            if (line.Trim() is { Length: > 0 } name)
                list.Add(name, i + 1);
        }
        return list._list.ToDataset(names?.Names ?? [], isLabeled: false);
    }

    public static ImageDataset ReadUnlabeledCsv(string path, ClassNameList? names)
    {
        var list = new ListedDataset(path, "row");
        list.ReadRows(areLabeled: false);
        return list._list.ToDataset(names?.Names ?? [], isLabeled: false);
    }

    public static ImageDataset ReadCsv(string path, ClassNameList? names)
    {
        var list = new ListedDataset(path, "row");
        var labels = list.ReadRows(areLabeled: true);
        var areNumbers = labels.TrueForAll(label => int.TryParse(label, NumberStyles.Integer, CultureInfo.InvariantCulture, out _));
        if (areNumbers && names is null && labels.Count > 0)
            throw BadInput.At(path, "its labels are numbers; give the class names in a file, one a line in the order of the numbers, or write the names in place of the numbers.");
        IReadOnlyList<string> classNames = names?.Names ?? [.. labels.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var labelOf = names is null ? classNames.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal) : null;
        for (var i = 0; i < labels.Count; i++)
        {
            var label = areNumbers ? int.Parse(labels[i], CultureInfo.InvariantCulture) : labelOf?[labels[i]] ?? names!.LabelOf(labels[i]);
            if (label < 0 || label >= classNames.Count)
                throw BadInput.At(path, Invariant($"the label {label} of {list._list.Items[i].Name} is out of range; there are {classNames.Count} classes, so labels go from 0 to {classNames.Count - 1}."));
            list._list.Items[i] = list._list.Items[i].WithLabel(label);
        }
        return list._list.ToDataset(classNames, isLabeled: true);
    }

    /// <summary>Adds the files of all rows and returns their labels, if they have any.</summary>
    private List<string> ReadRows(bool areLabeled)
    {
        var (labels, file, label) = (new List<string>(), 0, 1);
        var shared = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var csv = CsvDataReader.Create(_path, new CsvDataReaderOptions { HasHeaders = false, Delimiter = ',' });
            for (var row = 1; csv.Read(); row++)
            {
                string[] fields = [.. Enumerable.Range(0, csv.RowFieldCount).Select(i => csv.GetString(i).Trim())];
                if (row == 1 && (Find(fields, FileColumns), Find(fields, LabelColumns)) is ( >= 0, var found) columns && (found >= 0 || !areLabeled))
                {
                    (file, label) = columns;
                    continue;
                }
                if (fields is [] or [""])
                    continue;
                if (fields.Length <= file || fields[file].Length == 0 || (areLabeled && (fields.Length <= label || fields[label].Length == 0)))
                    throw BadInput.At(_path, Invariant($"row {row} lacks a file or its label; expected both, with a comma between."));
                Add(fields[file], row);
                if (!areLabeled)
                    continue;
                // A class name is kept once, not once a row.
                labels.Add(shared.TryGetValue(fields[label], out var known) ? known : shared[fields[label]] = fields[label]);
            }
        }
        catch (Exception e) when (e is CsvFormatException or CsvRecordTooLargeException)
        {
            throw BadInput.At(_path, $"it is not valid CSV ({e.Message}).", e);
        }
        return labels;
    }

    private void Add(string name, int row)
    {
        _list.Add(name, _place, row);
        if (!_rows.TryAdd(name, row))
            throw BadInput.At(_path, Invariant($"{_place} {row} names {name}, as {_place} {_rows[name]} does; name every file once."));
    }

    private static int Find(string[] fields, string[] names) => Array.FindIndex(fields, field => names.Contains(field, StringComparer.OrdinalIgnoreCase));
}
