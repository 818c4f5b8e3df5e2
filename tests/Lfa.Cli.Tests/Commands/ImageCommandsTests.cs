using System.Globalization;
using Lfa.Cli.Tests.Support;
using Lfa.IO;
using Sylvan.Data.Csv;

namespace Lfa.Cli.Tests.Commands;

/// <summary>fit, evaluate and predict on images.</summary>
public sealed class ImageCommandsTests : IDisposable
{
    private readonly ImageTask _task = new();

    public void Dispose() => _task.Dispose();

    [Fact]
    public void Fit_Again_TakesTheFeaturesFromTheCacheAndGivesTheSameModel()
    {
        Fit("first.safetensors");
        var before = CacheFiles();
        before.Length.ShouldBe(2); // of images and of class names
        Fit("second.safetensors");
        CacheFiles().ShouldBe(before);
        File.ReadAllBytes(_task["second.safetensors"]).ShouldBe(File.ReadAllBytes(_task["first.safetensors"]));

        void Fit(string output)
        {
            var result = ToolProcess.Run(ToolProcess.Dotnet, [ToolProcess.ToolPath, "fit", _task.Images, "--model", _task.Model, "-o", _task[output], "--iterations", "3"], environment: _task.Cache);
            (result.ExitCode, result.Error).ShouldBe((0, ""));
        }

        (string, long)[] CacheFiles() => [.. Directory.GetFiles(_task["cache"]).Order(StringComparer.Ordinal).Select(path => (path, new FileInfo(path).Length))];
    }

    [Fact]
    public void Fit_DamagedCache_EmbedsAgain()
    {
        string[] args = [ToolProcess.ToolPath, "fit", _task.Images, "--model", _task.Model, "-o", _task["m.safetensors"], "--iterations", "3"];
        ToolProcess.Run(ToolProcess.Dotnet, args, environment: _task.Cache).ExitCode.ShouldBe(0);
        var expected = File.ReadAllBytes(_task["m.safetensors"]);
        foreach (var file in Directory.GetFiles(_task["cache"]))
        {
            var bytes = File.ReadAllBytes(file);
            bytes[bytes.Length / 2] ^= 0x55;
            File.WriteAllBytes(file, bytes);
        }
        ToolProcess.Run(ToolProcess.Dotnet, args, environment: _task.Cache).ExitCode.ShouldBe(0);
        File.ReadAllBytes(_task["m.safetensors"]).ShouldBe(expected);
    }

    [Fact]
    public void Fit_CacheThatIsAFile_WorksWithoutIt()
    {
        var result = ToolProcess.Run(ToolProcess.Dotnet, [ToolProcess.ToolPath, "fit", _task.Images, "--model", _task.Model, "--iterations", "3"], environment: ("LFA_CACHE", _task.Save("file", "x")));
        (result.ExitCode, result.Error).ShouldBe((0, ""));
    }

    [Fact]
    public void Predict_WithoutModel_TakesTheOneOfTheFit()
    {
        var rows = Rows(Predict(_task.Fit(), _task.Images));
        rows.Select(row => row[0]).ShouldBe([.. Enumerable.Range(0, 5).Select(i => $"red_ball/{i}.png"), .. Enumerable.Range(0, 5).Select(i => $"sky/{i}.png")]);
        rows.Select(row => row[1]).ShouldBe([.. Enumerable.Repeat("red ball", 5), .. Enumerable.Repeat("sky", 5)]);
        rows.ShouldAllBe(row => float.Parse(row[2], CultureInfo.InvariantCulture) > 0.5f);
    }

    [Fact]
    public void Predict_OneImageOrAList_GivesTheirRows()
    {
        var fitted = _task.Fit();
        var image = Path.Combine(_task.Images, "sky", "2.png");
        Rows(Predict(fitted, image)).Single()[..2].ShouldBe([image, "sky"]);
        Rows(Predict(fitted, _task.Save("list.txt", "images/sky/2.png\nimages/red_ball/2.png\n"))).Select(row => row[1]).ShouldBe(["sky", "red ball"]);
    }

    [Theory]
    [InlineData("nothing-here", "there is no such file")]
    [InlineData("text.md", "text.md is neither an image, a folder nor a list")]
    public void Fit_NoImages_SaysWhatIsWrong(string name, string expected)
    {
        _task.Save("text.md", "text");
        Tool.Fail("fit", _task[name], "--model", _task.Model).ShouldContain(expected);
    }

