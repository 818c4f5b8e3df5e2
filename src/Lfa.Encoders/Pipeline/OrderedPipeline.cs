namespace Lfa.Encoders.Pipeline;

/// <summary>Prepares items side by side, some ahead, and hands them on in their order.</summary>
internal static class OrderedPipeline
{
    /// <summary>Runs <paramref name="prepare"/> on every item.</summary>
    /// <param name="count">The number of items.</param>
    /// <param name="ahead">How many items may be in preparation or waiting at once; bounds the memory.</param>
    /// <param name="prepare">Prepares the item of an index; runs on threads of the pool, several at once.</param>
    /// <returns>The prepared items in their order; enumerating it drives the work.</returns>
    public static IEnumerable<T> Run<T>(int count, int ahead, Func<int, T> prepare)
    {
        var waiting = new Queue<Task<T>>(ahead);
        var next = 0;
        try
        {
            for (var taken = 0; taken < count; taken++)
            {
                for (; next < count && waiting.Count < ahead; next++)
                {
                    var index = next;
                    waiting.Enqueue(Task.Run(() => prepare(index)));
                }
                yield return waiting.Dequeue().GetAwaiter().GetResult();
            }
        }
        finally
        {
            // Nothing works on after the end, whatever ended it.
            Task.WhenAll(waiting).ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        }
    }
}
