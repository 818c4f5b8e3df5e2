using Lfa.Cli.Tests.Support;
using Lfa.Data;
using Lfa.IO;

namespace Lfa.Cli.Tests;

/// <summary>Every command says in one line what is wrong with a file, prints nothing else and writes nothing.</summary>
public sealed class BadFileTests : IDisposable
{
    private static readonly string[] Untouched = ["test.npz", "train.npz"];

    private readonly SmallTask _task = new();

    public void Dispose() => _task.Dispose();

    [Fact]
    public void AnyCommand_MissingFile_NamesIt()
    {
        var missing = _task["no.npz"];
        var model = _task.FitModel();
        foreach (var args in new string[][] { ["fit", missing], ["fit", _task.TrainPath, "--test", missing], ["evaluate", model, missing], ["evaluate", missing, _task.TestPath], ["predict", model, missing], ["inspect", missing], ["export", missing, "-o", _task["x.npy"]] })
            Tool.Fail(args).ShouldBe($"lfa: {missing}: there is no such file.");
    }

    [Fact]
    public void AnyCommand_FolderForFile_NamesIt()
    {
        var model = _task.FitModel();
        foreach (var args in new string[][] { ["predict", _task.FullName, _task.TestPath], ["inspect", _task.FullName] })
            Tool.Fail(args).ShouldBe($"lfa: {_task.FullName} is a folder; give a file.");
        foreach (var args in new string[][] { ["fit", _task.FullName], ["evaluate", model, _task.FullName], ["predict", model, _task.FullName] })
            Tool.Fail(args).ShouldBe($"lfa: {_task.FullName}: it holds no image; give a folder of images, or of a folder for each class.");
    }

    [Fact]
    public void Fit_EmptyFile_SaysSo() => FitFails([]).ShouldEndWith("bad.npz: the file is empty.");

    [Fact]
    public void Fit_TruncatedZip_SaysSo() => FitFails(File.ReadAllBytes(_task.TrainPath)[..^300]).ShouldContain("bad.npz: ");

    [Fact]
    public void Fit_TruncatedArray_NamesIt() =>
        FitFails(NpyBytes.NamedSet(("image_features", NpyBytes.Floats("(3, 2)", 3, 4, 0, 2)))).ShouldContain("bad.npz: image_features: the header promises 3 × 2 of float32 but 16 bytes of data follow");

    [Fact]
    public void Predict_TruncatedNpy_NamesIt()
    {
        var model = _task.FitModel();
        var features = _task.Write("bad.npy", NpyBytes.Floats("(3, 24)", 3, 4, 0, 2));
        Tool.Fail("predict", model, features, "-o", _task["x.csv"]).ShouldContain("bad.npy: the header promises 3 × 24");
        _task.Files.ShouldNotContain("x.csv");
    }

    [Fact]
    public void Fit_HeaderClaimsTooManyRows_SaysSo() =>
        FitFails(NpyBytes.NamedSet(("image_features", NpyBytes.Floats("(1000000000000, 2)", 1, 2)))).ShouldContain("image_features: the header promises 1000000000000 × 2");

    [Fact]
    public void Fit_ObjectArray_IsRefused() =>
        FitFails(NpyBytes.NamedSet(("class_names", NpyBytes.Make("|O", "(2,)", [1, 2, 3])))).ShouldContain("class_names: ");

    [Theory]
    [InlineData(float.NaN, "holds a NaN or an infinity")]
    [InlineData(float.PositiveInfinity, "holds a NaN or an infinity")]
    [InlineData(0, "is zero and has no direction")]
    public void Fit_DegenerateRow_NamesIt(float value, string problem) =>
        FitFails(NpyBytes.NamedSet(("image_features", NpyBytes.Floats("(3, 2)", 1, 2, 0, value, 1, 1)))).ShouldContain($"row 1 (b.jpg) {problem}; remove the row or embed it again.");

    [Fact]
    public void Fit_LabelOutOfRange_NamesRow() =>
        FitFails(NpyBytes.NamedSet(("labels", NpyBytes.Longs(0, 1, 2)))).ShouldContain("row 2 (c.jpg) has the label 2, outside 0 to 1");

    [Fact]
    public void Fit_ClassWithoutExample_NamesFileAndClass() =>
        FitFails(NpyBytes.NamedSet(("labels", NpyBytes.Longs(0, 0, 0)))).ShouldEndWith("bad.npz: Class 1 (\"dög\") has no example among the 3 labeled images; add one or remove the class.");

    [Fact]
    public void Fit_NoLabels_NamesFile() =>
        FitFails(NpyBytes.NamedSet(("labels", null))).ShouldContain("bad.npz: The images have no labels");

    [Fact]
    public void Fit_DuplicateNamesOfDifferentClasses_NamesThem() =>
        FitFails(NpyBytes.NamedSet(("class_names", NpyBytes.Strings("cat", "cat")))).ShouldContain("\"cat\" names the classes 0 and 1, whose prototypes differ");

