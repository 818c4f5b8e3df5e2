
namespace Lfa.Encoders.Tests.Datasets;

/// <summary>A temporary folder with files of a byte each.</summary>
internal sealed class Tree : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public Tree(params string[] files)
    {
        foreach (var file in files)
            Add(file);
    }

    public string Root => _folder.FullName;

    public string this[string name] => Path.Combine(Root, name);

    public void Add(string file, string content = "x")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[file])!);
        File.WriteAllText(this[file], content);
    }

    public void Link(string name, string target)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        Directory.CreateSymbolicLink(this[name], target);
    }

    public void Dispose() => _folder.Dispose();
}
