namespace Lfa.Encoders.Datasets;

/// <summary>Represents an image or video to embed. The paths are put together on demand, so that a million items fit into little memory.</summary>
public readonly record struct ImageItem
{
    private readonly ImageFolder _folder;
    private readonly string _file;

    internal ImageItem(ImageFolder folder, string file, int label) => (_folder, _file, Label) = (folder, file, label);

    /// <summary>Gets the path from the dataset's folder, with / between folders on every system.</summary>
    public string Name => _folder.Name.Length == 0 ? _file : $"{_folder.Name}/{_file}";

    /// <summary>Gets the absolute path.</summary>
    public string Path => System.IO.Path.GetFullPath(System.IO.Path.Combine(_folder.Root, _folder.Name, _file));

    /// <summary>Gets the label, from 0; −1 where the dataset has no labels.</summary>
    public int Label { get; }

    /// <summary>Gets whether the name is that of a video.</summary>
    public bool IsVideo => FileExtensions.IsVideo(_file);

    internal ImageItem WithLabel(int label) => new(_folder, _file, label);

    /// <summary>Compares two names character by character, as strings would be, without making them.</summary>
    internal static int CompareNames(ImageItem left, ImageItem right)
    {
        if (ReferenceEquals(left._folder, right._folder))
            return string.CompareOrdinal(left._file, right._file);
        var (leftLength, rightLength) = (left.NameLength, right.NameLength);
        for (var i = 0; i < Math.Min(leftLength, rightLength); i++)
        {
            var difference = left.NameAt(i) - right.NameAt(i);
            if (difference != 0)
                return difference;
        }
        return leftLength - rightLength;
    }

    private int NameLength => _file.Length + (_folder.Name.Length == 0 ? 0 : _folder.Name.Length + 1);

    private char NameAt(int index)
    {
        var folder = _folder.Name;
        if (index < folder.Length)
            return folder[index];
        if (folder.Length == 0)
            return _file[index];
        return index == folder.Length ? '/' : _file[index - folder.Length - 1];
    }
}
