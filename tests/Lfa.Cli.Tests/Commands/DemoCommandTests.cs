using System.Globalization;
using Lfa.Cli.Tests.Support;
using Lfa.IO;

namespace Lfa.Cli.Tests.Commands;

[Trait(Speed.Trait, Speed.Slow)]
public sealed class DemoCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Demo_OnHeldOutImages_AdaptsAndKeepsWhatItShows()
    {
        var text = Tool.Succeed("demo", "--out", _folder["demo"]);
        var mean = text.Split('\n').First(line => line.StartsWith("mean ", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var (zeroShot, lfa, gain) = (Number(mean[1]), Number(mean[3]), Number(mean[4]));
        lfa.ShouldBeGreaterThan(zeroShot);
        gain.ShouldBe(lfa - zeroShot, 0.011);

        Directory.GetFiles(_folder["demo"]).Select(Path.GetFileName).Order().ShouldBe(["contact-sheet.html", "model.safetensors", "test.npz", "train.npz"]);
        FeatureFile.Read(_folder["demo/train.npz"]).SampleCount.ShouldBe(8 * 28);
        Tool.Succeed("evaluate", _folder["demo/model.safetensors"], _folder["demo/test.npz"]).ShouldContain("28 classes");
    }

    [Fact]
    public void Demo_ContactSheet_ShowsEveryTestImageOnce()
    {
        Tool.Succeed("demo", "--out", _folder["demo"]);
        var sheet = File.ReadAllText(_folder["demo/contact-sheet.html"]);
        var test = FeatureFile.Read(_folder["demo/test.npz"]);
        sheet.Split("<figure ").Length.ShouldBe(test.SampleCount + 1);
        sheet.ShouldContain("Put right by adaptation");
        sheet.ShouldNotContain("src=\"http");
    }

    [Theory]
    [InlineData("--shots", "1000", "take fewer shots")]
    [InlineData("--shots", "0", "expected 1 or more")]
    [InlineData("--seed", "2147483647", "expected a smaller number")]
    public void Demo_OptionOutOfRange_IsRefused(string option, string value, string expected) =>
        Tool.Fail("demo", "--out", _folder["demo"], option, value).ShouldContain(expected);

    [Fact]
    public void Demo_FileForFolder_IsRefused() =>
        Tool.Fail("demo", "--out", _folder.Write("file", [])).ShouldContain(_folder["file"]);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
