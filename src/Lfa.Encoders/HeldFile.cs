namespace Lfa.Encoders;

/// <summary>Tells a file that another process holds from other failures.</summary>
internal static class HeldFile
{
    // What the runtime reports for a lock that another holds: EWOULDBLOCK on Linux and macOS, ERROR_SHARING_VIOLATION on Windows.
    private static readonly int[] HeldByAnother = [11, 35, unchecked((int)0x80070020)];

    /// <summary>Returns whether another process holds the file that could not be opened.</summary>
    public static bool IsReason(IOException e) => HeldByAnother.Contains(e.HResult);
}
