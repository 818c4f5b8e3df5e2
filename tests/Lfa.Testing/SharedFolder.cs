namespace Lfa.Testing;

/// <summary>Finds files of the shared folder: real features and goldens, which not every clone has.</summary>
public static class SharedFolder
{
    /// <summary>Gets the path of a file, or skips the running test where the folder or the file is absent.</summary>
    public static string Require(string relativePath)
    {
        var folder = Environment.GetEnvironmentVariable("LFA_SHARED") ?? FindBesideRepository();
        if (folder is null || !Directory.Exists(folder))
            Assert.Skip("The shared folder is absent: neither LFA_SHARED names it nor does ../shared of the repository exist.");
        var path = Path.Combine(folder, relativePath);
        if (!File.Exists(path))
            Assert.Skip($"The shared folder has no {relativePath}.");
        return path;
    }

    private static string? FindBesideRepository() => Repository.Root is { } root ? Path.Combine(root, "..", "shared") : null;
}
