using ReadmeExamples;

namespace Lfa.Encoders.Tests;

/// <summary>What README.md tells a reader to run on images.</summary>
/// <remarks>The example uses relative paths and the console, which all tests share, so it runs beside no other.</remarks>
[CollectionDefinition(nameof(ReadmeTests), DisableParallelization = true)]
[Collection(nameof(ReadmeTests))]
public class ReadmeTests
{
    [Fact]
    public void Example_OfReadme_IsTheOneThatRuns() => Readme.ShouldHold(0, "tests/Lfa.Encoders.Tests/ReadmeExample.cs");

    [Fact]
    public void Example_OnImages_FitsAndPredicts()
    {
        using var folder = new TemporaryFolder();
        TinyModel.Write(folder["samples/emoji/model"]);
        for (var i = 0; i < 8; i++)
        {
            folder.Write($"photos/ripe_tomato/{i}.png", TinyImage.Png(200 + i, 30, 30));
            folder.Write($"photos/sky/{i}.png", TinyImage.Png(30, 30, 200 + i));
        }
        folder.Write("new/red.png", TinyImage.Png(220, 20, 25));
        folder.Write("new/broken.png", "no image"u8.ToArray());
        folder.Write("new/blue.png", TinyImage.Png(20, 25, 220));

        Environment.SetEnvironmentVariable("LFA_CACHE", folder["cache"]);
        var lines = Readme.RunIn(folder.FullName, () => ReadmeExample.Run().GetAwaiter().GetResult());
        Environment.SetEnvironmentVariable("LFA_CACHE", null);
        lines.Length.ShouldBe(2); // An image that cannot be read is skipped.
        lines[0].ShouldMatch(@"^blue.png: sky [01]\.\d\d$");
        lines[1].ShouldMatch(@"^red.png: ripe tomato [01]\.\d\d$");
        File.Exists(folder["model.safetensors"]).ShouldBeTrue();
    }
}
