using Lfa.Cli.Tests.Support;
using Lfa.Protocols;

namespace Lfa.Cli.Tests;

public sealed class HelpTests
{
    [Fact]
    public void Help_ListsTheCommands()
    {
        var text = Tool.Succeed("--help");
        foreach (var command in new[] { "fit <TRAIN>", "update <MODEL> <NEW>", "evaluate <MODEL> <TEST>", "embed <IMAGES>", "predict <MODEL> <INPUT>", "compare <TRAIN> <TEST>", "protocol", "learn <TRAIN>", "approximate <PROTOTYPES> <LEARNED>", "review <LABELED>", "export <MODEL>", "inspect <FILE>", "demo", "models", "datasets" })
            text.ShouldContain(command);
        text.ShouldContain("lfa [command] [options]");
    }

    [Fact]
    public void NoCommand_ShowsTheHelp()
    {
        Tool.Succeed().ShouldBe(Tool.Succeed("--help"));
        Tool.Succeed("models").ShouldBe(Tool.Succeed("models", "--help"));
    }

    [Theory]
    [InlineData("fit", "--learning-rate <number>", "[default: 0.0005]", "--beta <number|cv>", "[default: auto]", "--batch <number>", "[default: 0.75]", "--iterations <integer>", "[default: 100]")]
    [InlineData("predict", "--top <integer>", "[default: 1]")]
    [InlineData("review", "--label <integer>", "[default: 20]", "--duplicate-cosine <number>", "[default: 0.99]", "--unlabeled <file|folder>")]
    [InlineData("demo", "--out <folder>", "[default: lfa-demo]")]
    public void Help_OfACommand_ShowsItsDefaults(string command, params string[] parts)
    {
        var text = Tool.Succeed(command, "--help-all");
        foreach (var part in parts)
            text.ShouldContain(part);
    }

    [Fact]
    public void Help_OfEveryCommand_ShowsAnOptionOnce()
    {
        foreach (var command in new[] { "embed", "fit", "update", "evaluate", "predict", "compare", "learn", "approximate", "review", "export", "inspect", "demo" })
        {
            var options = Tool.Succeed(command, "--help").Split('\n').Select(line => line.Trim().Split(' ')[0]).Where(word => word.StartsWith('-')).ToArray();
            options.Length.ShouldBeGreaterThan(1, command); // One is --help.
            options.ShouldBeUnique();
        }
    }

    [Fact]
    public void Help_OfModels_ShowsBothCommands()
    {
        Tool.Succeed("models", "--help").ShouldContain("pull <MODEL>");
        Tool.Succeed("models", "pull", "--help").ShouldContain("[default: main]");
        Tool.Succeed("models", "list", "--help").ShouldContain("--json");
    }

    [Fact]
    public void Help_OfProtocol_ShowsEveryKind()
    {
        Tool.Succeed("protocol").ShouldBe(Tool.Succeed("protocol", "--help"));
        foreach (var kind in ProtocolCatalog.All)
        {
            Tool.Succeed("protocol").ShouldContain($"{kind.Name} <CONFIG>");
            Tool.Succeed("protocol", kind.Name, "--help").ShouldContain("--jobs <integer>");
        }
    }

    [Fact]
    public void Version_IsTheVersion() => Tool.Succeed("--version").ShouldStartWith("0.");

    [Theory]
    [InlineData("fi", "fit")]
    [InlineData("fit --los", "--loss")]
    [InlineData("fit x.npz --loss c", "contrastive", "csls")]
    public void Suggest_CompletesCommandsOptionsAndValues(string typed, params string[] expected)
    {
        var words = Tool.Succeed($"[suggest:{typed.Length}]", typed).Split('\n', StringSplitOptions.TrimEntries);
        foreach (var word in expected)
            words.ShouldContain(word);
    }

    [Fact]
    public void Process_Help_Works()
    {
        var result = ToolProcess.RunTool("--help");
        (result.ExitCode, result.Error).ShouldBe((0, ""));
        result.Output.ShouldBe(Tool.Succeed("--help"));
    }

    [Fact]
    public void Process_BadInput_IsOneLineAndExitCodeTwo()
    {
        ToolProcess.RunTool("fit", "no-such-file.npz").ShouldBeBadInput().ShouldBe("lfa: no-such-file.npz: there is no such file.");
        ToolProcess.RunTool("fit", "x.npz", "--beta", "2").ShouldBeBadInput();
    }
}
