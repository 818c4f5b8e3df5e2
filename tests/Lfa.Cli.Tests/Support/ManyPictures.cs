using Lfa.Encoders.Tests.Support;
using Lfa.Tests.Support;

namespace Lfa.Cli.Tests.Support;

/// <summary>A tiny model and as many small pictures as a run needs to be caught in the middle.</summary>
public sealed class ManyPictures : IDisposable
{
    public const int Count = 1500;

    private readonly TemporaryFolder _folder = new();

    public ManyPictures()
    {
        Model = TinyModel.Write(_folder["model"]);
        Pictures = Write(this["pictures"], Count);
    }

    public string Model { get; }

    public string Pictures { get; }

    /// <summary>Gets the path of a file in the folder.</summary>
    public string this[string name] => _folder[name];

    /// <summary>Writes pictures of one class.</summary>
    /// <returns>The folder, which holds that of the class.</returns>
    public static string Write(string folder, int count)
    {
        Directory.CreateDirectory(Path.Combine(folder, "sky"));
        byte[][] pictures = [.. Enumerable.Range(0, 50).Select(shade => PictureTask.Blue(shade))];
        for (var i = 0; i < count; i++)
            File.WriteAllBytes(Path.Combine(folder, "sky", Invariant($"{i}.png")), pictures[i % pictures.Length]);
        return folder;
    }

    public void Dispose() => _folder.Dispose();
}
