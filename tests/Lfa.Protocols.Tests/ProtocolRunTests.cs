using System.Text.RegularExpressions;
using Lfa.Data;
using Lfa.IO;
using Lfa.Protocols.Tests.Support;

namespace Lfa.Protocols.Tests;

public sealed class ProtocolRunTests : IDisposable
{
    private readonly SmallData _data = new();
    private readonly CountingProtocol _protocol = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void Execute_EveryCell_RunsOnceOnItsImages()
    {
        var result = Run(Plan(""));
        (result.Cells, result.Resumed).ShouldBe((2 * 2 * 3 * 3, 0));
        _protocol.Runs.Count.ShouldBe(36);
        _protocol.Runs.ShouldAllBe(input => input.Test.SampleCount == 30);
        _protocol.Runs.Select(input => input.Train.SampleCount).Distinct().Order().ShouldBe([5, 10]);
        result.Rows.Count.ShouldBe(24 + 24 + 12);
        result.Rows.Select(row => row.Data).Distinct().ShouldBe(["animals", "birds"]);
    }

    [Fact]
    public void Execute_Row_TellsWhatItTakesToRepeatIt()
    {
        var row = Run(Plan(""", "shots": [3], "seeds": [5], "methods": ["refined"], "iterations": 9""", "animals")).Rows[1];
        (row.Protocol, row.Data, row.Shots, row.Seed, row.Method, row.Part, row.Options).ShouldBe(("counting", "animals", "3", 5, "refined", "new", "9 iterations"));
        (row.TrainImages, row.TestImages, row.Classes, row.ShortClasses, row.ImageWidth, row.TextWidth).ShouldBe((15, 20, 4, 0, 16, 16));
        (row.Top1Accuracy, row.Top5Accuracy, row.LogLoss, row.Ece, row.Chosen).ShouldBe((155.0 / 300, null, null, null, "a \"word\", quoted"));
        row.TrainFile.ShouldBe("animals-train.npz");
        row.TrainSha256.ShouldBe(Sha256("animals-train.npz"));
        row.TestSha256.ShouldBe(Sha256("animals-test.npz"));
        row.Command.ShouldBe("lfa protocol");
        row.Version.ShouldNotBeEmpty();
        row.Processor.ShouldNotBeEmpty();
        row.PeakBytes.ShouldBe(77);
    }

    [Fact]
    public void Execute_InfiniteLogLoss_IsNone()
    {
        var rows = Run(Plan("", "animals")).Rows;
        rows.ShouldContain(row => row.Part == "base" && row.Ece == 0.25);
        rows.ShouldAllBe(row => row.LogLoss == null);
    }

    [Fact]
    public void Execute_ShotsBeyondTheImages_TellsHowManyClassesAreShort() =>
        Run(Plan(""", "shots": [3, 5]""", "animals")).Rows.GroupBy(row => row.Shots).Select(group => (group.Key, group.First().TrainImages, group.First().ShortClasses)).ShouldBe([("3", 15, 0), ("5", 20, 5)]);

    [Fact]
    public void Execute_Again_RunsNothingAndWritesTheSame()
    {
        var first = Files(Run(Plan("")));
        var again = Run(Plan(""));
        (again.Resumed, _protocol.Runs.Count).ShouldBe((36, 36));
        Files(again).ShouldBe(first);
    }

    [Fact]
    public void Execute_OtherIterations_RunsTheMethodThatHasThem()
    {
        Run(Plan(""));
        Run(Plan(""", "iterations": 8"""));
        _protocol.Runs.Skip(36).Select(input => (input.Method, input.Iterations)).Distinct().ShouldBe([("refined", 8)]);
        _protocol.Runs.Count.ShouldBe(36 + 12);
    }

    [Fact]
    public void Execute_OneMoreSeed_RunsThatSeed()
    {
        Run(Plan(""", "seeds": [2, 7]"""));
        Run(Plan(""", "seeds": [7, 1, 2]"""));
        _protocol.Runs.Skip(24).ShouldAllBe(input => input.Seed == 1);
        _protocol.Runs.Count.ShouldBe(36);
    }

    [Fact]
    public void Execute_OtherFile_RunsItsDataSet()
    {
        Run(Plan(""));
        _data.Write("birds", seed: 9);
        var listed = new ProtocolRun(Plan("")).List();
        listed.Count.ShouldBe(36);
        listed.ShouldAllBe(one => one.IsKept == (one.Cell.Data.Name == "animals"));
        Run(Plan("")).Resumed.ShouldBe(18);
        _protocol.Runs.Count.ShouldBe(36 + 18);
    }

