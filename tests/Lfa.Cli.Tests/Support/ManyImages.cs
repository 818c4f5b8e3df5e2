
namespace Lfa.Cli.Tests.Support;

/// <summary>A tiny model and as many small images as a run needs to be caught in the middle.</summary>
public sealed class ManyImages : IDisposable
{
    public const int Count = 1500;

    private readonly TemporaryFolder _folder = new();

    public ManyImages()
    {
        Model = TinyModel.Write(_folder["model"]);
        Images = Write(this["images"], Count);
    }

    public string Model { get; }

    public string Images { get; }

    /// <summary>Gets the path of a file in the folder.</summary>
    public string this[string name] => _folder[name];

    /// <summary>Writes images of one class.</summary>
    /// <returns>The folder, which holds that of the class.</returns>
    public static string Write(string folder, int count)
    {
        Directory.CreateDirectory(Path.Combine(folder, "sky"));
        byte[][] images = [.. Enumerable.Range(0, 50).Select(shade => ImageTask.Blue(shade))];
        for (var i = 0; i < count; i++)
            File.WriteAllBytes(Path.Combine(folder, "sky", Invariant($"{i}.png")), images[i % images.Length]);
        return folder;
    }

    public void Dispose() => _folder.Dispose();
}
