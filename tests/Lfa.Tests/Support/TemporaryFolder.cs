namespace Lfa.Tests.Support;

/// <summary>A new folder that is deleted with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("lfa-tests-");

    public string this[string name] => Path.Combine(folder.FullName, name);

    public string FullName => folder.FullName;

    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(this[name], content);
        return this[name];
    }

    public void Dispose() => folder.Delete(recursive: true);
}
