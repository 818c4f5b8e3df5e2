using System.IO.Enumeration;

namespace Lfa.Encoders.Datasets;

/// <summary>Finds the images below a folder, through links, and each folder once.</summary>
internal sealed class FolderWalk
{
    // More would only hide what matters.
    private const int MostWarnings = 100;
    private const int MostLinks = 40;

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    private readonly string _root, _realRoot;
    private readonly List<string> _warnings = [];
    private int _problems;

    public FolderWalk(string root)
    {
        _root = Path.GetFullPath(root);
        _realRoot = RealPath(_root);
    }

    /// <summary>Gets the images, in no order. Labels are not set.</summary>
    public List<ImageItem> Items { get; } = [];

    /// <summary>Gets the number of files that are neither images nor hidden.</summary>
    public int Ignored { get; private set; }

    /// <summary>Gets what was skipped and why; the last one counts those not listed.</summary>
    public IReadOnlyList<string> Warnings =>
        _problems > _warnings.Count ? [.. _warnings, Invariant($"{_problems - _warnings.Count} more problems of this kind.")] : _warnings;

    /// <summary>Adds the images right in the root, and returns its sub-folders in ordinal order.</summary>
    public string[] AddRoot() => [.. AddFiles(new ImageFolder(_root, "")).Order(StringComparer.Ordinal)];

    /// <summary>Adds the images of a sub-folder of the root and of all below it.</summary>
    public void AddTree(string name) => Enter(name, _realRoot, new HashSet<string>(StringComparer.Ordinal));

    /// <summary>Adds a folder, wherever it leads.</summary>
    private void Enter(string name, string realParent, HashSet<string> visited)
    {
        try
        {
            Add(name, IsLink(name) ? RealPath(Path.Combine(_root, name)) : Path.Combine(realParent, Path.GetFileName(name)), visited);
        }
        catch (IOException e)
        {
            Warn($"{name} cannot be followed ({e.Message}); skipped.");
        }
    }

    private void Add(string name, string realPath, HashSet<string> visited)
    {
        // A folder that holds the root holds this walk.
        if (WithSeparator(_realRoot).StartsWith(WithSeparator(realPath), StringComparison.Ordinal) || !visited.Add(realPath))
        {
            Warn($"{name} leads to {realPath}, which is being read already; skipped.");
            return;
        }
        foreach (var child in AddFiles(new ImageFolder(_root, name)))
            Enter($"{name}/{child}", realPath, visited);
    }

    /// <summary>Adds the images right in a folder and returns the names of its sub-folders.</summary>
    private List<string> AddFiles(ImageFolder folder)
    {
        var children = new List<string>();
        try
        {
            foreach (var (name, isFolder, isLink) in Enumerate(Path.Combine(_root, folder.Name)))
            {
                if (FileExtensions.IsHidden(name))
                    continue;
                if (isFolder)
                    children.Add(name);
                else if (FileExtensions.IsImage(name) || FileExtensions.IsVideo(name))
                    AddFile(new ImageItem(folder, name, -1), isLink);
                else
                    Ignored++;
            }
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            if (folder.Name.Length == 0)
                throw BadInput.At(_root, $"it cannot be read ({e.Message}).", e);
            Warn($"{folder.Name} cannot be read ({e.Message}); skipped.");
        }
        return children;
    }

    private void AddFile(ImageItem item, bool isLink)
    {
        // .NET writes bytes that are not UTF-8 as U+FFFD, and then does not find the file.
        if (isLink && !LeadsToFile(item.Path!))
            Warn($"{item.Name} is a link to nothing; skipped.");
        else if (item.Name.Contains('\uFFFD') && !File.Exists(item.Path!))
            Warn($"{item.Name} has a name that is not valid UTF-8, so that it cannot be opened; skipped.");
        else
            Items.Add(item);
    }

    private static bool LeadsToFile(string link)
    {
        try
        {
            return File.ResolveLinkTarget(Path.GetFullPath(link), returnFinalTarget: true) is { Exists: true };
        }
        catch (IOException)
        {
            // Links in a ring.
            return false;
        }
    }

    private void Warn(string warning)
    {
        if (_problems++ < MostWarnings)
            _warnings.Add(OneLine.Of(warning));
    }

    private static string WithSeparator(string path) => Path.EndsInDirectorySeparator(path) ? path : path + Path.DirectorySeparatorChar;

    private bool IsLink(string name) => new FileInfo(Path.Combine(_root, name)).LinkTarget is not null;

    private static FileSystemEnumerable<(string Name, bool IsFolder, bool IsLink)> Enumerate(string folder) =>
        new(folder, (ref FileSystemEntry entry) => (entry.FileName.ToString(), entry.IsDirectory, (entry.Attributes & FileAttributes.ReparsePoint) != 0), Everything);

    /// <summary>Resolves every link in a path.</summary>
    private static string RealPath(string path)
    {
        var links = 0;
        return Resolve(Path.GetFullPath(path));

        string Resolve(string whole)
        {
            var real = Path.GetPathRoot(whole)!;
            foreach (var part in whole[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
            {
                var next = Path.Combine(real, part);
                if (new FileInfo(next).LinkTarget is not { } target)
                    real = next;
                else if (++links > MostLinks)
                    throw new IOException("too many links in a row");
                else
                    real = Resolve(Path.GetFullPath(target, real));
            }
            return real;
        }
    }
}
