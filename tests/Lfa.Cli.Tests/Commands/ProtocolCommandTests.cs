using System.Diagnostics;
using System.Text;
using Lfa.Cli.Tests.Support;

namespace Lfa.Cli.Tests.Commands;

public sealed class ProtocolCommandTests : IDisposable
{
    private const string Data = """ "data": [{"name": "toys", "train": "train.npz", "test": "test.npz"}] """;
    private const string Journal = "trial/journal.jsonl";

    private readonly SmallTask _task = new();

    public void Dispose() => _task.Dispose();

    [Fact]
    public void FewShot_Run_PrintsTheTableAndWritesTheFiles()
    {
        var output = Tool.Succeed("protocol", "few-shot", Config(""", "shots": [1, "all"], "seeds": [1, 2], "methods": ["zero-shot", "lfa"], "iterations": 3"""));
        var lines = output.Split(Environment.NewLine);
        lines[0].ShouldBe("toys: top-1 in per cent, mean ± standard deviation over the seeds 1, 2");
        lines[1].ShouldMatch(@"^method +1 shot +all images$");
        lines[2].ShouldMatch(@"^zero-shot +\d+\.\d\d ± 0\.00 +\d+\.\d\d ± 0\.00$");
        lines.ShouldContain("8 fits.");
        foreach (var name in new[] { "results.md", "results.csv", "results.parquet", "toys.svg" })
            lines.ShouldContain($"Wrote {Path.Combine(_task["trial"], name)}");
        Directory.GetFiles(_task["trial"]).Length.ShouldBe(5);
        File.ReadAllLines(_task["trial/results.csv"]).Length.ShouldBe(1 + 8);
    }

    [Fact]
    public void BaseToNew_Run_HasTheThreeParts()
    {
        var lines = Tool.Succeed("protocol", "base-to-new", Config(""", "shots": [2], "seeds": [1], "methods": ["zero-shot", "lfa"], "iterations": 3""")).Split(Environment.NewLine);
        lines[1].ShouldMatch(@"^method +base +new +harmonic mean$");
        lines[3].ShouldMatch(@"^lfa +\d+\.\d\d +\d+\.\d\d +\d+\.\d\d$");
    }

    [Fact]
    public void FewShot_KnownDataSet_EmbedsItsImages()
    {
        using var images = new ImageTask();
        for (var i = 0; i < 4; i++)
        {
            images.Save($"sets/eurosat/2750/{i}.png", ImageTask.Red(i));
            images.Save($"sets/eurosat/2750/{i + 4}.png", ImageTask.Blue(i));
        }
        images.Save("sets/eurosat/split_zhou_EuroSAT.json", """{"train": [["0.png", 0, "River"], ["4.png", 1, "Forest"]], "val": [], "test": [["1.png", 0, "River"], ["5.png", 1, "Forest"]]}""");
        var config = images.Save("trial.json", """{"data": ["EuroSAT"], "root": "sets", "model": "model", "shots": ["all"], "seeds": [1], "methods": ["zero-shot", "nearest-mean"]}""");
        Tool.Succeed("protocol", "few-shot", config, "--dry-run").ShouldContain("to do  eurosat, all images, seed 1, zero-shot");
        Tool.Succeed("protocol", "few-shot", config).ShouldContain("2 fits.");
        File.ReadAllText(images["trial/results.csv"]).ShouldContain("eurosat-train.npz of model");
        Tool.Succeed("protocol", "few-shot", config, "--dry-run").ShouldContain("2 fits, 2 of them done.");
    }

    [Fact]
    public void FewShot_Json_GivesTheTables()
    {
        var config = Config(""", "shots": [1], "seeds": [1, 2], "methods": ["zero-shot"]""");
        Tool.Succeed("protocol", "few-shot", config);
        var json = Tool.SucceedWithJson("protocol", "few-shot", config, "--json");
        (json.GetProperty("protocol").GetString(), json.GetProperty("cells").GetInt32(), json.GetProperty("resumed").GetInt32()).ShouldBe(("few-shot", 2, 2));
        var value = json.GetProperty("tables")[0].GetProperty("values")[0];
        (value.GetProperty("method").GetString(), value.GetProperty("shots").GetString(), value.GetProperty("part").GetString(), value.GetProperty("seeds").GetInt32()).ShouldBe(("zero-shot", "1", "test", 2));
        value.GetProperty("deviation").GetDouble().ShouldBe(0);
    }

    [Fact]
    public void FewShot_DryRun_ListsTheFitsAndRunsNone()
    {
        var config = Config(""", "shots": [1], "seeds": [1], "methods": ["zero-shot", "k-nn"]""");
        Tool.Succeed("protocol", "few-shot", config, "--dry-run").ShouldBe(string.Join(Environment.NewLine, "to do  toys, 1 shot, seed 1, zero-shot", "to do  toys, 1 shot, seed 1, k-nn", "", "2 fits, 0 of them done.", ""));
        Directory.Exists(_task["trial"]).ShouldBeFalse();
        Tool.Succeed("protocol", "few-shot", config);
        var cells = Tool.SucceedWithJson("protocol", "few-shot", config, "--dry-run", "--json").GetProperty("cells");
        cells.GetArrayLength().ShouldBe(2);
        cells.EnumerateArray().ShouldAllBe(cell => cell.GetProperty("done").GetBoolean());
    }

