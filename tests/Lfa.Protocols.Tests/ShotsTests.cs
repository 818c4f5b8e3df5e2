using Lfa.Data;

namespace Lfa.Protocols.Tests;

public class ShotsTests
{
    private static readonly FeatureSet Task = new(new Matrix(new float[] { 1, 0, 0, 1, 1, 1, 1, 2, 2, 1 }, 5, 2), new Matrix(new float[] { 1, 0, 0, 1, 1, 1 }, 3, 2), new[] { 0, 0, 0, 1, 1 });

    [Fact]
    public void Draw_FewerThanThereAre_TakesThatManyOfEachClass()
    {
        var drawn = new Shots(2).Draw(Task, seed: 3);
        drawn.Labels.ToArray().ShouldBe([0, 0, 1, 1]);
        new Shots(2).CountShortClasses(drawn).ShouldBe(1, "the class without an image");
    }

    [Fact]
    public void Draw_MoreThanThereAre_TakesAllAndCountsTheShortClasses()
    {
        var drawn = new Shots(3).Draw(Task, seed: 3);
        drawn.SampleCount.ShouldBe(5);
        new Shots(3).CountShortClasses(drawn).ShouldBe(2);
    }

    [Fact]
    public void All_TakesTheTaskItself()
    {
        Shots.All.Draw(Task, seed: 1).ShouldBeSameAs(Task);
        Shots.All.CountShortClasses(Task).ShouldBe(0);
    }

    [Fact]
    public void InWords_CountsAsAPersonDoes() =>
        new[] { new Shots(1), new Shots(16), Shots.All }.Select(shots => $"{shots}: {shots.InWords}").ShouldBe(["1: 1 shot", "16: 16 shots", "all: all images"]);

    [Fact]
    public void Constructor_Zero_Throws() => Should.Throw<ArgumentOutOfRangeException>(() => new Shots(0));
}