    [Fact]
    public void AnyCommand_NameThatIsNoModel_IsRefusedWithoutTheNetwork()
    {
        Tool.Fail("fit", _task.Images, "--model", "emojii", "--no-cache").ShouldContain("lfa: emojii: there is no such folder, and models of hubs are named owner/name");
        Tool.Fail("models", "pull", "emoji").ShouldContain("comes with the tool");
    }

    [Fact]
    public void Predict_OtherModelThanThatOfTheFit_IsRefused()
    {
        var fitted = _task.Fit();
        var other = TinyModel.Write(_task["other"], masked: false);
        File.AppendAllText(Path.Combine(other, "preprocessor_config.json"), " ");
        foreach (var command in new[] { "predict", "evaluate" })
            Tool.Fail(command, fitted, _task.Images, "--model", other, "--no-cache").ShouldBe($"lfa: the classifier was fitted to features of {_task.Model}, and {other} is not the same model; give it with --model.");
    }

    [Fact]
    public void Predict_ModelOfTheFitIsGone_AsksForIt()
    {
        var fitted = _task.Fit();
        Directory.Move(_task.Model, _task["moved"]);
        var result = ToolProcess.Run(ToolProcess.Dotnet, [ToolProcess.ToolPath, "predict", fitted, _task.Images], environment: [.. _task.Cache, ("HF_HUB_OFFLINE", "1")]);
        var line = result.ShouldBeBadInput();
        line.ShouldContain($"the classifier was fitted with the model {_task.Model}, which cannot be opened from here");
        line.ShouldEndWith("say with --model where it is.");
        Tool.Succeed("predict", fitted, _task.Images, "--model", _task["moved"], "--no-cache").ShouldContain("sky/0.png,sky,");
    }

    [Fact]
    public void Predict_ClassifierOfAFeatureFile_AsksForTheModel()
    {
        _task.Embed(_task.Images);
        // A file of embed tells its encoder.
        Tool.Succeed("fit", _task["f.npz"], "-o", _task["m.safetensors"], "--iterations", "3");
        Predict(_task["m.safetensors"], _task.Images).ShouldBe(Predict(_task.Fit(), _task.Images));
        FeatureFile.Write(_task["bare.npz"], FeatureFile.Read(_task["f.npz"]).WithEncoders(null, null));
        Tool.Succeed("fit", _task["bare.npz"], "-o", _task["m.safetensors"], "--iterations", "3");
        Tool.Fail("predict", _task["m.safetensors"], _task.Images).ShouldContain("the classifier does not tell which model embedded its images; give --model.");
        Predict(_task["m.safetensors"], _task.Images, "--model", _task.Model).ShouldBe(Predict(_task.Fit(), _task.Images));
        Rows(Predict(_task.Fit(), _task["f.npz"])).Count.ShouldBe(10); // features of a file, by a classifier of images
    }

    [Fact]
    public void Predict_UnreadableImage_IsOneLine()
    {
        var fitted = _task.Fit();
        Tool.Fail("predict", fitted, _task.Save("text.jpg", "text"), "--no-cache").ShouldStartWith($"lfa: {_task["text.jpg"]}: this is not an image");
        _task.Save("none/a.jpg", "text");
        _task.Save("none/b.jpg", []);
        Tool.Fail("predict", fitted, _task["none"], "--no-cache", "-o", _task["x.csv"]).ShouldStartWith("lfa: none of the 2 images can be read; the first: a.jpg: this is not");
        File.Exists(_task["x.csv"]).ShouldBeFalse();
        Tool.Fail("predict", fitted, _task["nowhere.jpg"]).ShouldEndWith("nowhere.jpg: there is no such file.");
    }

    [Fact]
    public void Predict_SomeUnreadable_GivesTheOthers()
    {
        var fitted = _task.Fit();
        _task.Save("images/a.jpg", "text");
        _task.Save("images/sky/notes.txt", "text");
        _task.Save("images/z.png", []);
        var result = Tool.Run("predict", fitted, _task.Images, "--no-cache");
        result.ExitCode.ShouldBe(0);
        Rows(result.Output).Count.ShouldBe(10);
        result.Error.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ShouldBe(
        [
            "lfa: passed over 1 file that is neither image nor video.",
            "lfa: left out a.jpg: this is not an image of a format that is read (JPEG, PNG, WebP, GIF, TIFF, AVIF); convert or remove it.",
            "lfa: left out z.png: the file is empty.",
        ]);
    }

