namespace Lfa.Encoders.Hub;

/// <summary>Holds the lock of a blob, which keeps other tasks and other processes from downloading it too.</summary>
/// <remarks>It is the lock of the hub's Python tools: an exclusive lock on a file, which is left behind.</remarks>
internal static class BlobLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits for the lock.</summary>
    /// <param name="path">The path of the file, in an existing folder.</param>
    /// <param name="waits">Is called once when another holds the lock.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Gives the lock back when disposed.</returns>
    public static async Task<IDisposable> AcquireAsync(string path, Action? waits, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (HeldFile.IsReason(e))
            {
                waits?.Invoke();
                waits = null;
                await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
