using System.Text.Json;
using Lfa.Cli.Tests.Support;

namespace Lfa.Cli.Tests.Commands;

/// <summary>The tool as a process of its own, with a hub on this machine.</summary>
[Trait(Speed.Trait, Speed.Slow)]
public sealed class ModelsCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HubServer _server = new();

    private string Snapshot => Path.Combine(_folder.FullName, "hub", "models--Xenova--clip-vit-base-patch32", "snapshots", _server.Commit);

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Pull_KnownName_PrintsTheFolder()
    {
        Run("pull", HubServer.KnownName).ShouldBe(new ToolResult(0, Snapshot + Environment.NewLine, ""));
        Run("pull", HubServer.Repository, "--variant", "q4", "--verify").ShouldBe(new ToolResult(0, Snapshot + Environment.NewLine, ""));
        File.ReadAllBytes(Path.Combine(Snapshot, HubServer.Vision)).SequenceEqual(_server.Files[HubServer.Vision]).ShouldBeTrue();
    }

    [Fact]
    public void Pull_NoSuchModel_IsOneLine() =>
        Run("pull", "openai/clap").ShouldBeBadInput().ShouldStartWith("lfa: openai/clap: no such model or revision 'main' at http://127.0.0.1:");

    [Fact]
    public void Pull_AccessRefused_IsOneLine()
    {
        _server.Script = (request, answer) => request.Token == "Bearer hf_right" ? answer : ServerAnswer.Text(401, "Who are you?");
        Run("pull", HubServer.KnownName).ShouldBeBadInput().ShouldContain("set HF_TOKEN to a token that may read it");
        File.WriteAllText(_folder["token"], "hf_right\n");
        Run("pull", HubServer.KnownName).ExitCode.ShouldBe(0);
    }

    [Fact]
    public void Pull_NoNetwork_IsOneLine()
    {
        _server.Dispose();
        Run("pull", HubServer.KnownName).ShouldBeBadInput().ShouldStartWith("lfa: openai/clip-vit-base-patch32: no connection to http://127.0.0.1:");
    }

    [Fact]
    public async Task Pull_TwoProcesses_DownloadEachFileOnce()
    {
        var both = await Task.WhenAll(Task.Run(() => Run("pull", HubServer.KnownName)), Task.Run(() => Run("pull", HubServer.KnownName)));
        both.ShouldAllBe(result => result == new ToolResult(0, Snapshot + Environment.NewLine, ""));
        var downloads = _server.Requests.Where(request => request.Path.Contains("/resolve/")).ToArray();
        downloads.ShouldContain(request => request.IsFor(HubServer.Vision));
        downloads.ShouldAllBe(request => request.Number == 1);
    }

    [Fact]
    public void Pull_Interrupted_GoesOnThere()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows sends no SIGINT to a process without a console.");
        const int Half = HubServer.TowerBytes / 2;
        _server.Script = (request, answer) => request.IsFor(HubServer.Vision) && request.Number == 1 ? answer with { CutAfter = Half, Stalls = true } : answer;
        var partial = Path.Combine(_folder.FullName, "hub", "models--Xenova--clip-vit-base-patch32", "blobs", _server.Digest(HubServer.Vision) + ".incomplete");
        var result = ToolProcess.Run(ToolProcess.Dotnet, [ToolProcess.ToolPath, "models", "pull", HubServer.KnownName], environment: Variables, meanwhile: process =>
        {
            SpinWait.SpinUntil(() => File.Exists(partial) && new FileInfo(partial).Length == Half, TimeSpan.FromMinutes(1));
            ToolProcess.Run("/bin/sh", ["-c", $"kill -INT {process.Id}"]);
        });
        result.ShouldBe(new ToolResult(130, "", "lfa: canceled; the next pull goes on from what was downloaded.\n"));
        Run("pull", HubServer.KnownName).ExitCode.ShouldBe(0);
        _server.RequestsFor(HubServer.Vision).Select(request => request.From).ShouldBe([0, Half]);
    }

    [Fact]
    public void List_AfterAPull_ShowsWhatIsHere()
    {
        var nothing = Run("list");
        nothing.ExitCode.ShouldBe(0, nothing.Error);
        nothing.Output.ShouldContain("openai/clip-vit-base-patch32: the usual start");
        nothing.Output.ShouldNotContain("in the cache:");
        Run("pull", HubServer.KnownName).ExitCode.ShouldBe(0);
        Run("list").Output.ShouldContain($"  in the cache: fp32; 1 MB; {Snapshot}");

        using var document = JsonDocument.Parse(Run("list", "--json").Output);
        document.RootElement.GetProperty("cacheFolder").GetString().ShouldBe(_folder["hub"]);
        document.RootElement.GetProperty("known")[0].GetProperty("dimension").GetInt32().ShouldBe(512);
        var cached = document.RootElement.GetProperty("cached").EnumerateArray().ShouldHaveSingleItem();
        (cached.GetProperty("repository").GetString(), cached.GetProperty("folder").GetString()).ShouldBe((HubServer.Repository, Snapshot));
    }

    [Fact]
    public void List_ImpossibleEnvironment_DoesNotMatter()
    {
        (string Name, string Value)[] variables = [.. Variables.Where(variable => variable.Name is not ("HF_ENDPOINT" or "HF_TOKEN")), ("HF_ENDPOINT", "https://me:se-cret@hub"), ("HF_TOKEN", "a b")];
        ToolResult Run(params string[] args) => ToolProcess.Run(ToolProcess.Dotnet, [ToolProcess.ToolPath, "models", .. args], environment: variables);
        Run("list").ExitCode.ShouldBe(0);
        var line = Run("pull", HubServer.KnownName).ShouldBeBadInput();
        line.ShouldStartWith("lfa: HF_ENDPOINT must be an http or https address");
        line.ShouldNotContain("se-cret");
    }

    private (string Name, string Value)[] Variables =>
    [
        ("HF_ENDPOINT", _server.Endpoint.GetLeftPart(UriPartial.Authority)), ("HF_HOME", _folder.FullName), ("HF_HUB_CACHE", ""), ("HF_HUB_OFFLINE", ""), ("HF_TOKEN", ""), ("NO_PROXY", "127.0.0.1"),
    ];

    private ToolResult Run(params string[] args) => ToolProcess.Run(ToolProcess.Dotnet, [ToolProcess.ToolPath, "models", .. args], environment: Variables);
}
