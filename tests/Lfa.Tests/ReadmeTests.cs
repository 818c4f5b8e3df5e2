using System.Text.RegularExpressions;
using Lfa.IO;
using Lfa.Tests.Parity;
using ReadmeExamples;

namespace Lfa.Tests;

/// <summary>What README.md and docs/get-started/csharp.md tell a reader to run.</summary>
/// <remarks>The example uses relative paths and the console, which all tests share, so it runs beside no other.</remarks>
[CollectionDefinition(nameof(ReadmeTests), DisableParallelization = true)]
[Collection(nameof(ReadmeTests))]
public class ReadmeTests
{
    [Fact]
    public void Example_OfDocument_IsTheOneThatRuns() => Readme.ShouldHold(0, "tests/Lfa.Tests/ReadmeExample.cs", "docs/get-started/csharp.md");

    [Fact]
    public void Example_OnFiles_FitsSavesAndPredicts()
    {
        var golden = Golden.Load("c10_d32_n16");
        using var folder = new TemporaryFolder();
        FeatureFile.Write(folder["train.npz"], golden.Task);
        FeatureFile.Write(folder["test.npz"], golden.Test);
        FeatureFile.Write(folder["new.npz"], golden.Test);
        var lines = Readme.RunIn(folder.FullName, ReadmeExample.Run);

        lines[0].ShouldMatch(Invariant($@"^{golden.Test.SampleCount} images, top-1 \d+\.\d %, log-loss \d+\.\d{{3}}$"));
        lines.Length.ShouldBe(1 + golden.Test.SampleCount);
        lines[1..].ShouldAllBe(line => Regex.IsMatch(line, @"^class \d [01]\.\d\d$"));
        File.Exists(folder["model.safetensors"]).ShouldBeTrue();
    }

    [Fact]
    public void TestCommand_OfReadme_IsTheOneThatContinuousIntegrationRuns()
    {
        const string command = "dotnet test -c Release";
        Repository.Read("README.md").ShouldContain("```sh\n" + command + "\n```");
        Repository.Read(".ci/run").ShouldContain("\nstep " + command + " ");
    }
}
