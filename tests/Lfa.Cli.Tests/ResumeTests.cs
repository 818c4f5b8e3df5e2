using System.Diagnostics;
using Lfa.Cli.Tests.Support;
using Lfa.IO;

namespace Lfa.Cli.Tests;

/// <summary>A run of embed that ends before its time is gone on with.</summary>
[Trait(Speed.Trait, Speed.Slow)]
public sealed class ResumeTests(ManyImages many) : IClassFixture<ManyImages>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Embed_KilledInTheMiddle_GoesOnToTheSameBytes() => KillAndGoOn(many.Images, ManyImages.Count, batch: 2);

    [Fact]
    public void Embed_KilledAmongPhotographs_GoesOnToTheSameBytes()
    {
        var photographs = Path.GetDirectoryName(SharedFolder.Require("real/README.md"))! + "/caltech101_images";
        Assert.SkipUnless(Directory.Exists(photographs), "The shared folder has no photographs.");
        KillAndGoOn(photographs, 472, batch: 4);
        var embedded = FeatureFile.Read(_folder["f.npz"]);
        embedded.SampleCount.ShouldBe(472);
        embedded.FileNames!.Distinct().Count().ShouldBe(472);
    }

    [Fact]
    public void Embed_Interrupted_CanBeGoneOnWith()
    {
        SkipWithoutSignals();
        var result = Run(many.Images, batch: 2, process =>
        {
            WaitForRecords();
            ToolProcess.Signal(process, "INT");
        });
        result.ShouldBe(new ToolResult(130, "", "lfa: canceled; run it again to go on where it stopped.\n"));
        File.Exists(_folder["f.npz"]).ShouldBeFalse();
        Run(many.Images, batch: 2).Output.ShouldContain("An earlier run had done ");
    }

    [Fact]
    public void Embed_WhileAnotherWritesTheSame_SaysSo()
    {
        SkipWithoutSignals();
        var first = Run(many.Images, batch: 2, process =>
        {
            WaitForRecords();
            ToolProcess.Signal(process, "STOP");
            Tool.Fail("embed", many.Images, "--model", many.Model, "-o", _folder["f.npz"]).ShouldBe($"lfa: {_folder["f.npz"]}: another process is writing this file; wait for it, or give another name.");
            ToolProcess.Signal(process, "CONT");
        });
        (first.ExitCode, first.Error).ShouldBe((0, ""));
        FeatureFile.Read(_folder["f.npz"]).SampleCount.ShouldBe(ManyImages.Count);
    }

    [Fact]
    public void Embed_DiskThatFillsUp_KeepsWhatIsDone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The limit is set in a shell.");
        var line = RunLimited("embed", many.Images, "--model", many.Model, "-o", _folder["f.npz"], "--image-batch", "2").ShouldBeBadInput();
        line.ShouldStartWith($"lfa: {_folder["f.npz"]}: no more can be kept (");
        line.ShouldEndWith("; make room and run it again, to go on where it stopped.");
        Run(many.Images, batch: 2).Output.ShouldContain("An earlier run had done ");
        FeatureFile.Read(_folder["f.npz"]).SampleCount.ShouldBe(ManyImages.Count);
    }

    [Fact]
    public void Fit_DiskOfTheCacheFillsUp_WorksOn()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The limit is set in a shell.");
        using var task = new ImageTask();
        for (var i = 0; i < 200; i++)
            task.Save($"images/sky/more{i}.png", [.. ImageTask.Blue(), .. BitConverter.GetBytes(i)]);
        var result = RunLimited("fit", task.Images, "--model", task.Model, "--iterations", "3");
        (result.ExitCode, result.Error).ShouldBe((0, ""));
        Directory.GetFiles(_folder["cache"]).Sum(path => new FileInfo(path).Length).ShouldBeInRange(1, 200 * 200);
    }

    [Fact]
    public void Embed_FolderGoneInTheMiddle_NamesWhatIsMissing()
    {
        SkipWithoutSignals();
        var images = ManyImages.Write(_folder["images"], 1000);
        var result = Run(images, batch: 2, process =>
        {
            WaitForRecords();
            Directory.Move(images, images + "-gone");
        });
        result.ExitCode.ShouldBe(0);
        var lost = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lost.ShouldNotBeEmpty();
        lost.ShouldAllBe(line => line.StartsWith("lfa: left out sky/", StringComparison.Ordinal));
        FeatureFile.Read(_folder["f.npz"]).SampleCount.ShouldBe(1000 - lost.Length);
    }

    private void KillAndGoOn(string images, int count, int batch)
    {
        Run(images, batch).ExitCode.ShouldBe(0);
        var whole = File.ReadAllBytes(_folder["f.npz"]);
        File.Delete(_folder["f.npz"]);

        Run(images, batch, process =>
        {
            WaitForRecords();
            process.Kill(entireProcessTree: true);
        }).Output.ShouldBeEmpty();
        File.Exists(_folder["f.npz"]).ShouldBeFalse();
        File.Exists(_folder["f.npz.partial"]).ShouldBeTrue();

        var resumed = Run(images, batch, options: "--json");
        using var json = System.Text.Json.JsonDocument.Parse(resumed.Output);
        json.RootElement.GetProperty("resumed").GetInt32().ShouldBeInRange(1, count - 1);
        File.ReadAllBytes(_folder["f.npz"]).ShouldBe(whole);
        Directory.GetFiles(_folder.FullName, "f.npz*").ShouldBe([_folder["f.npz"]]);
    }

    private ToolResult Run(string images, int batch, Action<Process>? meanwhile = null, params string[] options) => ToolProcess.Run(
        ToolProcess.Dotnet,
        [ToolProcess.ToolPath, "embed", images, "--model", many.Model, "-o", _folder["f.npz"], "--image-batch", Invariant($"{batch}"), .. options],
        meanwhile: meanwhile, environment: ("LFA_CACHE", _folder["cache"]));

    // No file may grow beyond some kilobytes.
    private ToolResult RunLimited(params string[] args) => ToolProcess.Run(
        "/bin/sh", ["-c", "trap '' XFSZ; ulimit -f 20; exec \"$@\"", "sh", ToolProcess.Dotnet, ToolProcess.ToolPath, .. args],
        environment: [("LFA_CACHE", _folder["cache"]), ("DOTNET_EnableWriteXorExecute", "0")]);

    // Some dozens of images of 200 bytes each.
    private void WaitForRecords() =>
        SpinWait.SpinUntil(() => new FileInfo(_folder["f.npz.partial"]) is { Exists: true, Length: > 8000 }, TimeSpan.FromMinutes(1)).ShouldBeTrue();

    private static void SkipWithoutSignals() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows sends no signals.");
}
