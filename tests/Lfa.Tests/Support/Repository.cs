namespace Lfa.Tests.Support;

/// <summary>Finds the working copy that the tests were built in.</summary>
internal static class Repository
{
    /// <summary>The path of the folder with the solution, or null where the tests run elsewhere.</summary>
    public static string? Root { get; } = Find();

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
