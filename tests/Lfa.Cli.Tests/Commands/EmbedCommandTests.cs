using System.ComponentModel;
using Lfa.Cli.Tests.Support;
using Lfa.Data;
using Lfa.IO;

namespace Lfa.Cli.Tests.Commands;

public sealed class EmbedCommandTests : IDisposable
{
    private readonly ImageTask _task = new();

    private FeatureSet Embedded => FeatureFile.Read(_task["f.npz"]);

    public void Dispose() => _task.Dispose();

    [Fact]
    public void Embed_FolderOfClasses_WritesFeaturesLabelsAndNames()
    {
        _task.Embed(_task.Images).ShouldStartWith($"Wrote {_task["f.npz"]}: 10 images of 2 classes, 48 components, ");
        Embedded.ClassNames.ShouldBe(["red ball", "sky"]);
        Embedded.Labels.ToArray().ShouldBe([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
        Embedded.FileNames![5].ShouldBe("sky/0.png");
        File.Exists(_task["f.npz.partial"]).ShouldBeFalse();
    }

    [Fact]
    public void Embed_Csv_TakesItsClassNames()
    {
        // As spreadsheets write it: a mark at the start, quotes, line ends of two characters.
        _task.Embed(_task.Save("list.csv", "\uFEFFfile,label\r\n\"images/sky/1.png\",\"a, \"\"b\"\"\"\r\nimages/red_ball/0.png,ball\r\n"));
        Embedded.ClassNames.ShouldBe(["a, \"b\"", "ball"]);
        Embedded.FileNames.ShouldBe(["images/sky/1.png", "images/red_ball/0.png"]);
        Embedded.Labels.ToArray().ShouldBe([0, 1]);
    }

    [Fact]
    public void Embed_CsvOfNumbers_TakesTheNamesOfTheList()
    {
        var csv = _task.Save("list.csv", "images/sky/1.png,1\nimages/red_ball/0.png,0\n");
        _task.EmbedFails(csv).ShouldContain("its labels are numbers; give the class names in a file");
        _task.Embed(csv, "--classes", _task.Save("names.txt", "ball\nsky\n"));
        Embedded.ClassNames.ShouldBe(["ball", "sky"]);
        Embedded.Labels.ToArray().ShouldBe([1, 0]);
    }

    [Fact]
    public void Embed_List_WritesImageFeaturesOnly()
    {
        _task.Embed(_task.Save("list.txt", "\uFEFFimages/sky/1.png\r\n\r\nimages/red_ball/0.png\r\n")).ShouldContain(": 2 images without classes, ");
        Tool.Succeed("inspect", _task["f.npz"]).ShouldContain("2 × 48");
    }

    [Fact]
    public void Embed_OneImage_CountsOne() =>
        _task.Embed(Path.Combine(_task.Images, "sky", "0.png")).ShouldContain(": 1 image without classes, ");

    [Fact]
    public void Embed_ClassList_RenamesAndOrders()
    {
        _task.Embed(_task.Images, "--classes", _task.Save("names.txt", "sky = the blue sky\nRed Ball\n"));
        Embedded.ClassNames.ShouldBe(["the blue sky", "Red Ball"]);
        Embedded.Labels.ToArray()[0].ShouldBe(1);
    }

    [Fact]
    public void Embed_Templates_ChangeThePrototypesOnly()
    {
        _task.Embed(_task.Images);
        var plain = Embedded;
        foreach (var templates in new string[][] { ["--template", "a photo of a {}.", "--template", "art of {}"], ["--template", "EuroSAT"] })
        {
            _task.Embed(_task.Images, templates);
            Embedded.ImageFeatures.Values.ToArray().ShouldBe(plain.ImageFeatures.Values.ToArray());
            Embedded.ClassPrototypes.Values.ToArray().ShouldNotBe(plain.ClassPrototypes.Values.ToArray());
        }
    }

    [Fact]
    public void Embed_KeepPrompts_GivesAFitPromptsToWeigh()
    {
        string[] templates = ["--template", "a photo of a {}.", "--template", "art of {}"];
        _task.Embed(_task.Images, [.. templates, "--keep-prompts"]);
        Tool.Succeed("inspect", _task["f.npz"]).ShouldContain("classes: 2; 2 prompts each; 5 to 5 images each; red ball, sky");
        Tool.Succeed("fit", _task["f.npz"], "-o", _task["m.safetensors"]).ShouldMatch(@"(?m)^Prompts: 2 a class, weighed by its images; mean weights \d\.\d\d, \d\.\d\d\r?$");
        Tool.Succeed("fit", _task.Images, "--model", _task.Model, "--no-cache", "--template", "a photo of a {}.", "--template", "art of {}").ShouldContain("Prompts: 2 a class");
        Tool.Succeed("predict", _task["m.safetensors"], _task["f.npz"]).ShouldContain("sky");
        _task.Embed(_task.Images, templates);
        Tool.Succeed("fit", _task["f.npz"]).ShouldNotContain("Prompts:");
    }

    [Fact]
    public void Embed_FiveCrops_KeepsTheCenterAsOfOne()
    {
        _task.Embed(_task.Images);
        var center = Embedded.ImageFeatures.Values.ToArray();
        _task.Embed(_task.Images, "--crops", "5");
        Embedded.Crops.Count.ShouldBe(5);
        Embedded.ImageFeatures.Values.ToArray().ShouldBe(center);
    }

    [Fact]
    public void Embed_Shards_TogetherAreTheWhole()
    {
        _task.Embed(_task.Images);
        var whole = Embedded;
        var parts = new List<FeatureSet>();
        for (var part = 1; part <= 3; part++)
        {
            _task.Embed(_task.Images, "--shard", $"{part}/3");
            parts.Add(Embedded);
        }
        parts.SelectMany(part => part.FileNames!).ShouldBe(whole.FileNames);
        parts.SelectMany(part => part.Labels.ToArray()).ShouldBe(whole.Labels.ToArray());
        parts.SelectMany(part => part.ImageFeatures.Values.ToArray()).ShouldBe(whole.ImageFeatures.Values.ToArray());
        parts.ShouldAllBe(part => part.ClassNames.Count == 2);
    }

    [Fact]
    public void Embed_Json_IsOneDocument()
    {
        _task.Save("images/sky/broken.png", "no image");
        var result = Tool.Run("embed", _task.Images, "--model", _task.Model, "-o", _task["f.npz"], "--json");
        result.ExitCode.ShouldBe(0);
        result.Error.ShouldStartWith("lfa: left out sky/broken.png: this is not an image");
        using var json = System.Text.Json.JsonDocument.Parse(result.Output);
        json.RootElement.GetProperty("pictures").GetInt32().ShouldBe(10);
        json.RootElement.GetProperty("classes").GetInt32().ShouldBe(2);
        json.RootElement.GetProperty("resumed").GetInt32().ShouldBe(0);
        json.RootElement.GetProperty("unreadable")[0].GetProperty("file").GetString().ShouldBe("sky/broken.png");
    }

    [Theory]
    [InlineData("--shard 0/3: expected i/n", "--shard", "0/3")]
    [InlineData("--shard 4/3: expected i/n", "--shard", "4/3")]
    [InlineData("--shard +1/3: expected i/n", "--shard", "+1/3")]
    [InlineData("--shard 1: expected i/n", "--shard", "1")]
    [InlineData("--shard 11/11: there are only 10 images; take no more parts than images.", "--shard", "11/11")]
    [InlineData("--template: There are no published templates for no place", "--template", "no place")]
    [InlineData("--template: template 2, \"no place\", has 0 places for the class name", "--template", "a {}", "--template", "no place")]
    [InlineData("--template: template 1, \"{} and {}\", has 2 places", "--template", "{} and {}")]
    [InlineData("--crops 2: expected one of 1|5|10", "--crops", "2")]
    [InlineData("--image-batch 0: BatchSize", "--image-batch", "0")]
    [InlineData("--image-batch 4097: BatchSize", "--image-batch", "4097")]
    [InlineData("--frames 0: Frames", "--frames", "0")]
    [InlineData("--provider gpu: expected one of cpu|cuda|directml", "--provider", "gpu")]
    public void Embed_BadOption_IsNamed(string expected, params string[] options) =>
        _task.EmbedFails(_task.Images, options).ShouldStartWith("lfa: " + expected);

    [Fact]
    public void Embed_ProviderThatIsNotInstalled_SaysWhatToInstall()
    {
        var line = _task.EmbedFails(_task.Images, "--provider", "cuda");
        line.ShouldContain("cannot run graphs on Cuda");
        line.ShouldContain("Microsoft.ML.OnnxRuntime.Gpu");
    }

    [Fact]
    public void Embed_BadModel_SaysWhatIsWrong()
    {
        var config = Path.Combine(_task.Model, "config.json");
        _task.EmbedFails(_task.Images, "--variant", "quantized").ShouldEndWith($"{_task.Model}: there is no variant quantized of the towers; there are: fp32.");
        _task.EmbedFails(_task.Images, "--model", _task.Images).ShouldContain("there is no vision_model.onnx with a text_model.onnx in it");
        _task.EmbedFails(_task.Images, "--model", config).ShouldBe($"lfa: {config}: this is a file; give the folder of the model.");
        Tool.Fail("embed", _task.Images, "-o", _task["f.npz"]).ShouldContain("images need a model to embed them with; give --model");
        Tool.Fail("embed", _task.Images, "-o", _task["f.npz"], "--variant", "fp16").ShouldBe("lfa: --variant fp16: give the model, too, with --model.");
    }

    [Theory]
    [InlineData("vocab.json", null, "model: the folder holds no tokenizer")]
    [InlineData("preprocessor_config.json", null, "model: there is neither preprocessor_config.json nor")]
    [InlineData("preprocessor_config.json", "{\"size\":", "preprocessor_config.json: this is not valid JSON")]
    [InlineData("preprocessor_config.json", "{}", "preprocessor_config.json: image_processor_type is missing")]
    [InlineData("config.json", "{", "config.json: ")]
    [InlineData("onnx/vision_model.onnx", "junk", "vision_model.onnx: the runtime cannot load this graph")]
    [InlineData("onnx/text_model.onnx", "junk", "text_model.onnx: the runtime cannot load this graph")]
    public void Embed_DamagedModel_NamesTheFile(string file, string? content, string problem)
    {
        var path = Path.Combine(_task.Model, file);
        if (content is null)
            File.Delete(path);
        else
            File.WriteAllText(path, content);
        _task.EmbedFails(_task.Images).ShouldContain(problem);
    }

    [Fact]
    public void Embed_ModelThatGivesNaN_NamesTheImage()
    {
        var config = Path.Combine(_task.Model, "preprocessor_config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("[0.2, 0.3, 0.4]", "[1e-300, 1e-300, 1e-300]", StringComparison.Ordinal));
        _task.EmbedFails(_task.Images).ShouldContain("none of the 10 images can be read; the first: red_ball/0.png: the model gave an embedding that is zero or not finite");
    }

    [Fact]
    public void Embed_UnknownModelOffline_SaysSo()
    {
        var result = ToolProcess.Run(ToolProcess.Dotnet, [ToolProcess.ToolPath, "embed", _task.Images, "--model", "nobody/nothing", "-o", _task["f.npz"]],
            environment: [.. _task.Cache, ("HF_HUB_OFFLINE", "1"), ("HF_HOME", _task["hub"])]);
        result.ShouldBeBadInput().ShouldContain("nobody/nothing: not in the cache");
    }

    [Fact]
    public void Embed_BadOutput_IsFoundBeforeTheWork()
    {
        var (none, text) = (_task["none/f.npz"], _task["f.txt"]);
        Tool.Fail("embed", "nowhere", "--model", "no", "-o", none).ShouldEndWith("none does not exist; create it first.");
        Tool.Fail("embed", "nowhere", "--model", "no", "-o", text).ShouldBe($"lfa: {text}: the name of the output must end in .npz.");
        _task.Embed(_task.Images);
        Tool.Fail("embed", _task["f.npz"], "--model", "no", "-o", _task["f.npz"]).ShouldContain("the output would replace an input");
    }

    [Fact]
    public void Embed_PartialFileCannotBeWritten_SaysSo()
    {
        Directory.CreateDirectory(_task["f.npz.partial"]);
        Tool.Fail("embed", _task.Images, "--model", _task.Model, "-o", _task["f.npz"]).ShouldContain("f.npz: what is done cannot be kept beside it");
    }

    [Fact]
    public void Embed_PartialFileOfSomethingElse_StartsOver()
    {
        _task.Embed(_task.Images);
        var expected = File.ReadAllBytes(_task["f.npz"]);
        _task.Save("f.npz.partial", "garbage, longer than the prefix of a record");
        _task.Embed(_task.Images);
        File.ReadAllBytes(_task["f.npz"]).ShouldBe(expected);
    }

    [Fact]
    public void Embed_NoSuchImages_SaysSo()
    {
        _task.EmbedFails(_task["nowhere"]).ShouldBe($"lfa: {_task["nowhere"]}: there is no such file.");
        _task.EmbedFails(_task.Save("empty.csv", "file,label\n")).ShouldContain("empty.csv: it names no image");
        _task.EmbedFails(_task.Save("open.csv", "file,label\n\"a.png,0\n")).ShouldContain("open.csv: it is not valid CSV");
        _task.EmbedFails(_task.Save("semicolon.csv", "file;label\na.png;0\n")).ShouldContain("row 1 lacks a file or its label");
        _task.EmbedFails(_task.Images, "--classes", _task["nowhere.txt"]).ShouldContain("nowhere.txt: there is no such file");
        Directory.CreateDirectory(_task["images/empty"]);
        _task.EmbedFails(_task.Images).ShouldContain("the folder empty holds no image");
    }

    [Fact]
    public void Embed_Video_IsOneRow()
    {
        try
        {
            ToolProcess.Run("ffmpeg", ["-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=32x32:r=10", "-t", "1", "-c:v", "mpeg4", "-pix_fmt", "yuv420p", _task["images/sky/v.mp4"]]).ExitCode.ShouldBe(0);
        }
        catch (Win32Exception)
        {
            Assert.Skip("ffmpeg is not installed.");
        }
        _task.Embed(_task.Images, "--frames", "3").ShouldContain(": 11 images of 2 classes");
        Embedded.FileNames![^1].ShouldBe("sky/v.mp4");
    }
}
