namespace Lfa.Numerics;

/// <summary>
/// Runs the iterations of a loop on several threads of the pool, without allocating.
/// </summary>
/// <remarks>
/// Iterations are taken one by one, so the caller must give each the same work whoever runs it: results then have the
/// same bits on any number of threads. The calling thread takes part, so a busy pool costs time but never blocks.
/// A loop started inside an iteration runs on its own thread alone.
/// </remarks>
internal static class ParallelLoop
{
    /// <summary>Runs <paramref name="body"/> for every iteration from 0 to count − 1.</summary>
    /// <param name="count">The number of iterations.</param>
    /// <param name="threads">The number of threads at most; at least 1.</param>
    /// <param name="state">What the body works on.</param>
    /// <param name="body">The body, a static lambda; it gets the state and the iteration.</param>
    public static void For<TState>(int count, int threads, TState state, Action<TState, int> body)
        where TState : class
    {
        threads = Math.Min(threads, count);
        if (threads > 1 && Loop<TState>.TryRent(out var loop))
        {
            loop.Run(count, threads, state, body);
            return;
        }
        for (var i = 0; i < count; i++)
            body(state, i);
    }

    /// <summary>One thread's reusable loop: the pool's threads enter Execute and take iterations.</summary>
    private sealed class Loop<TState> : IThreadPoolWorkItem
        where TState : class
    {
        [ThreadStatic]
        private static Loop<TState>? _loop;

        private Action<TState, int> _body = null!;
        private TState _state = null!;
        private Exception? _failure;
        private int _count;
        private int _helpers;
        private int _next = int.MinValue; // Negative while no loop is open: whoever comes late takes nothing.
        private int _inside;

        public static bool TryRent(out Loop<TState> loop)
        {
            loop = _loop ??= new Loop<TState>();
            return !LoopThread.IsInside;
        }

        public void Run(int count, int threads, TState state, Action<TState, int> body)
        {
            (_body, _state, _count, _helpers, _failure) = (body, state, count, threads - 1, null);
            Volatile.Write(ref _next, 0);
            for (var i = 1; i < threads; i++)
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            TakeIterations();
            // A full fence: whoever enters later must find the loop closed before this thread finds nobody inside.
            Interlocked.Exchange(ref _next, int.MinValue);
            var spin = new SpinWait();
            while (Volatile.Read(ref _inside) != 0)
                spin.SpinOnce(sleep1Threshold: -1);
            _state = null!;
            if (_failure is not null)
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
        }

        void IThreadPoolWorkItem.Execute()
        {
            // The pool may come to the work of earlier loops only now: together they must not be more than this one asked for.
            if (Interlocked.Increment(ref _inside) <= _helpers)
                TakeIterations();
            Interlocked.Decrement(ref _inside);
        }

        private void TakeIterations()
        {
            LoopThread.IsInside = true;
            try
            {
                for (var i = Interlocked.Increment(ref _next) - 1; i >= 0 && i < _count; i = Interlocked.Increment(ref _next) - 1)
                    _body(_state, i);
            }
            catch (Exception exception)
            {
                _failure = exception;
                Volatile.Write(ref _next, int.MinValue);
            }
            finally
            {
                LoopThread.IsInside = false;
            }
        }
    }

    private static class LoopThread
    {
        [ThreadStatic]
        internal static bool IsInside;
    }
}
