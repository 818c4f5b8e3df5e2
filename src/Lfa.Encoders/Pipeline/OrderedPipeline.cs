namespace Lfa.Encoders.Pipeline;

/// <summary>Prepares items side by side, some ahead, and hands them on in their order.</summary>
internal static class OrderedPipeline
{
    /// <summary>Runs <paramref name="prepare"/> on every item.</summary>
    /// <param name="count">The number of items.</param>
    /// <param name="ahead">How many items may be in preparation or waiting at once.</param>
    /// <param name="prepare">Prepares the item of an index; runs on as many threads of the pool as there are processors.</param>
    /// <returns>The prepared items in their order; enumerating it drives the work, and nothing works on after its end.</returns>
    public static IEnumerable<T> Run<T>(int count, int ahead, Func<int, T> prepare)
    {
        // No more at once than can run: a large image takes much memory while it is prepared.
        var workers = new TaskFactory(new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, Environment.ProcessorCount).ConcurrentScheduler);
        using var stop = new CancellationTokenSource();
        var waiting = new Queue<Task<T>>(ahead);
        var next = 0;
        try
        {
            for (var taken = 0; taken < count; taken++)
            {
                for (; next < count && waiting.Count < ahead; next++)
                {
                    var index = next;
                    waiting.Enqueue(workers.StartNew(() => prepare(index), stop.Token));
                }
                yield return waiting.Dequeue().GetAwaiter().GetResult();
            }
        }
        finally
        {
            stop.Cancel();
            Task.WhenAll(waiting).ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        }
    }
}
