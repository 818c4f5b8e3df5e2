using Lfa.Cli.Tests.Support;
using Lfa.Data;
using Lfa.IO;

namespace Lfa.Cli.Tests.Commands;

public sealed class TextFeatureCommandsTests : IDisposable
{
    private readonly ImageTask _task = new();
    private readonly ApiServer _server = new();

    private string Texts => _task["texts.npz"];

    private string[] Api => ["--text-api", _server.Base.AbsoluteUri, "--text-model", "tiny"];

    public void Dispose()
    {
        _task.Dispose();
        _server.Dispose();
    }

    [Fact]
    public void Embed_TextFeatures_AreFoundByName()
    {
        WriteTexts("Sky", "cat", "red ball");
        _task.Embed(_task.Images, "--text-features", Texts);
        var set = FeatureFile.Read(_task["f.npz"]);
        set.ClassNames.ShouldBe(["red ball", "sky"]);
        set.ClassPrototypes.Values.ToArray().ShouldBe([0, 0, 1, 1, 0, 0]);
        (set.TextDimension, set.SharesSpace).ShouldBe((3, false));
    }

    [Fact]
    public void Embed_TextFeaturesThatLackAClass_NamesIt()
    {
        WriteTexts("sky", "cat", "dog");
        _task.EmbedFails(_task.Images, "--text-features", Texts).ShouldBe($"lfa: {Texts}: there are no text features of \"red ball\"; add them, or name the classes as they are there (\"sky\", …).");
    }

    [Fact]
    public void Embed_TextApi_AsksForTheTemplates()
    {
        _task.Embed(_task.Images, [.. Api, "--template", "a {}", "--text-dimensions", "4"]);
        _server.Batches.ShouldBe([["a red ball", "a sky"]]);
        FeatureFile.Read(_task["f.npz"]).ClassPrototypes.Row(1).ToArray().ShouldBe(Unit(ApiServer.Embedding("a sky", 4)), 1e-6);
    }

    [Fact]
    public void Embed_ImagesWithoutClasses_HaveNoUseForTexts()
    {
        WriteTexts("sky");
        _task.EmbedFails(Path.Combine(_task.Images, "sky"), "--text-features", Texts).ShouldContain("have no classes to find text features for");
    }

    [Fact]
    public void Embed_TextApi_SecondTimeComesFromTheCache()
    {
        string[] texts = [.. Api[..3], "cached"];
        _task.Embed(_task.Images, texts);
        _task.Embed(_task.Images, texts);
        _server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public void Embed_RefusedKey_IsOneLineWithoutTheKey()
    {
        Environment.SetEnvironmentVariable("LFA_TEST_KEY", "sk-secret-1");
        _server.Script = (_, _) => ServerAnswer.Text(401, """{"error": {"message": "Incorrect API key provided: sk-secret-1"}}""");
        var line = _task.EmbedFails(_task.Images, [.. Api, "--text-key-variable", "LFA_TEST_KEY"]);
        line.ShouldBe($"lfa: tiny: {_server.Base} refuses access (401); check the key in LFA_TEST_KEY, and that it may use the model.");
        _server.Requests.ShouldHaveSingleItem().Token.ShouldBe("Bearer sk-secret-1");
    }

    [Fact]
    public void Fit_FeatureFile_TakesTextFeaturesInPlaceOfItsOwn()
    {
        using var small = new SmallTask();
        // The same prototypes in another order: the fit must come out the same.
        int[] turned = [.. Enumerable.Range(0, small.Train.ClassCount).Reverse()];
        FeatureFile.WritePrototypes(small["texts.npz"], small.Train.ClassPrototypes.SelectRows(turned), [.. turned.Select(c => small.Train.ClassNames[c])]);
        var other = small["other.npz"];
        FeatureFile.Write(other, new FeatureSet(small.Train.ImageFeatures, small.Train.ClassPrototypes.SelectRows(turned), small.Train.Labels, small.Train.ClassNames));
        var expected = Test(small.TrainPath);
        Test(other).ShouldNotBe(expected);
        Test(other, "--text-features", small["texts.npz"]).ShouldBe(expected);

        string Test(string train, params string[] options) =>
            Tool.SucceedWithJson(["fit", train, "--test", small.TestPath, "--json", "--iterations", "3", .. options]).GetProperty("test").ToString();
    }

    [Fact]
    public void Fit_FeatureFileOfTwoWidths_ProjectsTheTextsOfTheApi()
    {
        using var small = new SmallTask();
        Tool.SucceedWithWarning("Images have 24 components and class names 6: two spaces, brought together by the projection procrustes.", ["fit", small.TrainPath, .. Api, "--method", "procrustes", "-o", small["m.safetensors"]]);
        _server.Batches[0][0].ShouldBe($"a photo of a {small.Train.ClassNames[0]}.");
        Tool.Succeed("predict", small["m.safetensors"], small.TestPath).ShouldContain(small.Train.ClassNames[0]);
    }

    [Fact]
    public void FitThenEvaluate_ImagesWithTextsOfTheApi_FindTheClasses()
    {
        string[] options = ["--model", _task.Model, "--no-cache"];
        Tool.SucceedWithWarning("Images have 48 components and class names 6: two spaces, brought together by the projection procrustes.", ["fit", _task.Images, .. Api, "--method", "procrustes", "-o", _task["m.safetensors"], .. options]);
        Tool.SucceedWithJson(["evaluate", _task["m.safetensors"], _task.Images, "--json", .. options]).GetProperty("top1").GetDouble().ShouldBe(100);
        _server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public void Compare_Images_TakesTextFeatures()
    {
        WriteTexts("red ball", "sky", "cat");
        var table = Tool.SucceedWithJson("compare", _task.Images, _task.Images, "--model", _task.Model, "--no-cache", "--text-features", Texts, "--methods", "nearest-mean", "--json");
        table.GetProperty("methods")[0].GetProperty("top1").GetDouble().ShouldBe(100);
    }

    [Theory]
    [InlineData("--text-features and --text-api exclude each other", "--text-features", "x.npz", "--text-api", "http://h/v1", "--text-model", "m")]
    [InlineData("--text-api and --text-model go together", "--text-api", "http://h/v1")]
    [InlineData("--text-api and --text-model go together", "--text-model", "m")]
    [InlineData("--text-dimensions and --text-key-variable need --text-api", "--text-key-variable", "K")]
    [InlineData("--text-dimensions 0: Dimensions must be 1 or more", "--text-api", "http://h/v1", "--text-model", "m", "--text-dimensions", "0")]
    [InlineData("--text-api nowhere: this is no address", "--text-api", "nowhere", "--text-model", "m")]
    [InlineData("--text-api ftp://h: Endpoint must be an absolute http or https address", "--text-api", "ftp://h", "--text-model", "m")]
    [InlineData("the environment variable LFA_NO_KEY is not set", "--text-api", "http://h/v1", "--text-model", "m", "--text-key-variable", "LFA_NO_KEY")]
    [InlineData("x.npz: there is no such file", "--text-features", "x.npz")]
    public void Embed_Mistake_IsNamedInOneLine(string expected, params string[] options) => _task.EmbedFails(_task.Images, options).ShouldContain(expected);

    private static float[] Unit(float[] values) => new Matrix(values, 1, values.Length).NormalizeRows().Values.ToArray();

    // The i-th class has a one at its i-th place.
    private void WriteTexts(params string[] names) =>
        FeatureFile.WritePrototypes(Texts, new Matrix(names.SelectMany((_, i) => names.Select((_, j) => i == j ? 1f : 0f)).ToArray(), names.Length, names.Length), names);
}
