namespace Lfa.Testing;

/// <summary>Finds the working copy that the tests were built in.</summary>
public static class Repository
{
    /// <summary>Gets the path of the folder with the solution, or null where the tests run elsewhere.</summary>
    public static string? Root { get; } = Find();

    /// <summary>Returns the path of a file or folder of the working copy, or skips the running test where there is no working copy.</summary>
    public static string Require(string relativePath)
    {
        if (Root is null)
            Assert.Skip("The tests run outside a working copy: no folder above them holds Lfa.slnx.");
        return Path.Combine(Root, relativePath);
    }

    /// <summary>Reads a file of the working copy, with line ends as on Unix, or skips the running test where there is no working copy.</summary>
    public static string Read(string relativePath) => File.ReadAllText(Require(relativePath)).ReplaceLineEndings("\n");

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Lfa.slnx")))
                return folder.FullName;
        }
        return null;
    }
}
