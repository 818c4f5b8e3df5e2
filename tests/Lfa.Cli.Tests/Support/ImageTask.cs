using NetVips;

namespace Lfa.Cli.Tests.Support;

/// <summary>A folder with a tiny model, "model", and images of two classes, "images".</summary>
internal sealed class ImageTask : IDisposable
{
    private const int ImagesPerClass = 5;

    private readonly TemporaryFolder _folder = new();

    public ImageTask()
    {
        Model = TinyModel.Write(_folder["model"], masked: true);
        for (var i = 0; i < ImagesPerClass; i++)
        {
            Save($"images/red_ball/{i}.png", Red(i));
            Save($"images/sky/{i}.png", Blue(i));
        }
    }

    public string Model { get; }

    public string Images => this["images"];

    /// <summary>Gets the environment of processes that keep features in the folder "cache" of this one.</summary>
    public (string Name, string Value)[] Cache => [("LFA_CACHE", this["cache"])];

    /// <summary>Gets the path of a file in the folder.</summary>
    public string this[string name] => _folder[name];

    public static byte[] Red(int shade = 0) => TinyImage.Png(200 + shade, 10, 10);

    public static byte[] Blue(int shade = 0) => TinyImage.Png(10, 10, 200 + shade);

    public static byte[] Jpeg(int size = 16)
    {
        using var noise = Image.Gaussnoise(size, size, mean: 128, sigma: 40).Cast(Enums.BandFormat.Uchar);
        return noise.JpegsaveBuffer();
    }

    /// <summary>Writes a file, in folders that are made where need be.</summary>
    /// <returns>Its path.</returns>
    public string Save(string name, byte[] content) => _folder.Write(name, content);

    public string Save(string name, string content) => Save(name, System.Text.Encoding.UTF8.GetBytes(content));

    /// <summary>Embeds images to f.npz; that must succeed without a complaint.</summary>
    /// <returns>What was printed.</returns>
    public string Embed(string images, params string[] options) => Tool.Succeed(["embed", images, "--model", Model, "-o", this["f.npz"], .. options]);

    /// <summary>Embeds images to f.npz; that must fail, and leave nothing.</summary>
    /// <returns>The line that says why.</returns>
    public string EmbedFails(string images, params string[] options)
    {
        var line = Tool.Fail(["embed", images, "-o", this["f.npz"], .. options.Contains("--model") ? [] : (string[])["--model", Model], .. options]);
        Directory.GetFileSystemEntries(_folder.FullName, "f.npz*").ShouldBeEmpty();
        return line;
    }

    /// <summary>Fits a classifier to the images.</summary>
    /// <returns>Its path.</returns>
    public string Fit(params string[] options)
    {
        Tool.Succeed(["fit", Images, "--model", Model, "--no-cache", "-o", this["fitted.safetensors"], .. options.Contains("--method") ? [] : (string[])["--iterations", "3"], .. options]);
        return this["fitted.safetensors"];
    }

    public void Dispose() => _folder.Dispose();
}