    [Fact]
    public void Predict_NamesThatCsvQuotes_StayOneField()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such names.");
        _task.Save("odd/big, \"red\" ball/a.png", ImageTask.Red());
        _task.Save("odd/the\nsky/b\r\n,c.png", ImageTask.Blue());
        Tool.Succeed("fit", _task["odd"], "--model", _task.Model, "--no-cache", "--iterations", "3", "-o", _task["m.safetensors"]);
        Rows(Predict(_task["m.safetensors"], _task["odd"], "--top", "2")).Select(row => row[..2]).ShouldBe(
        [
            ["big, \"red\" ball/a.png", "big, \"red\" ball"],
            ["the\nsky/b\r\n,c.png", "the\nsky"],
        ]);
        Predict(_task["m.safetensors"], _task["odd"], "-o", _task["x.jsonl"]);
        File.ReadAllLines(_task["x.jsonl"]).Length.ShouldBe(2);
    }

    [Fact]
    public void Evaluate_Folder_MeasuresIt()
    {
        var json = Tool.SucceedWithJson("evaluate", _task.Fit(), _task.Images, "--no-cache", "--json");
        (json.GetProperty("samples").GetInt32(), json.GetProperty("classes").GetInt32(), json.GetProperty("top1").GetDouble()).ShouldBe((10, 2, 100));
    }

    [Fact]
    public void TestFolder_WithoutSomeClasses_IsMeasuredOnTheOthers()
    {
        _task.Save("test/SKY/a.png", ImageTask.Blue());
        Tool.Succeed("evaluate", _task.Fit(), _task["test"], "--no-cache").ShouldContain("1 image of 2 classes");
        Tool.Succeed("fit", _task.Images, "--test", _task["test"], "--model", _task.Model, "--no-cache", "--iterations", "3").ShouldContain($"Accuracy in per cent on {_task["test"]}");
    }

    [Fact]
    public void TestFolder_OfAnotherClass_IsNamed()
    {
        var fitted = _task.Fit();
        _task.Save("test/bird/a.png", ImageTask.Blue());
        Tool.Fail("evaluate", fitted, _task["test"], "--no-cache").ShouldBe($"lfa: the classes of {fitted}: bird is none of them; rename it to its class, or take it out.");
        Tool.Fail("fit", _task.Images, "--test", _task["test"], "--model", _task.Model, "--no-cache").ShouldBe($"lfa: the classes of {_task.Images}: bird is none of them; rename it to its class, or take it out.");
    }

    [Fact]
    public void TestFolder_NamesThatALineWouldSplit_AreTheSameClasses()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere names do not differ in case, or hold no tab.");
        foreach (var (name, content) in new[] { ("x = y", ImageTask.Red()), ("Cat", ImageTask.Blue()), ("cat", ImageTask.Blue(20)), ("a\tb", ImageTask.Red(20)) })
            _task.Save($"odd/{name}/1.png", content);
        Tool.Succeed("fit", _task["odd"], "--test", _task["odd"], "--model", _task.Model, "--no-cache", "--iterations", "3", "-o", _task["m.safetensors"]);
        Tool.Succeed("evaluate", _task["m.safetensors"], _task["odd"], "--no-cache").ShouldContain("4 images of 4 classes");
    }

    [Fact]
    public void AnyCommand_ImagesWithoutClasses_SaysHowToGiveThem()
    {
        var list = _task.Save("list.txt", "images/sky/2.png\n");
        Tool.Fail("fit", list, "--model", _task.Model, "--no-cache").ShouldContain("list.txt: The dataset has no class names");
        Tool.Fail("evaluate", _task.Fit(), list, "--no-cache").ShouldContain("list.txt: The test images have no labels");
    }

    [Fact]
    public void Fit_ClassOfWhichNothingCanBeRead_IsNamed()
    {
        _task.Save("images/broken/a.jpg", "text");
        var result = Tool.Run("fit", _task.Images, "--model", _task.Model, "--no-cache");
        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain("lfa: left out broken/a.jpg: ");
        result.Error.ShouldContain("\"broken\") has no example among the 10 labeled images");
    }

    private static string Predict(string fitted, string images, params string[] options) => Tool.Succeed(["predict", fitted, images, "--no-cache", .. options]);

    private static List<string[]> Rows(string csv)
    {
        using var reader = CsvDataReader.Create(new StringReader(csv));
        var rows = new List<string[]>();
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)]);
        return rows;
    }
}
