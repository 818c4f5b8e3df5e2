using System.Globalization;
using Lfa.Cli.Tests.Support;
using Lfa.Tests.Support;

namespace Lfa.Cli.Tests.Commands;

public sealed class DemoCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Demo_RunsTheWholePipeline()
    {
        var text = Tool.Succeed("demo", "--out", _folder["demo"], "--seed", "2");
        Directory.GetFiles(_folder["demo"]).Select(Path.GetFileName).Order().ShouldBe(["demo-model.safetensors", "demo-predictions.csv", "demo-test.npz", "demo-train.npz"]);
        Top1(text, "LFA").ShouldBeGreaterThan(Top1(text, "β-Procrustes"));
        Top1(text, "β-Procrustes").ShouldBeGreaterThan(Top1(text, "zero-shot"));
        text.ShouldContain("$ lfa evaluate");
        text.ShouldContain("$ lfa predict");
        text.ShouldEndWith($"lfa fit train.npz --test test.npz -o model.safetensors{Environment.NewLine}");
        File.ReadLines(_folder["demo/demo-predictions.csv"]).Count().ShouldBe(2001);
    }

    [Fact]
    public void Demo_FileForFolder_IsRefused() =>
        Tool.Fail("demo", "--out", _folder.Write("file", [])).ShouldContain(_folder["file"]);

    private static double Top1(string text, string stage)
    {
        var line = text.Split('\n').First(line => line.StartsWith(stage + " ", StringComparison.Ordinal));
        return double.Parse(line[stage.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);
    }
}
