using Lfa.Data;
using Lfa.IO;

namespace Lfa.Analysis;

/// <summary>The real features of the shared folder: LFA_SHARED names it, or it lies beside the repository.</summary>
internal static class RealFeatures
{
    public static FeatureSet Read(string name)
    {
        var folder = Environment.GetEnvironmentVariable("LFA_SHARED") ?? Path.GetFullPath(Path.Combine(Repository(), "..", "shared"));
        var path = Path.Combine(folder, "real", name + ".npz");
        if (File.Exists(path))
            return FeatureFile.Read(path);
        Console.Error.WriteLine($"{path}: there is no such file; set LFA_SHARED to the folder that holds real/{name}.npz.");
        Environment.Exit(2);
        throw new InvalidOperationException();
    }

    /// <summary>Returns the root of the repository.</summary>
    public static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder.Parent is not null && !File.Exists(Path.Combine(folder.FullName, "Lfa.slnx")))
            folder = folder.Parent;
        return folder.FullName;
    }
}