    [Fact]
    public void List_BeforeARun_WritesNothing()
    {
        new ProtocolRun(Plan("")).List().Count(one => !one.IsKept).ShouldBe(36);
        Directory.Exists(_data["trial"]).ShouldBeFalse();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Execute_Jobs_DoNotChangeTheResults(int jobs)
    {
        var one = Files(Run(Plan("")));
        Directory.Delete(_data["trial"], recursive: true);
        Files(Run(Plan(""), jobs)).ShouldBe(one);
    }

    [Fact]
    public void Execute_Jobs_RunSideBySide()
    {
        using var meeting = new Barrier(3);
        _protocol.Meanwhile = _ => meeting.SignalAndWait(TimeSpan.FromSeconds(20)).ShouldBeTrue();
        var result = Run(Plan(""", "seeds": [1], "shots": [1]""", "animals"), jobs: 3);
        result.Rows.ShouldNotBeEmpty();
        result.Rows.ShouldAllBe(row => row.PeakBytes == null);
        result.Rows.ShouldAllBe(row => row.Threads == Math.Max(1, Environment.ProcessorCount / 3));
    }

    [Fact]
    public void Execute_Cancelled_KeepsWhatIsDone()
    {
        using var cancellation = new CancellationTokenSource();
        _protocol.Meanwhile = _ =>
        {
            if (_protocol.Runs.Count == 9)
                cancellation.Cancel();
        };
        Should.Throw<OperationCanceledException>(() => new ProtocolRun(Plan(""), jobs: 2).Execute(cancellationToken: cancellation.Token));
        Directory.GetFiles(_data["trial"]).ShouldBe([Path.Combine(_data["trial"], "journal.jsonl")]);
        _protocol.Meanwhile = _ => { };
        var result = Run(Plan(""));
        result.Resumed.ShouldBeInRange(9, 12);
        _protocol.Runs.Count.ShouldBe(36);
    }

    [Fact]
    public void Execute_Progress_CountsEveryCell()
    {
        var seen = new List<ProtocolProgress>();
        new ProtocolRun(Plan("", "animals"), jobs: 1).Execute(new Told(seen.Add));
        seen.ShouldBe([.. Enumerable.Range(0, 19).Select(done => new ProtocolProgress(done, 18))]);
    }

    [Fact]
    public void Execute_FileThatIsNone_NamesIt()
    {
        File.WriteAllText(_data["birds-test.npz"], "no features");
        Should.Throw<LfaDataException>(() => Run(Plan(""))).Message.ShouldStartWith(_data["birds-test.npz"]);
    }

    [Fact]
    public void Execute_TextFeatures_TakeThePlaceOfThoseInTheFiles()
    {
        var task = FeatureFile.Read(_data["animals-train.npz"]);
        var texts = new Matrix(Enumerable.Range(0, 15).Select(i => 1f + (i % 4)).ToArray(), 5, 3);
        FeatureFile.WritePrototypes(_data["texts.npz"], texts.SelectRows([4, 3, 2, 1, 0]), [.. task.ClassNames.Reverse()]);
        var path = _data.Config("""{"data": [{"name": "animals", "train": "animals-train.npz", "test": "animals-test.npz", "text": "texts.npz"}], "seeds": [1], "shots": [1], "methods": ["plain"]}""");
        var row = Run(ProtocolFile.Read(path, _protocol)).Rows[0];
        (row.ImageWidth, row.TextWidth, row.TextFile, row.TextSha256).ShouldBe((16, 3, "texts.npz", Sha256("texts.npz")));
        _protocol.Runs.Single().Train.ClassPrototypes.Row(1).ToArray().ShouldBe(texts.NormalizeRows().Row(1).ToArray());
        _protocol.Runs.Single().Test.TextDimension.ShouldBe(3);

        FeatureFile.WritePrototypes(_data["texts.npz"], texts, [.. task.ClassNames.Skip(1), "other"]);
        Should.Throw<LfaDataException>(() => Run(ProtocolFile.Read(path, _protocol))).Message.ShouldStartWith($"{_data["texts.npz"]}: there are no text features of ");
    }

    [Fact]
    public void Execute_ImagesWithoutLabels_NamesTheFile()
    {
        var task = FeatureFile.Read(_data["animals-train.npz"]);
        FeatureFile.Write(_data["animals-train.npz"], new FeatureSet(task.ImageFeatures, task.ClassPrototypes, default));
        Should.Throw<LfaDataException>(() => Run(Plan("", "animals"))).Message.ShouldBe("animals (animals-train.npz, animals-test.npz): The images have no labels; few-shot sampling needs one for each image.");
    }

    [Fact]
    public void Execute_OutputThatCannotBeMade_IsNamed()
    {
        var output = _data["animals-test.npz/results"];
        Should.Throw<IOException>(() => Run(Plan("") with { Output = output })).Message.ShouldMatch($@"^{Regex.Escape(output)}: the folder cannot be made \(.+\); give another output\.$");
    }

    private ProtocolPlan Plan(string rest, params string[] names) => _data.Plan(_protocol, rest, names.Length == 0 ? ["animals", "birds"] : names);

    private static ProtocolResult Run(ProtocolPlan plan, int jobs = 1) => new ProtocolRun(plan, jobs, "lfa protocol").Execute();

    // All that a run writes, without the columns that tell how it went.
    private static string[] Files(ProtocolResult result) =>
        [.. result.Files.Where(path => !path.EndsWith(".parquet", StringComparison.Ordinal)).Select(path => Path.GetExtension(path) == ".csv" ? ResultsCsv.WithoutTimes(path) : File.ReadAllText(path))];

    private string Sha256(string name) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(_data[name])));

    private sealed class Told(Action<ProtocolProgress> tell) : IProgress<ProtocolProgress>
    {
        public void Report(ProtocolProgress value) => tell(value);
    }
}