    [Fact]
    public void Fit_NeitherArrayNorZip_SaysSo() => FitFails("hello, world"u8.ToArray()).ShouldContain("neither a .npy nor a .npz");

    [Fact]
    public void Fit_TestOfOtherDimension_NamesBothShapes() =>
        FitFailsWithTest(6, 20).ShouldContain("other.npz: The test features are 6 × 20 but the classifier takes 24 columns");

    [Fact]
    public void Fit_TestOfOtherClassCount_NamesBoth() =>
        FitFailsWithTest(5, 24).ShouldContain("other.npz: The test set has 5 classes but the classifier has 6");

    [Fact]
    public void Fit_TestOfOtherClassNames_NamesTheFirst() =>
        FitFailsWithTest(6, 24, c => c == 2 ? "bird" : _task.Train.ClassNames[c]).ShouldContain($"other.npz: Class 2 is \"bird\" in the test set but \"{_task.Train.ClassNames[2]}\" in the classifier");

    [Fact]
    public void Evaluate_TestOfOtherClassNames_NamesTheFirst()
    {
        var model = _task.FitModel();
        WriteOther(6, 24, c => c == 5 ? "bird" : _task.Train.ClassNames[c]);
        Tool.Fail("evaluate", model, _task["other.npz"]).ShouldContain("other.npz: Class 5 (\"bird\") of the images is none of the 6 classes");
    }

    [Fact]
    public void Predict_OtherDimension_NamesBothShapes()
    {
        var model = _task.FitModel();
        WriteOther(6, 20);
        Tool.Fail("predict", model, _task["other.npz"]).ShouldContain("other.npz: features is 6 × 20 but the classifier takes 24 columns");
    }

    [Fact]
    public void Predict_NaNInALaterRow_LeavesNoFile()
    {
        var model = _task.FitModel();
        var values = Enumerable.Repeat(1f, 2000 * 24).ToArray();
        values[(1990 * 24) + 3] = float.NaN;
        var features = _task.Write("bad.npy", NpyBytes.Floats("(2000, 24)", values));
        File.WriteAllText(_task["out.csv"], "old");
        Tool.Fail("predict", model, features, "-o", _task["out.csv"]).ShouldContain("row 1990 holds a NaN");
        Tool.Fail("predict", model, features).ShouldContain("row 1990 holds a NaN");
        File.ReadAllText(_task["out.csv"]).ShouldBe("old");
        _task.Files.ShouldBe(["bad.npy", "model.safetensors", "out.csv", "test.npz", "train.npz"]);
    }

    [Theory]
    [InlineData("evaluate")]
    [InlineData("predict")]
    public void AnyCommand_FeatureFileForModel_SaysSo(string command) =>
        Tool.Fail(command, _task.TrainPath, _task.TestPath).ShouldContain("train.npz: ");

    [Fact]
    public void Evaluate_SafetensorsThatIsNoClassifier_SaysSo()
    {
        var header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}"u8.ToArray();
        var other = _task.Write("other.safetensors", [.. BitConverter.GetBytes((ulong)header.Length), .. header, 0, 0, 0, 0]);
        Tool.Fail("evaluate", other, _task.TestPath).ShouldContain("other.safetensors: this .safetensors file is not a classifier");
    }

    [Fact]
    public void Evaluate_DamagedModel_SaysSo()
    {
        var model = _task.FitModel();
        var damaged = _task.Write("damaged.safetensors", File.ReadAllBytes(model)[..^100]);
        Tool.Fail("evaluate", damaged, _task.TestPath).ShouldContain("damaged.safetensors: ");
        Tool.Fail("inspect", damaged).ShouldContain("damaged.safetensors: ");
    }

    [Fact]
    public void Fit_NameWithLineEnds_StaysOneLine() =>
        FitFails(NpyBytes.NamedSet(("labels", NpyBytes.Longs(0, 0, 0)), ("class_names", NpyBytes.Strings("cat", "a\nb\u2028c")))).ShouldContain("has no example");

    private string FitFails(byte[] train)
    {
        var path = _task.Write("bad.npz", train);
        var line = Tool.Fail("fit", path, "-o", _task["model.safetensors"], "--json");
        File.Delete(path);
        _task.Files.ShouldBe(Untouched);
        return line;
    }

    private string FitFailsWithTest(int classes, int dimension, Func<int, string>? className = null)
    {
        WriteOther(classes, dimension, className);
        var line = Tool.Fail("fit", _task.TrainPath, "--test", _task["other.npz"], "-o", _task["model.safetensors"]);
        _task.Files.ShouldBe(["other.npz", .. Untouched]);
        return line;
    }

    private void WriteOther(int classes, int dimension, Func<int, string>? className = null)
    {
        var (other, _) = MadeUpProblem.Create(new MadeUpProblemOptions { Classes = classes, Dimension = dimension, Shots = 1 });
        var names = Enumerable.Range(0, classes).Select(className ?? (c => other.ClassNames[c])).ToArray();
        FeatureFile.Write(_task["other.npz"], new FeatureSet(other.ImageFeatures, other.ClassPrototypes, other.Labels, names));
    }
}