    [Theory]
    [InlineData("""{"daten": []}""", "line 1: there is no key \"daten\"; the keys are data, root, model, output, shots, seeds, methods, iterations.")]
    [InlineData("""{"data": [{"name": "toys", "train": "none.npz", "test": "test.npz"}]}""", "line 1: none.npz: there is no such file.")]
    [InlineData("{\n" + Data + ",\n\"shots\": true}", "line 3: shots is true; expected a list in square brackets.")]
    public void FewShot_BadConfig_IsOneLine(string json, string problem)
    {
        var path = _task.Write("trial.json", Encoding.UTF8.GetBytes(json));
        Tool.Fail("protocol", "few-shot", path).ShouldBe($"lfa: {path}: {problem}");
    }

    [Fact]
    public void FewShot_BadArguments_AreOneLine()
    {
        Tool.Fail("protocol", "few-shot", _task["none.json"]).ShouldBe($"lfa: {_task["none.json"]}: there is no such file.");
        Tool.Fail("protocol", "few-shot", Config(""), "--jobs", "-1").ShouldContain("--jobs -1: expected 0 (one a processor) or more");
        Tool.Fail("protocol", "one-shot", Config("")).ShouldContain("one-shot");
        Tool.Fail("protocol", "few-shot", Config(""", "methods": ["magic"]""")).ShouldContain("line 1: methods[0] is \"magic\"; expected a method among zero-shot, ");
    }

    [Fact]
    public void FewShot_TestSetOfOtherClasses_NamesTheFile()
    {
        var (_, test) = Lfa.Data.MadeUpProblem.Create(new() { Classes = 7, Dimension = 24, Shots = 1, TestImages = 1 });
        Lfa.IO.FeatureFile.Write(_task.TestPath, test);
        Tool.Fail("protocol", "few-shot", Config("")).ShouldBe("lfa: toys (train.npz, test.npz): The test set has 7 classes but the classifier has 6; both must have the same classes.");
    }

    [Trait(Speed.Trait, Speed.Slow)]
    [Fact]
    public void FewShot_KilledInTheMiddle_GoesOnToTheSameTable()
    {
        var config = LongConfig();
        Run(config, process =>
        {
            WaitForCells();
            process.Kill(entireProcessTree: true);
        }).ExitCode.ShouldNotBe(0);
        File.Exists(_task["trial/results.csv"]).ShouldBeFalse();
        File.AppendAllText(_task[Journal], "{\"key\": \"torn");
        var resumed = Run(config);
        (resumed.ExitCode, resumed.Error).ShouldBe((0, ""));
        resumed.Output.ShouldMatch(@"\n240 fits, \d+ of them by an earlier run\.");
        var broken = Results();

        Directory.Delete(_task["trial"], recursive: true);
        Run(config, jobs: 1).Output.ShouldContain("\n240 fits.");
        Results().ShouldBe(broken);
    }

    [Fact]
    public void FewShot_Interrupted_KeepsWhatIsDone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows sends no signals.");
        var config = LongConfig();
        var result = Run(config, process =>
        {
            WaitForCells();
            ToolProcess.Signal(process, "INT");
        });
        result.ShouldBe(new ToolResult(130, "", "lfa: canceled; what is done is kept, run it again to go on where it stopped.\n"));
        Directory.GetFiles(_task["trial"]).ShouldBe([_task[Journal]]);
    }

    [Fact]
    public void FewShot_DiskThatFillsUp_KeepsWhatIsDone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The limit is set in a shell.");
        var config = LongConfig();
        var line = ToolProcess.Run("/bin/sh", ["-c", "trap '' XFSZ; ulimit -f 60; exec \"$@\"", "sh", ToolProcess.Dotnet, ToolProcess.ToolPath, "protocol", "few-shot", config, "--jobs", "2"],
            environment: ("DOTNET_EnableWriteXorExecute", "0")).ShouldBeBadInput();
        line.ShouldContain("journal.jsonl: no more can be kept (");
        line.ShouldEndWith("; make room and run it again, to go on where it stopped.");
        Tool.SucceedWithJson("protocol", "few-shot", config, "--dry-run", "--json").GetProperty("cells").EnumerateArray().Count(cell => cell.GetProperty("done").GetBoolean()).ShouldBeInRange(10, 60);
    }

    [Fact]
    public void FewShot_TwoRunsOfOneOutput_AreRefused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows sends no signals.");
        var config = LongConfig();
        Run(config, process =>
        {
            WaitForCells();
            ToolProcess.Signal(process, "STOP");
            Tool.Fail("protocol", "few-shot", config).ShouldEndWith("; wait for a run that writes there, or give another output.");
            process.Kill(entireProcessTree: true);
        });
    }

    private string Config(string rest) => _task.Write("trial.json", Encoding.UTF8.GetBytes($"{{{Data}{rest}}}"));

    // Some seconds of work in many fits.
    private string LongConfig() => Config($$""", "shots": [1, 2, 4], "seeds": [{{string.Join(", ", Enumerable.Range(1, 40))}}], "methods": ["zero-shot", "lfa"], "iterations": 2000""");

    private static ToolResult Run(string config, Action<Process>? meanwhile = null, int jobs = 2) =>
        ToolProcess.Run(ToolProcess.Dotnet, [ToolProcess.ToolPath, "protocol", "few-shot", config, "--jobs", Invariant($"{jobs}")], meanwhile: meanwhile);

    private void WaitForCells() =>
        SpinWait.SpinUntil(() => new FileInfo(_task[Journal]) is { Exists: true, Length: > 10_000 }, TimeSpan.FromMinutes(1)).ShouldBeTrue();

    // All but the times, the memory and the threads, which stand last.
    private string[] Results() =>
        [File.ReadAllText(_task["trial/results.md"]), File.ReadAllText(_task["trial/toys.svg"]), ResultsCsv.WithoutTimes(_task["trial/results.csv"])];
}
