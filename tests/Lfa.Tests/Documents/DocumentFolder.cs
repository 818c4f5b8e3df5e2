namespace Lfa.Tests.Documents;

/// <summary>The Markdown files of the repository.</summary>
internal static class DocumentFolder
{
    private static readonly string[] Skipped = ["bin", "obj", "artifacts", "node_modules", "TestResults", "lfa-demo"];

    /// <summary>Gets the root of the repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Reads a document.</summary>
    /// <param name="path">Its path from the root of the repository.</param>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path)).ReplaceLineEndings("\n");

    /// <summary>Lists the documents at some paths, files or folders, by their paths from the root of the repository.</summary>
    public static IEnumerable<string> Find(params IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            var full = Path.Combine(Root, path);
            if (!Directory.Exists(full))
            {
                yield return path;
                continue;
            }
            foreach (var found in FindIn(new DirectoryInfo(full)).Order(StringComparer.Ordinal))
                yield return Path.GetRelativePath(Root, found).Replace('\\', '/');
        }
    }

    private static IEnumerable<string> FindIn(DirectoryInfo folder) => folder.EnumerateFiles("*.md").Select(file => file.FullName)
        .Concat(folder.EnumerateDirectories().Where(inner => !inner.Name.StartsWith('.') && !Skipped.Contains(inner.Name)).SelectMany(FindIn));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Lfa.slnx")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException("The tests do not run from inside the repository: no folder above them holds Lfa.slnx.");
    }
}
