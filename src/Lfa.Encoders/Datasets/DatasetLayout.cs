namespace Lfa.Encoders.Datasets;

/// <summary>How the files of a known dataset lie in its folder.</summary>
internal abstract class DatasetLayout
{
    /// <summary>Gets the splits that the dataset has.</summary>
    public abstract IReadOnlyList<DatasetSplit> Splits { get; }

    /// <summary>Returns what a split needs, as paths from the dataset's folder; those of folders end in /.</summary>
    public abstract IReadOnlyList<string> Needs(DatasetSplit split);

    /// <summary>Reads a split whose files and folders are there.</summary>
    public abstract ImageDataset Read(string folder, DatasetSplit split);

    /// <summary>Reads the lines of a text file that are not empty, with their numbers from 1.</summary>
    protected static IEnumerable<(int Number, string Line)> Lines(string path) =>
        File.ReadLines(path).Select((line, index) => (index + 1, line.Trim())).Where(line => line.Item2.Length > 0);

    /// <summary>Splits a line at its first space.</summary>
    protected static (string First, string Remainder) Cut(string path, int number, string line) => line.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space
        ? (line[..space], line[space..].Trim())
        : throw BadInput.At(path, Invariant($"line {number} is \"{line}\"; expected two words with a space between."));
}
