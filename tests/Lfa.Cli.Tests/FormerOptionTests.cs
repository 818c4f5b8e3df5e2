using Lfa.Cli.Parsing;
using Lfa.Cli.Tests.Support;

namespace Lfa.Cli.Tests;

/// <summary>Options by the names that they had before.</summary>
public sealed class FormerOptionTests : IDisposable
{
    private readonly SmallTask _task = new();

    public void Dispose() => _task.Dispose();

    [Theory]
    [InlineData("fit x --bridge cca", "fit x --projection cca")]
    [InlineData("fit x --bridge projection", "fit x --projection gaussian")]
    [InlineData("fit x --bridge=projection", "fit x --projection=gaussian")]
    [InlineData("fit x --bridge=pca --components 3", "fit x --projection=pca --components 3")]
    [InlineData("fit projection --bridge auto", "fit projection --projection auto")]
    [InlineData("fit x --bridge", "fit x --projection")]
    [InlineData("fit x --unlabelled y --shares uniform", "fit x --unlabeled y --class-prior uniform")]
    [InlineData("review x --unlabelled=y", "review x --unlabeled=y")]
    [InlineData("fit x --picture-batch 3 --batch 0.5", "fit x --image-batch 3 --batch 0.5")]
    [InlineData("embed x --batch 3", "embed x --image-batch 3")]
    [InlineData("predict x y --batch=3", "predict x y --image-batch=3")]
    [InlineData("fit --projection gaussian --class-prior f", "fit --projection gaussian --class-prior f")]
    [InlineData("", "")]
    public void Rename_FormerNames_GivesThoseOfToday(string args, string expected)
    {
        string[] words = args.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string.Join(' ', FormerOptions.Rename(words)).ShouldBe(expected);
        string.Join(' ', words).ShouldBe(args, "the arguments stay as they are");
    }

    [Theory]
    [InlineData("--bridge cca", "--projection cca")]
    [InlineData("--bridge projection --method lfa --iterations 3", "--projection gaussian --method lfa --iterations 3")]
    [InlineData("--unsupervised --shares uniform", "--unsupervised --class-prior uniform")]
    public void Fit_FormerNames_GiveTheSameModel(string former, string today)
    {
        Tool.Succeed(["fit", _task.TrainPath, "-o", _task["1.safetensors"], .. former.Split(' ')]);
        Tool.Succeed(["fit", _task.TrainPath, "-o", _task["2.safetensors"], .. today.Split(' ')]);
        File.ReadAllBytes(_task["1.safetensors"]).ShouldBe(File.ReadAllBytes(_task["2.safetensors"]));
    }

    [Fact]
    public void Commands_FormerNames_AreTaken()
    {
        Tool.Succeed("fit", _task.TrainPath, "--unlabelled", _task.TestPath).ShouldContain("given by transport to 60 images");
        Tool.Succeed("review", _task.TrainPath, "--unlabelled", _task.TestPath).ShouldContain("To label next of");
        using var images = new ImageTask();
        images.EmbedFails(images.Images, "--batch", "0").ShouldStartWith("lfa: --image-batch 0: BatchSize");
        images.Embed(images.Images, "--batch", "3");
        images.Fit("--picture-batch", "2");
    }

    [Fact]
    public void Help_FormerNames_AreNotShown()
    {
        foreach (var command in new[] { "fit", "review", "embed", "predict", "compare" })
        {
            var text = Tool.Succeed(command, "--help-all");
            foreach (var former in new[] { "--bridge", "--unlabelled", "--shares", "--picture-batch" })
                text.ShouldNotContain(former);
        }
    }

    [Theory]
    [InlineData("bridge-cca", "projection-cca")]
    [InlineData("bridge-projection", "projection-gaussian")]
    public void Compare_FormerMethods_AreThoseOfToday(string former, string today) =>
        Tool.SucceedWithJson("compare", _task.TrainPath, _task.TestPath, "--methods", former, "--json").GetProperty("methods")[0].GetProperty("method").GetString().ShouldBe(today);
}
