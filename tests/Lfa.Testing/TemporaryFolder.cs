namespace Lfa.Testing;

/// <summary>A new folder that is deleted with the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lfa-tests-");

    public string this[string name] => Path.Combine(_folder.FullName, name);

    public string FullName => _folder.FullName;

    /// <summary>Writes a file, in folders that are made where need be.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllBytes(this[name], content);
        return this[name];
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
