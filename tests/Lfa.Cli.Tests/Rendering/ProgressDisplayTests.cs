using Lfa.Cli.Rendering;
using Lfa.Encoders.Hub;

namespace Lfa.Cli.Tests.Rendering;

public sealed class ProgressDisplayTests
{
    [Fact]
    public void Display_LongWork_ShowsLossAndPart()
    {
        using var error = new StringWriter();
        using (var progress = new ProgressDisplay(error, isWatched: true, "aligning", delay: TimeSpan.Zero))
        {
            // The bar is drawn on a thread of its own.
            for (var i = 0; i < 100 && !error.ToString().Contains("loss 0.25", StringComparison.Ordinal); i++)
            {
                progress.Report(new FitProgress(30, 40, 0.25));
                Thread.Sleep(50);
            }
        }
        error.ToString().ShouldContain("refining, loss 0.25");
        error.ToString().ShouldContain("75%");
    }

    [Fact]
    public void Display_Download_ShowsFileAndBytes()
    {
        using var error = new StringWriter();
        using (var progress = new ProgressDisplay(error, isWatched: true, "asking", delay: TimeSpan.Zero))
        {
            for (var i = 0; i < 100 && !error.ToString().Contains("1.5 of 6.0 MB", StringComparison.Ordinal); i++)
            {
                progress.Report(new DownloadProgress("x.onnx", 1_500_000, 6_000_000));
                Thread.Sleep(50);
            }
        }
        error.ToString().ShouldContain("x.onnx, 1.5 of 6.0 MB");
        error.ToString().ShouldContain("25%");
    }

    [Fact]
    public void Display_PullThatWaits_SaysSo()
    {
        using var error = new StringWriter();
        using (var progress = new ProgressDisplay(error, isWatched: true, "asking", delay: TimeSpan.Zero))
        {
            for (var i = 0; i < 100 && !error.ToString().Contains("another pull", StringComparison.Ordinal); i++)
            {
                progress.Report(new DownloadProgress("x.onnx", 0, 6_000_000) { IsWaiting = true });
                Thread.Sleep(50);
            }
        }
        error.ToString().ShouldContain("x.onnx, waiting for another pull");
    }

    [Fact]
    public void Display_ShortWork_ShowsNothing()
    {
        using var error = new StringWriter();
        using (var progress = new ProgressDisplay(error, isWatched: true, "aligning"))
            progress.Report(1, 2);
        error.ToString().ShouldBeEmpty();
    }

    [Fact]
    public void Display_NobodyWatches_ShowsNothing()
    {
        using var error = new StringWriter();
        using (var progress = new ProgressDisplay(error, isWatched: false, "aligning", delay: TimeSpan.Zero))
        {
            progress.Report(1, 2);
            Thread.Sleep(100);
        }
        error.ToString().ShouldBeEmpty();
    }
}
