using System.Text.Json;
using Lfa.Cli.Tests.Support;
using Lfa.Data;
using Lfa.IO;

namespace Lfa.Cli.Tests.Commands;

public class ReviewCommandTests
{
    private static readonly string[] Columns =
        ["kind", "rank", "row", "file", "label", "suggested", "label_probability", "suggested_probability", "score", "other_row", "other_file", "other_label", "exact"];

    [Fact]
    public void Review_Text_HasASectionOfEachKind()
    {
        using var task = new ReviewTask();
        var text = Tool.Succeed("review", task.Labeled, "--unlabeled", task.Unlabeled, "--label", "3");
        text.ShouldStartWith($"{task.Labeled}: 62 images of 4 classes, judged by zero-shot classification");
        text.ShouldContain("Likely mislabeled: 2 images\n", Case.Sensitive);
        text.ShouldContain("Duplicates, cosine 0.99 or more: 2 images, 2 of them exact, 1 with another label");
        text.ShouldContain($"In {task.Unlabeled}, too: 1 image of 30");
        text.ShouldContain($"To label next of {task.Unlabeled}: 3 images");
        text.ShouldEndWith("Nothing was saved; give -o to keep the whole lists.\n");
        text.ShouldContain("a, b/20.jpg");
    }

    [Fact]
    public void Review_Csv_HoldsAllLists()
    {
        using var task = new ReviewTask();
        var path = task["review.csv"];
        Tool.Succeed("review", task.Labeled, "--unlabeled", task.Unlabeled, "--label", "3", "-o", path).ShouldEndWith($"Wrote {path}.\n");
        var lines = File.ReadAllText(path).Split("\r\n");
        lines[0].ShouldBe(string.Join(',', Columns));
        lines[^1].ShouldBeEmpty();
        lines[1..3].ShouldContain(line => line.StartsWith("mislabelled,1,", StringComparison.Ordinal) && line.Split(',').Length == Columns.Length + 1, "a comma is within quotes");
        lines[1..3].ShouldContain(line => line.Contains(",20,\"a, b/20.jpg\",class 2,class 1,", StringComparison.Ordinal));
        lines[3].ShouldBe("conflict,1,61,\"a, b/61.jpg\",class 3,,,,1,35,\"a, b/35.jpg\",class 2,true");
        lines[4].ShouldStartWith("duplicate,2,60,");
        lines[5].ShouldBe("overlap,1,4,,,,,,1,5,\"a, b/5.jpg\",class 0,true");
        lines[6].ShouldStartWith("label,1,");
        lines.Length.ShouldBe(10);
    }

