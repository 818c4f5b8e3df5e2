using System.Buffers.Binary;
using System.IO.Hashing;
using Lfa.Cli.Tests.Support;
using Lfa.IO;
using NetVips;

namespace Lfa.Cli.Tests;

/// <summary>Images that nobody wants and folders that nobody would make: nothing is lost silently, nothing hangs, memory stays bounded.</summary>
public sealed class HostileImagesTests : IDisposable
{
    private const long Megabyte = 1 << 20;

    private readonly ImageTask _task = new();

    public void Dispose() => _task.Dispose();

    [Fact]
    public void Embed_TenBrokenImages_ReportsExactlyThose()
    {
        string[] broken = MakeTenBroken();
        var result = Tool.Run("embed", _task.Images, "--model", _task.Model, "-o", _task["f.npz"]);
        result.ExitCode.ShouldBe(0);
        Lines(result.Error).Select(line => line.Split(": ")[1]).ShouldBe(broken.Select(name => $"left out sky/{name}"));
        result.Output.ShouldContain(": 10 images of 2 classes");
        result.Output.ShouldContain("Left out 10 images that cannot be read, listed above.");
        FeatureFile.Read(_task["f.npz"]).FileNames!.Count.ShouldBe(10);
    }

    [Fact]
    public void Embed_TenBrokenImagesAndStrict_NamesTheFirst()
    {
        var first = MakeTenBroken()[0];
        Tool.Fail("embed", _task.Images, "--model", _task.Model, "-o", _task["f.npz"], "--strict").ShouldStartWith($"lfa: sky/{first}: ");
        File.Exists(_task["f.npz"]).ShouldBeFalse();
    }

