using Lfa.Encoders.Tests.Support;
using Lfa.Tests.Support;

namespace Lfa.Cli.Tests.Support;

/// <summary>A tiny model and as many small pictures as a run needs to be caught in the middle.</summary>
public sealed class ManyPictures : IDisposable
{
    public const int Count = 3000;

    private readonly TemporaryFolder _folder = new();

    public ManyPictures()
    {
        Model = TinyModel.Write(_folder["model"]);
        Pictures = Write(Count);
    }

    public string Model { get; }

    public string Pictures { get; }

    /// <summary>Writes pictures into one folder of a class.</summary>
    /// <returns>The folder above.</returns>
    public string Write(int count)
    {
        var folder = _folder[Invariant($"{count}")];
        Directory.CreateDirectory(Path.Combine(folder, "sky"));
        byte[][] pictures = [.. Enumerable.Range(0, 50).Select(shade => PictureTask.Blue(shade))];
        for (var i = 0; i < count; i++)
            File.WriteAllBytes(Path.Combine(folder, "sky", Invariant($"{i}.png")), pictures[i % pictures.Length]);
        return folder;
    }

    public void Dispose() => _folder.Dispose();
}
