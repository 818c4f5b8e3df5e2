using Lfa.Encoders.Pipeline;

namespace Lfa.Encoders.Tests.Pipeline;

public class OrderedPipelineTests
{
    [Fact]
    public void Run_SlowAndQuickItems_KeepTheirOrder() =>
        OrderedPipeline.Run(50, 8, index =>
        {
            Thread.Sleep(index % 3);
            return index;
        }).ShouldBe(Enumerable.Range(0, 50));

    [Fact]
    public void Run_UnreadResults_BoundTheWorkAhead()
    {
        var started = 0;
        using var results = OrderedPipeline.Run(1000, 4, index => Interlocked.Increment(ref started)).GetEnumerator();
        for (var taken = 1; taken <= 10; taken++)
        {
            results.MoveNext();
            Volatile.Read(ref started).ShouldBeLessThanOrEqualTo(taken + 4);
        }
    }

    [Fact]
    public void Run_FailingItem_ThrowsItsExceptionAfterThoseBefore()
    {
        var taken = new List<int>();
        Should.Throw<InvalidOperationException>(() =>
        {
            foreach (var item in OrderedPipeline.Run(10, 4, index => index == 3 ? throw new InvalidOperationException() : index))
                taken.Add(item);
        });
        taken.ShouldBe([0, 1, 2]);
    }

    [Fact]
    public void Run_LeftEarly_WaitsForWhatRuns()
    {
        var running = 0;
        foreach (var _ in OrderedPipeline.Run(100, 8, index =>
        {
            Interlocked.Increment(ref running);
            Thread.Sleep(5);
            return Interlocked.Decrement(ref running);
        }))
            break;
        Volatile.Read(ref running).ShouldBe(0);
    }
}
