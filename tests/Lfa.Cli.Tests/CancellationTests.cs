using Lfa.Cli.Tests.Support;

namespace Lfa.Cli.Tests;

public sealed class CancellationTests : IDisposable
{
    private readonly SmallTask _task = new();

    public void Dispose() => _task.Dispose();

    [Fact]
    public void Fit_Cancelled_ExitsWith130AndWritesNothing()
    {
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        var result = Tool.Run(cancellation.Token, "fit", _task.TrainPath, "-o", _task["model.safetensors"], "--iterations", "10000000");
        result.ShouldBe(new ToolResult(130, "", $"lfa: canceled; nothing was left half-written.{Environment.NewLine}"));
        _task.Files.ShouldBe(["test.npz", "train.npz"]);
    }

    [Fact]
    public void AnyCommand_AlreadyCancelled_PrintsAndWritesNothing()
    {
        var model = _task.FitModel();
        var before = _task.Files.ToArray();
        foreach (var args in new string[][] { ["fit", _task.TrainPath], ["evaluate", model, _task.TestPath], ["predict", model, _task.TestPath, "-o", _task["x.csv"]], ["inspect", model], ["export", model, "-o", _task["x.npy"]] })
        {
            var result = Tool.Run(new CancellationToken(canceled: true), args);
            (result.ExitCode, result.Output).ShouldBe((130, ""));
        }
        _task.Files.ShouldBe(before);
    }

    [Trait(Speed.Trait, Speed.Slow)]
    [Fact]
    public void Fit_Interrupted_ExitsWith130AndWritesNothing()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows sends no SIGINT to a process without a console.");
        var result = ToolProcess.Run(ToolProcess.Dotnet, [ToolProcess.ToolPath, "fit", _task.TrainPath, "-o", _task["model.safetensors"], "--iterations", "10000000"], meanwhile: process =>
        {
            Thread.Sleep(1500); // the process has its handler well before, and the fit takes far longer
            ToolProcess.Run("/bin/sh", ["-c", $"kill -INT {process.Id}"]);
        });
        result.ShouldBe(new ToolResult(130, "", "lfa: canceled; nothing was left half-written.\n"));
        _task.Files.ShouldBe(["test.npz", "train.npz"]);
    }
}
