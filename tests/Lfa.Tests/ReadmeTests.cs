using System.Text.RegularExpressions;
using Lfa.IO;
using Lfa.Tests.Parity;
using Lfa.Tests.Support;
using ReadmeExamples;

namespace Lfa.Tests;

/// <summary>What README.md tells a reader to run.</summary>
/// <remarks>The example uses relative paths and the console, which all tests share, so it runs beside no other.</remarks>
[CollectionDefinition(nameof(ReadmeTests), DisableParallelization = true)]
[Collection(nameof(ReadmeTests))]
public partial class ReadmeTests
{
    [Fact]
    public void Example_OfReadme_IsTheOneThatRuns()
    {
        var blocks = CSharpBlock().Matches(ReadFromRepository("README.md"));
        blocks.Count.ShouldBe(1, "README.md should hold one block of C#.");
        var source = ReadFromRepository("tests/Lfa.Tests/ReadmeExample.cs");
        var usings = source[..source.IndexOf("namespace ", StringComparison.Ordinal)];
        var body = MethodBody().Match(source).Groups["body"].Value;
        Normalize(blocks[0].Groups["code"].Value).ShouldBe(Normalize(usings + body));
    }

    [Fact]
    public void Example_OnFiles_FitsSavesAndPredicts()
    {
        var golden = Golden.Load("c10_d32_n16");
        using var folder = new TemporaryFolder();
        FeatureFile.Write(folder["train.npz"], golden.Task);
        FeatureFile.Write(folder["test.npz"], golden.Test);
        FeatureFile.Write(folder["new.npz"], golden.Test);
        var lines = RunIn(folder.FullName, ReadmeExample.Run);

        lines[0].ShouldMatch(@"^top-1: zero-shot \d+\.\d %, LFA \d+\.\d % \(beta [01]\.\d\d\)$");
        lines[1].ShouldMatch(Invariant($@"^{golden.Test.SampleCount} images, log-loss \d+\.\d+, calibration error 0\.\d+$"));
        lines.Length.ShouldBe(2 + golden.Test.SampleCount);
        lines[2..].ShouldAllBe(line => Regex.IsMatch(line, @"^class \d [01]\.\d\d$"));
        File.Exists(folder["model.safetensors"]).ShouldBeTrue();
    }

    [Fact]
    public void TestCommand_OfReadme_IsTheOneThatContinuousIntegrationRuns()
    {
        const string command = "dotnet test -c Release";
        ReadFromRepository("README.md").ShouldContain("```sh\n" + command + "\n```");
        ReadFromRepository(".ci/run").ShouldContain("\nstep " + command + " ");
    }

    private static string[] RunIn(string folder, Action action)
    {
        var (before, console) = (Directory.GetCurrentDirectory(), Console.Out);
        using var output = new StringWriter();
        try
        {
            Directory.SetCurrentDirectory(folder);
            Console.SetOut(output);
            action();
        }
        finally
        {
            Console.SetOut(console);
            Directory.SetCurrentDirectory(before);
        }
        return output.ToString().Split(output.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }

    private static string Normalize(string code) => Whitespace().Replace(code, " ").Trim();

    private static string ReadFromRepository(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Lfa.slnx")))
                return File.ReadAllText(Path.Combine(folder.FullName, path)).ReplaceLineEndings("\n");
        }
        throw new DirectoryNotFoundException("The tests do not run from inside the repository: no folder above them holds Lfa.slnx.");
    }

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();

    [GeneratedRegex("\n    {\n(?<body>.*)\n    }\n", RegexOptions.Singleline)]
    private static partial Regex MethodBody();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();
}
