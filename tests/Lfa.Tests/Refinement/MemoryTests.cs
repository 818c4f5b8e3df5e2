using Lfa.Alignment;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Refinement;
using Lfa.Tests.Support;

namespace Lfa.Tests.Refinement;

[Collection(nameof(Alone))]
public class MemoryTests
{
    private const int Steps = 20;

    [Theory]
    [InlineData(1, 0.0)]
    [InlineData(5, 0.0)]
    [InlineData(1, 0.01)]
    public void Step_AfterTheFirstOnOneThread_AllocatesNothing(int crops, double orthogonalization)
    {
        var loop = MakeLoop(crops, threads: 1, orthogonalization);
        Allocations.Least(() => RunSteps(loop)).ShouldBe(0);
    }

    [Fact]
    public void Step_AfterTheFirstOnTwoThreads_AllocatesNoMoreThanTheQueueOfThePool()
    {
        var loop = MakeLoop(crops: 1, threads: 2);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        RunSteps(loop);
        (GC.GetTotalAllocatedBytes(precise: true) - before).ShouldBeLessThan(Steps * 1024); // One d × d buffer alone would be 36 kB.
    }

    [Fact]
    public void Fit_WholeMethod_TakesThreeTimesTheFeaturesAnd64MegabytesAtMost()
    {
        const int samples = 20_000, dimension = 256, classes = 50;
        var task = MadeUp.Task(classes, dimension, samples / classes, seed: 1);
        var method = new LfaMethod { Refinement = new RefinementOptions { Iterations = 5 } };
        var context = new FitContext { MaxDegreeOfParallelism = 2 };
        method.Fit(MadeUp.Task(2, dimension, shots: 2, seed: 1), context); // The pools of the products are made once.
        PeakMemory.Of(() => method.Fit(task, context)).ShouldBeLessThan((3L * samples * dimension * sizeof(float)) + (64 << 20));
    }

    private static RefinementLoop MakeLoop(int crops, int threads, double orthogonalization = 0)
    {
        var plain = MadeUp.Task(30, 96, shots: 16, seed: 1);
        var task = new FeatureSet([.. Enumerable.Repeat(plain.ImageFeatures, crops)], plain.ClassPrototypes, plain.Labels);
        var loop = new RefinementLoop(task, Transform.Identity(96), new RefinementOptions { Orthogonalization = orthogonalization }, seed: 1, threads);
        loop.Step(0);
        return loop;
    }

    private static void RunSteps(RefinementLoop loop)
    {
        for (var i = 1; i <= Steps; i++)
            loop.Step(i);
    }
}
