using System.Diagnostics;
using Lfa.Cli.Tests.Support;
using Lfa.IO;
using Lfa.Tests.Support;

namespace Lfa.Cli.Tests;

/// <summary>A run of embed that ends before its time is gone on with.</summary>
public sealed class ResumeTests(ManyPictures many) : IClassFixture<ManyPictures>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Embed_KilledInTheMiddle_GoesOnToTheSameBytes() => KillAndGoOn(many.Pictures, ManyPictures.Count, batch: 2);

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
        var result = Run(many.Pictures, batch: 2, process =>
        {
            WaitForRecords();
            ToolProcess.Signal(process, "INT");
        });
        result.ShouldBe(new ToolResult(130, "", "lfa: cancelled; run it again to go on where it stopped.\n"));
        File.Exists(_folder["f.npz"]).ShouldBeFalse();
        Run(many.Pictures, batch: 2).Output.ShouldContain("An earlier run had done ");
    }

    [Fact]
    public void Embed_WhileAnotherWritesTheSame_SaysSo()
    {
        SkipWithoutSignals();
        var first = Run(many.Pictures, batch: 2, process =>
        {
            WaitForRecords();
            ToolProcess.Signal(process, "STOP");
            Tool.Fail("embed", many.Pictures, "--model", many.Model, "-o", _folder["f.npz"]).ShouldBe($"lfa: {_folder["f.npz"]}: another process is writing this file; wait for it, or give another name.");
            ToolProcess.Signal(process, "CONT");
        });
        (first.ExitCode, first.Error).ShouldBe((0, ""));
        FeatureFile.Read(_folder["f.npz"]).SampleCount.ShouldBe(ManyPictures.Count);
    }

    [Fact]
    public void Embed_DiskThatFillsUp_KeepsWhatIsDone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The limit is set in a shell.");
        var line = RunLimited("embed", many.Pictures, "--model", many.Model, "-o", _folder["f.npz"], "--batch", "2").ShouldBeBadInput();
        line.ShouldStartWith($"lfa: {_folder["f.npz"]}: no more can be kept (");
        line.ShouldEndWith("; make room and run it again, to go on where it stopped.");
        Run(many.Pictures, batch: 2).Output.ShouldContain("An earlier run had done ");
        FeatureFile.Read(_folder["f.npz"]).SampleCount.ShouldBe(ManyPictures.Count);
    }

    [Fact]
    public void Fit_DiskOfTheCacheFillsUp_WorksOn()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The limit is set in a shell.");
        using var task = new PictureTask();
        for (var i = 0; i < 200; i++)
            task.Save($"pictures/sky/more{i}.png", [.. PictureTask.Blue(), .. BitConverter.GetBytes(i)]);
        var result = RunLimited("fit", task.Pictures, "--model", task.Model, "--iterations", "3");
        (result.ExitCode, result.Error).ShouldBe((0, ""));
        Directory.GetFiles(_folder["cache"]).Sum(path => new FileInfo(path).Length).ShouldBeInRange(1, 200 * 200);
    }

    [Fact]
    public void Embed_FolderGoneInTheMiddle_NamesWhatIsMissing()
    {
        SkipWithoutSignals();
        var pictures = ManyPictures.Write(_folder["pictures"], 1000);
        var result = Run(pictures, batch: 2, process =>
        {
            WaitForRecords();
            Directory.Move(pictures, pictures + "-gone");
        });
        result.ExitCode.ShouldBe(0);
        var lost = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lost.ShouldAllBe(line => line.StartsWith("lfa: left out sky/", StringComparison.Ordinal));
        FeatureFile.Read(_folder["f.npz"]).SampleCount.ShouldBe(1000 - lost.Length);
    }

    private void KillAndGoOn(string pictures, int count, int batch)
    {
        Run(pictures, batch).ExitCode.ShouldBe(0);
        var whole = File.ReadAllBytes(_folder["f.npz"]);
        File.Delete(_folder["f.npz"]);

        Run(pictures, batch, process =>
        {
            WaitForRecords();
            process.Kill(entireProcessTree: true);
        }).Output.ShouldBeEmpty();
        File.Exists(_folder["f.npz"]).ShouldBeFalse();
        File.Exists(_folder["f.npz.partial"]).ShouldBeTrue();

        var resumed = Run(pictures, batch, options: "--json");
        using var json = System.Text.Json.JsonDocument.Parse(resumed.Output);
        json.RootElement.GetProperty("resumed").GetInt32().ShouldBeInRange(1, count - 1);
        File.ReadAllBytes(_folder["f.npz"]).ShouldBe(whole);
        Directory.GetFiles(_folder.FullName, "f.npz*").ShouldBe([_folder["f.npz"]]);
    }

    private ToolResult Run(string pictures, int batch, Action<Process>? meanwhile = null, params string[] options) => ToolProcess.Run(
        ToolProcess.Dotnet,
        [ToolProcess.ToolPath, "embed", pictures, "--model", many.Model, "-o", _folder["f.npz"], "--batch", Invariant($"{batch}"), .. options],
        meanwhile: meanwhile, environment: ("LFA_CACHE", _folder["cache"]));

    // No file may grow beyond some kilobytes.
    private ToolResult RunLimited(params string[] args) => ToolProcess.Run(
        "/bin/sh", ["-c", "trap '' XFSZ; ulimit -f 20; exec \"$@\"", "sh", ToolProcess.Dotnet, ToolProcess.ToolPath, .. args],
        environment: [("LFA_CACHE", _folder["cache"]), ("DOTNET_EnableWriteXorExecute", "0")]);

    // Some dozens of pictures of 200 bytes each.
    private void WaitForRecords() =>
        SpinWait.SpinUntil(() => new FileInfo(_folder["f.npz.partial"]) is { Exists: true, Length: > 8000 }, TimeSpan.FromMinutes(1)).ShouldBeTrue();

    private static void SkipWithoutSignals() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows sends no signals.");
}
