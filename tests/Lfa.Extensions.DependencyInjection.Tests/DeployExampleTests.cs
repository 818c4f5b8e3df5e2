using DeployExamples;
using Microsoft.Extensions.DependencyInjection;

namespace Lfa.Extensions.DependencyInjection.Tests;

/// <summary>What docs/how-to/deploy.md tells a reader to run.</summary>
/// <remarks>The example uses relative paths and the console, which all tests share, so it runs beside no other.</remarks>
[CollectionDefinition(nameof(DeployExampleTests), DisableParallelization = true)]
[Collection(nameof(DeployExampleTests))]
public class DeployExampleTests
{
    [Fact]
    public void Example_OfDocument_IsTheOneThatRuns() => Readme.ShouldHold(0, "tests/Lfa.Extensions.DependencyInjection.Tests/DeployExample.cs", "docs/how-to/deploy.md");

    [Fact]
    public void Example_OnFiles_LoadsBothModels()
    {
        using var folder = new TemporaryFolder();
        ModelFiles.Save(folder["pets.safetensors"], classes: 3);
        ModelFiles.Save(folder["birds.safetensors"], classes: 4);
        var configuration = ModelFiles.Configuration(("Lfa:birds:Path", "birds.safetensors"), ("Lfa:birds:ReloadOnChange", "true"));

        Readme.RunIn(folder.FullName, () => DeployExample.Run(new ServiceCollection(), configuration)).ShouldBe(["3 pets, 4 birds"]);
    }
}