    [Fact]
    public void Review_Json_IsOneDocumentOnBothWays()
    {
        using var task = new ReviewTask();
        var json = Tool.SucceedWithJson("review", task.Labeled, "--unlabeled", task.Unlabeled, "--label", "2", "--json", "-o", task["r.json"]);
        using var saved = JsonDocument.Parse(File.ReadAllText(task["r.json"]));
        JsonElement.DeepEquals(json, saved.RootElement).ShouldBeTrue();
        (json.GetProperty("samples").GetInt32(), json.GetProperty("classes").GetInt32(), json.GetProperty("unlabelled").GetInt32()).ShouldBe((62, 4, 30));
        json.GetProperty("mislabelled").EnumerateArray().Select(one => (one.GetProperty("row").GetInt32(), one.GetProperty("file").GetString(), one.GetProperty("suggested").GetString()))
            .ShouldBe([(20, "a, b/20.jpg", "class 1"), (61, "a, b/61.jpg", "class 2")], ignoreOrder: true);
        var duplicates = json.GetProperty("duplicates").EnumerateArray().ToArray();
        duplicates.Select(one => (one.GetProperty("row").GetInt32(), one.GetProperty("otherRow").GetInt32(), one.GetProperty("exact").GetBoolean(), one.GetProperty("conflict").GetBoolean()))
            .ShouldBe([(61, 35, true, true), (60, 8, true, false)]);
        var overlap = json.GetProperty("overlaps").EnumerateArray().ShouldHaveSingleItem();
        overlap.TryGetProperty("file", out _).ShouldBeFalse("the unlabeled file has no names");
        overlap.GetProperty("otherFile").GetString().ShouldBe("a, b/5.jpg");
        json.GetProperty("toLabel").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public void Review_WithoutUnlabeled_LeavesTheirListsOut()
    {
        using var task = new ReviewTask();
        Tool.Succeed("review", task.Labeled).ShouldNotContain("To label next");
        var json = Tool.SucceedWithJson("review", task.Labeled, "--json");
        json.GetProperty("unlabelled").ValueKind.ShouldBe(JsonValueKind.Null);
        json.GetProperty("toLabel").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public void Review_Top_ShortensTheLists()
    {
        using var task = new ReviewTask();
        Tool.SucceedWithJson("review", task.Labeled, "--json", "--top", "1").GetProperty("duplicates").GetArrayLength().ShouldBe(1);
        Tool.Succeed("review", task.Labeled, "--top", "1").ShouldContain("… and 1 more");
    }

    [Fact]
    public void Review_SeedAndThreads_DecideTheBytes()
    {
        using var task = new SmallTask();
        string Review(params string[] options) => Tool.Succeed(["review", task.TrainPath, "--unlabeled", task.TestPath, "--json", .. options]);
        Review("--threads", "3").ShouldBe(Review("--threads", "1"));
        Review("--seed", "1").ShouldBe(Review());
    }

    [Fact]
    public void Review_FileWithoutNames_NamesRows()
    {
        using var task = new SmallTask();
        var path = task["nameless.npz"];
        FeatureFile.Write(path, new FeatureSet(task.Train.ImageFeatures, task.Train.ClassPrototypes, task.Train.Labels));
        Tool.Succeed("review", path, "--duplicate-cosine", "0.1").ShouldContain("row ");
        Tool.Succeed("review", path, "--duplicate-cosine", "0.1", "-o", task["r.csv"]);
        File.ReadAllLines(task["r.csv"]).ShouldContain(line => line.StartsWith("duplicate,", StringComparison.Ordinal) && line.Split(',')[3] == "");
    }

    [Fact]
    public void Review_Images_AreEmbedded()
    {
        using var task = new ImageTask();
        task.Save("images/sky/again.png", ImageTask.Blue(0));
        task.Save("more/new.png", ImageTask.Red(20));
        task.Save("more/known.png", ImageTask.Red(1));
        // The tiny model tells shades of a color hardly apart: only equal images count.
        var json = Tool.SucceedWithJson("review", task.Images, "--unlabeled", task["more"], "--model", task.Model, "--no-cache", "--duplicate-cosine", "1", "--json");
        json.GetProperty("samples").GetInt32().ShouldBe(11);
        json.GetProperty("duplicates").EnumerateArray().ShouldContain(one => one.GetProperty("file").GetString() == "sky/again.png" && one.GetProperty("exact").GetBoolean());
        json.GetProperty("overlaps").EnumerateArray().ShouldContain(one => one.GetProperty("file").GetString() == "known.png" && one.GetProperty("otherFile").GetString() == "red_ball/1.png");
    }

    [Fact]
    public void Review_BadInput_IsOneLine()
    {
        using var task = new SmallTask();
        Tool.Fail("review", "no-such-file.npz").ShouldBe("lfa: no-such-file.npz: there is no such file.");
        Tool.Fail("review", task.TrainPath, "--unlabeled", "no-such-file.npz").ShouldContain("no-such-file.npz: there is no such file");
        Tool.Fail("review", task.TrainPath, "-o", task["r.txt"]).ShouldEndWith("r.txt: the name of the output must end in .csv or .json.");
        Tool.Fail("review", task.TrainPath, "--top", "-1").ShouldContain("--top -1: expected 0 or more");
        Tool.Fail("review", task.TrainPath, "--top", "x").ShouldContain("--top x: expected an integer");
        Tool.Fail("review", task.TrainPath, "--label", "-1").ShouldContain("ToLabel must be 0 or more");
        Tool.Fail("review", task.TrainPath, "--duplicate-cosine", "2").ShouldContain("DuplicateCosine must be above 0 and at most 1");
        Tool.Fail("review", task.TrainPath, "--model", "emoji").ShouldContain("leave the option out for a file of features");
        Tool.Fail("review").ShouldContain("lfa review --help");
    }

    [Fact]
    public void Review_SetsThatDoNotFit_AreNamed()
    {
        using var task = new SmallTask();
        var path = task["other.npy"];
        FeatureFile.WriteMatrix(path, new Matrix(Enumerable.Repeat(1f, 15).ToArray(), 3, 5));
        Tool.Fail("review", task.TrainPath, "--unlabeled", path).ShouldBe($"lfa: {path}: its features are 3 × 5 but those of {task.TrainPath} are 24 × 24; both must come from the same encoder.");
        FeatureFile.Write(task["nolabels.npz"], new FeatureSet(task.Train.ImageFeatures, task.Train.ClassPrototypes, default));
        Tool.Fail("review", task["nolabels.npz"]).ShouldContain("nolabels.npz: The images have no labels");
        Tool.Fail("review", task.TrainPath, "-o", task["folder-that-is-not/r.csv"]).ShouldContain("does not exist");
    }

    [Fact]
    public void Review_Cancelled_WritesNothing()
    {
        using var task = new SmallTask();
        Tool.Run(new CancellationToken(canceled: true), "review", task.TrainPath, "-o", task["r.csv"]).ExitCode.ShouldBe(130);
        task.Files.ShouldBe(["test.npz", "train.npz"]);
    }

    /// <summary>A folder with 60 labeled images, 15 of each class, one of them wrongly, and two copies; and 30 unlabeled, one of which is labeled, too.</summary>
    private sealed class ReviewTask : IDisposable
    {
        private const int Dimension = 64;

        private readonly TemporaryFolder _folder = new();

        public ReviewTask()
        {
            var options = new MadeUpProblemOptions { Classes = 4, Dimension = Dimension, Shots = 15, TestImages = 8, Groups = 4, NoiseShare = 0.7 };
            var (whole, test) = MadeUpProblem.Create(options);
            int[] rows = [.. Enumerable.Range(0, 60), 8, 35];
            var labels = Array.ConvertAll(rows, row => row / 15);
            labels[20] = 2; // It is of class 1.
            labels[61] = 3; // The copy of row 35, which is of class 2.
            var names = rows.Select((_, row) => Invariant($"a, b/{row}.jpg")).ToArray();
            FeatureFile.Write(Labeled, new FeatureSet(whole.ImageFeatures.SelectRows(rows), whole.ClassPrototypes, labels, fileNames: names, normalize: false));
            var others = test.ImageFeatures.Slice(0, 30).Values.ToArray();
            whole.ImageFeatures.Row(5).CopyTo(others.AsSpan(4 * Dimension));
            FeatureFile.WriteMatrix(Unlabeled, new Matrix(others, 30, Dimension));
        }

        public string Labeled => _folder["labeled.npz"];

        public string Unlabeled => _folder["unlabeled.npy"];

        public string this[string name] => _folder[name];

        public void Dispose() => _folder.Dispose();
    }
}
