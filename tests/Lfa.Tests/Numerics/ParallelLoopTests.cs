using Lfa.Numerics;

namespace Lfa.Tests.Numerics;

public class ParallelLoopTests
{
    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 4)]
    [InlineData(3, 8)]
    [InlineData(1000, 1)]
    [InlineData(1000, 2)]
    [InlineData(1000, 7)]
    public void For_EveryIteration_RunsExactlyOnce(int count, int threads)
    {
        for (var repeat = 0; repeat < 20; repeat++)
        {
            var runs = new int[count];
            ParallelLoop.For(count, threads, runs, static (runs, i) => Interlocked.Increment(ref runs[i]));
            runs.ShouldAllBe(run => run == 1);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void For_BodyThrows_ThrowsAtTheCallerAndWorksAgain(int threads)
    {
        var runs = new int[100];
        for (var repeat = 0; repeat < 50; repeat++)
        {
            Should.Throw<InvalidOperationException>(() => ParallelLoop.For(100, threads, runs, static (_, i) => throw new InvalidOperationException(Invariant($"{i}"))));
            ParallelLoop.For(100, threads, runs, static (runs, i) => Interlocked.Increment(ref runs[i]));
        }
        runs.ShouldAllBe(run => run == 50);
    }

    [Fact]
    public void For_InsideAnIteration_RunsExactlyOnce()
    {
        var runs = new int[40 * 30];
        ParallelLoop.For(40, 3, runs, static (runs, i) =>
            ParallelLoop.For(30, 3, new Inner(runs, i), static (inner, j) => Interlocked.Increment(ref inner.Runs[(inner.Outer * 30) + j])));
        runs.ShouldAllBe(run => run == 1);
    }

    [Fact]
    public void For_FromSeveralThreadsAtOnce_KeepsTheLoopsApart()
    {
        var threads = Enumerable.Range(0, 4).Select(_ =>
        {
            var failures = new List<int>();
            var thread = new Thread(() =>
            {
                for (var repeat = 0; repeat < 500; repeat++)
                {
                    var runs = new int[repeat % 17];
                    ParallelLoop.For(runs.Length, 3, runs, static (runs, i) => Interlocked.Increment(ref runs[i]));
                    if (Array.Exists(runs, run => run != 1))
                        failures.Add(repeat);
                }
            });
            thread.Start();
            return (thread, failures);
        }).ToArray();
        foreach (var (thread, failures) in threads)
        {
            thread.Join();
            failures.ShouldBeEmpty();
        }
    }

    [Fact]
    public void For_NestedLoopThrows_LeavesTheThreadUsable()
    {
        // A failure inside must not leave the thread marked as being in a loop.
        var runs = new int[8];
        Should.Throw<InvalidOperationException>(() => ParallelLoop.For(8, 2, runs, static (runs, _) =>
            ParallelLoop.For(8, 2, runs, static (_, _) => throw new InvalidOperationException())));
        var ids = new HashSet<int>();
        for (var repeat = 0; repeat < 100 && ids.Count < 2; repeat++)
        {
            ParallelLoop.For(8, 2, ids, static (ids, _) =>
            {
                Thread.Sleep(1);
                lock (ids)
                    ids.Add(Environment.CurrentManagedThreadId);
            });
        }
        ids.Count.ShouldBe(2, "two threads share the loop again");
    }

    [Fact]
    public void For_AfterManyShortLoops_NeverTakesMoreThreadsThanAsked()
    {
        // The pool may come to the work of the short loops only when the long one is under way.
        var concurrency = new Concurrency();
        for (var repeat = 0; repeat < 20; repeat++)
        {
            for (var i = 0; i < 50; i++)
                ParallelLoop.For(2, 2, concurrency, static (_, _) => { });
            ParallelLoop.For(20, 2, concurrency, static (concurrency, _) => concurrency.Visit());
        }
        concurrency.Most.ShouldBeLessThanOrEqualTo(2);
    }

    private sealed class Concurrency
    {
        private int _inside;

        public int Most { get; private set; }

        public void Visit()
        {
            var inside = Interlocked.Increment(ref _inside);
            lock (this)
                Most = Math.Max(Most, inside);
            Thread.Sleep(1);
            Interlocked.Decrement(ref _inside);
        }
    }

    private sealed record Inner(int[] Runs, int Outer);
}