    [Fact]
    public void Embed_ImagesThatMayNotBeRead_AreNamed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.UserName == "root", "Whoever runs this may read everything.");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_task["images/sky/0.png"], UnixFileMode.None);
        Tool.Run("embed", _task.Images, "--model", _task.Model, "-o", _task["f.npz"]).Error.ShouldStartWith("lfa: left out sky/0.png: ");
    }

    [Fact]
    public void AnyCommand_PipesAndDevices_AreEmpty()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs mkfifo and /dev.");
        var fitted = _task.Fit();
        ToolProcess.Run("mkfifo", [_task["images/sky/pipe.jpg"]]).ExitCode.ShouldBe(0);
        ToolProcess.Run("mkfifo", [_task["images/sky/pipe.mp4"]]).ExitCode.ShouldBe(0);
        File.CreateSymbolicLink(_task["images/sky/zero.png"], "/dev/zero");
        foreach (var args in new string[][] { ["embed", _task.Images, "--model", _task.Model, "-o", _task["f.npz"]], ["predict", fitted, _task.Images], ["evaluate", fitted, _task.Images] })
        {
            var result = Tool.Run(args);
            result.ExitCode.ShouldBe(0, result.Error);
            var lines = Lines(result.Error);
            lines.Length.ShouldBe(3);
            lines.ShouldAllBe(line => line.StartsWith("lfa: left out sky/", StringComparison.Ordinal) && line.EndsWith("the file is empty."));
        }
    }

    [Fact]
    public void Embed_OddNames_AreKept()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such names.");
        string[] names = ["-rf.png", "a b.png", "a\nb.png", "é漢字🎉.png", new string('x', 250) + ".png", "\"', ;.png"];
        foreach (var name in names)
            _task.Save($"odd/the class/{name}", ImageTask.Blue());
        _task.Embed(_task["odd"]).ShouldContain(": 6 images of 1 class, ");
        FeatureFile.Read(_task["f.npz"]).FileNames!.Order(StringComparer.Ordinal).ShouldBe(names.Select(name => "the class/" + name).Order(StringComparer.Ordinal));
        _task.Save("odd/the class/broken\n\u001b[31m.png", "text");
        Lines(Tool.Run("embed", _task["odd"], "--model", _task.Model, "-o", _task["f.npz"]).Error).Single().ShouldStartWith("lfa: left out the class/broken\\u000a\\u001b[31m.png: ");
    }

    [Fact]
    public void Embed_NameThatIsNotUtf8_IsNamed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere names are text.");
        ToolProcess.Run("/bin/sh", ["-c", "cp sky/0.png \"sky/$(printf 'bad\\377.png')\""], _task.Images).ExitCode.ShouldBe(0);
        var result = Tool.Run("embed", _task.Images, "--model", _task.Model, "-o", _task["f.npz"]);
        ToolProcess.Run("/bin/sh", ["-c", "rm sky/bad*"], _task.Images); // which .NET cannot name
        result.ExitCode.ShouldBe(0);
        Lines(result.Error).Single().ShouldBe("lfa: sky/bad\uFFFD.png has a name that is not valid UTF-8, so that it cannot be opened; skipped.");
    }

    [Fact]
    public void Embed_LinksToNothing_AreNamed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        File.CreateSymbolicLink(_task["images/sky/circle.jpg"], "circle.jpg");
        File.CreateSymbolicLink(_task["images/sky/dangling.jpg"], "nowhere.jpg");
        var result = Tool.Run("embed", _task.Images, "--model", _task.Model, "-o", _task["f.npz"]);
        result.Output.ShouldContain(": 10 images of 2 classes");
        Lines(result.Error).Order(StringComparer.Ordinal).ShouldBe(["lfa: sky/circle.jpg is a link to nothing; skipped.", "lfa: sky/dangling.jpg is a link to nothing; skipped."]);
    }

    [Fact]
    public void Embed_LinksThatLeadBack_AreReadOnce()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        Directory.CreateSymbolicLink(_task["images/sky/up"], "..");
        Directory.CreateSymbolicLink(_task["link"], _task.Images);
        var result = Tool.Run("embed", _task["link"], "--model", _task.Model, "-o", _task["f.npz"]);
        result.Output.ShouldContain(": 10 images of 2 classes");
        Lines(result.Error).Single().ShouldContain("sky/up leads to ");
    }

    [Fact]
    public void Embed_OnePixelAndThinImages_AreRead()
    {
        _task.Save("thin/a/one.png", Png(1, 1));
        _task.Save("thin/a/tall.png", Png(1, 20_000));
        _task.Save("thin/a/wide.png", Png(20_000, 1));
        _task.Embed(_task["thin"]).ShouldContain(": 3 images of 1 class, ");
    }

    [Trait(Speed.Trait, Speed.Slow)]
    [Fact]
    public void Embed_HundredMegapixels_TakesBoundedMemory()
    {
        // Several, so that a leak would show.
        var image = Png(10_000, 10_000);
        for (var i = 0; i < 4; i++)
            _task.Save($"large/a/{i}.png", image);
        var (result, peak) = Measure(_task["large"]);
        result.Output.ShouldContain(": 4 images of 1 class, ");
        // 300 MB for each image that is decoded at the time, and what the collector has not yet taken back.
        peak.ShouldBeLessThan((600 + 450 * Environment.ProcessorCount) * Megabyte);
    }

    [Fact]
    public void Embed_HugeFilesNamedAsImages_AreRefusedUnread()
    {
        using (var file = File.Create(_task["images/sky/huge.jpg"]))
            file.SetLength(1500 * Megabyte);
        var (result, peak) = Measure(_task.Images);
        result.ExitCode.ShouldBe(0);
        result.Error.ShouldStartWith("lfa: left out sky/huge.jpg: the file has 1572864000 bytes, more than the 1073741824 that are read; ");
        peak.ShouldBeLessThan(600 * Megabyte);
    }

    [Trait(Speed.Trait, Speed.Slow)]
    [Fact]
    public void Embed_TenThousandInOneFolder_TakesNoMoreMemoryThanAThousand()
    {
        var few = Measure(ManyImages.Write(_task["few"], 1000));
        var (result, peak) = Measure(ManyImages.Write(_task["many"], 10_000));
        result.Output.ShouldContain(": 10000 images of 1 class, ");
        // An image costs its name and the place in the file: some hundred bytes, and the collector is free to wait.
        peak.ShouldBeLessThan(few.PeakBytes + 60 * Megabyte);
    }

    private (ToolResult Result, long PeakBytes) Measure(string images) =>
        ToolProcess.Measure(["embed", images, "--model", _task.Model, "-o", _task["f.npz"]], _task.Cache);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Puts ten broken images among the good ones of a class.</summary>
    /// <returns>Their names, in order.</returns>
    private string[] MakeTenBroken()
    {
        var (png, jpeg) = (Png(64, 64), ImageTask.Jpeg(64));
        Save("bomb.png", WithSize(png, 60_000));
        Save("cut.jpg", jpeg[..(jpeg.Length / 2)]);
        Save("cut.png", png[..(png.Length / 2)]);
        Save("empty.gif", []);
        Save("head.gif", "GIF89a"u8.ToArray());
        Save("head.webp", [.. "RIFF\0\0\0\0WEBP"u8]);
        Save("noise.tif", [.. "II*\0"u8, .. Enumerable.Range(0, 200).Select(i => (byte)(i * 37))]);
        Save("sum.png", WithWrongSum(png));
        Save("text.jpg", "This is a text."u8.ToArray());
        Save("vector.png", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"u8.ToArray());
        Directory.CreateDirectory(_task["images/sky/folder.jpg"]); // no image, and no broken one
        return ["bomb.png", "cut.jpg", "cut.png", "empty.gif", "head.gif", "head.webp", "noise.tif", "sum.png", "text.jpg", "vector.png"];

        void Save(string name, byte[] content) => _task.Save($"images/sky/{name}", content);
    }

    private static byte[] Png(int width, int height)
    {
        using var black = Image.Black(width, height, bands: 3);
        using var noise = width * height > 1_000_000 ? black.Copy() : Image.Gaussnoise(width, height, mean: 128, sigma: 40).Cast(Enums.BandFormat.Uchar);
        return noise.PngsaveBuffer();
    }

    private static byte[] WithSize(byte[] png, uint size)
    {
        const int header = 12; // behind the mark of the format and the length: "IHDR" and its 13 bytes, then their sum
        var bomb = png.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(bomb.AsSpan(header + 4), size);
        BinaryPrimitives.WriteUInt32BigEndian(bomb.AsSpan(header + 8), size);
        BinaryPrimitives.WriteUInt32BigEndian(bomb.AsSpan(header + 17), Crc32.HashToUInt32(bomb.AsSpan(header, 17)));
        return bomb;
    }

    // The data are changed in their middle, so that neither the sum of the chunk nor that of the pixels is theirs.
    private static byte[] WithWrongSum(byte[] png)
    {
        var damaged = png.ToArray();
        damaged[png.AsSpan().IndexOf("IDAT"u8) + (png.Length / 2)] ^= 0x10;
        return damaged;
    }
}
