using Lfa.Cli.Tests.Support;

namespace Lfa.Cli.Tests;

/// <summary>An output that cannot be written is found before the work, and never left half-written.</summary>
public sealed class BadOutputTests : IDisposable
{
    private readonly SmallTask _task = new();

    public void Dispose() => _task.Dispose();

    [Fact]
    public void AnyCommand_FolderOfOutputMissing_IsFoundBeforeTheWork()
    {
        // The inputs do not exist either: the output is looked at first.
        foreach (var args in new string[][] { ["fit", "no.npz", "-o", _task["sub/x.safetensors"]], ["predict", "no", "no.npz", "-o", _task["sub/x.csv"]], ["export", "no", "-o", _task["sub/x.npy"]] })
            Tool.Fail(args).ShouldContain($"sub does not exist; create it first.");
    }

    [Fact]
    public void AnyCommand_OutputIsFolder_SaysSo()
    {
        Directory.CreateDirectory(_task["x.csv"]);
        Tool.Fail("fit", _task.TrainPath, "-o", _task.FullName).ShouldBe($"lfa: {_task.FullName} is a folder; give the name of a file.");
        Tool.Fail("predict", _task.FitModel(), _task.TestPath, "-o", _task["x.csv"]).ShouldEndWith("x.csv is a folder; give the name of a file.");
    }

    [Fact]
    public void AnyCommand_OutputLinksToInput_IsRefused()
    {
        var before = File.ReadAllBytes(_task.TrainPath);
        File.CreateSymbolicLink(_task["link.npz"], _task.TrainPath);
        Tool.Fail("fit", _task.TrainPath, "-o", _task["link.npz"]).ShouldContain("the output would replace an input");
        Tool.Fail("fit", _task["link.npz"], "-o", _task.TrainPath).ShouldContain("the output would replace an input");
        File.ReadAllBytes(_task.TrainPath).ShouldBe(before);
    }

    [Fact]
    public void AnyCommand_EmptyArgument_IsRefused()
    {
        Tool.Fail("fit", "").ShouldContain("an argument is empty");
        Tool.Fail("fit", _task.TrainPath, "-o", "").ShouldContain("an argument is empty");
    }

    [Fact]
    public void Fit_TemperatureTooSmallToDivideBy_IsRefused() =>
        Tool.Fail("fit", _task.TrainPath, "--temperature", "1e-320").ShouldContain("temperature");

    [Fact]
    public void Fit_DivergesBeforeClipping_SaysSo() =>
        Tool.Fail("fit", _task.TrainPath, "--learning-rate", "1e300", "--clip").ShouldContain("diverged");

    [Fact]
    public void AnyCommand_OutputIsInput_IsRefused()
    {
        var before = File.ReadAllBytes(_task.TrainPath);
        Tool.Fail("fit", _task.TestPath, "--text-features", _task.TrainPath, "-o", _task.TrainPath).ShouldContain("the output would replace an input");
        Tool.Fail("embed", _task.FullName, "--text-features", _task.TrainPath, "-o", _task.TrainPath).ShouldContain("the output would replace an input");
        foreach (var args in new string[][] { ["fit", _task.TestPath], ["embed", _task.FullName], ["learn", _task.TestPath], ["update", _task.FitModel(), _task.TestPath] })
            Tool.Fail([.. args, "--classes", _task.TrainPath, "-o", _task.TrainPath]).ShouldContain("the output would replace an input");
        Tool.Fail("fit", _task.TrainPath, "-o", Path.Combine(_task.FullName, ".", "train.npz")).ShouldContain("the output would replace an input");
        File.ReadAllBytes(_task.TrainPath).ShouldBe(before);
    }

    [Theory]
    [InlineData("predict", "x.txt", ".csv or .jsonl")]
    [InlineData("export", "x.csv", ".npy or .npz")]
    public void AnyCommand_OtherExtension_NamesThoseThatWork(string command, string name, string expected)
    {
        string[] features = command == "predict" ? [_task.TestPath] : [];
        Tool.Fail([command, _task.FitModel(), .. features, "-o", _task[name]]).ShouldContain($"{name}: the name of the output must end in {expected}.");
    }

    [Fact]
    public void Fit_DeviceIsFull_SaysSo()
    {
        if (!File.Exists("/dev/full"))
            Assert.Skip("This system has no /dev/full.");
        Tool.Fail("fit", _task.TrainPath, "-o", "/dev/full", "--method", "procrustes").ShouldStartWith("lfa: /dev/full: cannot be written: No space left on device");
    }

    [Fact]
    public void Fit_StdoutIsFull_SaysSo()
    {
        if (!File.Exists("/dev/full"))
            Assert.Skip("This system has no /dev/full.");
        ToolProcess.Run("/bin/sh", ["-c", $"exec '{ToolProcess.Dotnet}' '{ToolProcess.ToolPath}' inspect '{_task.TrainPath}' > /dev/full"]).ShouldBeBadInput().ShouldContain("No space left on device");
    }

    [Fact]
    public void AnyCommand_DiskFullMidway_LeavesTheOldFileAndNoOther()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no limit on the size of a file.");
        var model = _task.FitModel();
        var features = WideFeatures();
        var before = _task.Files.Append("out.csv").Append("new.safetensors").Order(StringComparer.Ordinal).ToArray();
        foreach (var (name, args) in new[] { ("out.csv", $"predict '{model}' '{features}' -o '{_task["out.csv"]}'"), ("new.safetensors", $"fit '{_task.TrainPath}' --iterations 1 -o '{_task["new.safetensors"]}'") })
        {
            File.WriteAllText(_task[name], "old");
            // Files may grow to 4 blocks of 512 bytes; the signal about it is ignored, so that writing fails as on a full disk.
            // The runtime would else map its code through a file.
            var result = ToolProcess.Run("/bin/sh", ["-c", $"trap '' XFSZ; ulimit -f 4; exec '{ToolProcess.Dotnet}' '{ToolProcess.ToolPath}' {args}"],
                environment: [("DOTNET_EnableWriteXorExecute", "0"), ("DOTNET_EnableDiagnostics", "0")]);
            result.ShouldBeBadInput().ShouldStartWith($"lfa: {_task[name]}: cannot be written: ");
            File.ReadAllText(_task[name]).ShouldBe("old");
        }
        _task.Files.ShouldBe(before);
    }

    private string WideFeatures()
    {
        var values = Enumerable.Repeat(1f, 4000 * 24).ToArray();
        return _task.Write("many.npy", NpyBytes.Floats("(4000, 24)", values));
    }
}
