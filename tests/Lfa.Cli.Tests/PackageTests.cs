using Lfa.Cli.Tests.Support;

namespace Lfa.Cli.Tests;

/// <summary>The packed tool installs from a folder, without a network, and runs.</summary>
[Trait(Speed.Trait, Speed.Slow)]
public sealed class PackageTests : IDisposable
{
    private const string OnlyThisFolder = """
        <configuration>
          <packageSources>
            <clear />
            <add key="packed" value="packages" />
          </packageSources>
        </configuration>
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Pack_InstallAndRun_Works()
    {
        Assert.SkipWhen(Repository.Root is null, "The tests run outside a working copy, which has the project to pack.");
        var project = Path.Combine(Repository.Root!, "src", "Lfa.Cli", "Lfa.Cli.csproj");
        var configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Debug{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Debug" : "Release";
        File.WriteAllText(_folder["NuGet.config"], OnlyThisFolder);

        RunDotnet("pack", project, "-c", configuration, "--no-build", "-nodeReuse:false", "-o", _folder["packages"]);
        RunDotnet("tool", "install", "Lfa.Cli", "--tool-path", _folder["tool"], "--configfile", _folder["NuGet.config"]);

        var help = RunInstalled("--help");
        help.ShouldContain("lfa [command] [options]");
        RunInstalled("demo").ShouldContain("LFA");
        File.Exists(_folder["lfa-demo/model.safetensors"]).ShouldBeTrue("the demonstration writes beside where it runs");
    }

    private string RunInstalled(params string[] args) =>
        Run(_folder[OperatingSystem.IsWindows() ? "tool/lfa.exe" : "tool/lfa"], args, _folder.FullName);

    private void RunDotnet(params string[] args) => Run(ToolProcess.Dotnet, args, _folder.FullName);

    private static string Run(string program, string[] args, string folder)
    {
        var result = ToolProcess.Run(program, args, folder, environment: [("DOTNET_ROOT", ToolProcess.DotnetRoot), ("MSBUILDDISABLENODEREUSE", "1"), ("DOTNET_CLI_TELEMETRY_OPTOUT", "1")]);
        result.ExitCode.ShouldBe(0, result.Output + result.Error);
        return result.Output;
    }
}
