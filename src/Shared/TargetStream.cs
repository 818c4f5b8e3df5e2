namespace Lfa;

/// <summary>Writes a file that will take the place of another; what fails names that other.</summary>
/// <param name="path">The path that messages name.</param>
/// <param name="file">The file to write.</param>
/// <param name="mode">How to open it.</param>
/// <param name="access">What to do with it.</param>
internal sealed class TargetStream(string path, string file, FileMode mode, FileAccess access)
    : FileStream(file, mode, access, FileShare.ReadWrite, BufferBytes)
{
    private const int BufferBytes = 1 << 16;

    public override void Write(byte[] buffer, int offset, int count)
    {
        try
        {
            base.Write(buffer, offset, count);
        }
        catch (Exception e) when (IsFromSystem(e))
        {
            throw CannotWrite(path, e);
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            base.Write(buffer);
        }
        catch (Exception e) when (IsFromSystem(e))
        {
            throw CannotWrite(path, e);
        }
    }

    public override void Flush(bool flushToDisk)
    {
        try
        {
            base.Flush(flushToDisk);
        }
        catch (Exception e) when (IsFromSystem(e))
        {
            throw CannotWrite(path, e);
        }
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        try
        {
            return base.Seek(offset, origin); // which writes what is buffered
        }
        catch (Exception e) when (IsFromSystem(e))
        {
            throw CannotWrite(path, e);
        }
    }

    /// <summary>Makes the exception for a file that cannot be written.</summary>
    public static IOException CannotWrite(string path, Exception e) =>
        new(OneLine.Of($"{path}: cannot be written: {Reason(e)}; give another place."), e);

    protected override void Dispose(bool disposing)
    {
        try
        {
            base.Dispose(disposing);
        }
        catch (Exception e) when (IsFromSystem(e))
        {
            throw CannotWrite(path, e);
        }
    }

    // What another method of this class has named is left as it is. The runtime reports a file beyond the system's limit (EFBIG) as an argument out of range.
    private static bool IsFromSystem(Exception e) =>
        e is IOException { InnerException: not IOException and not ArgumentOutOfRangeException } or ArgumentOutOfRangeException or UnauthorizedAccessException;

    private static string Reason(Exception e) => e switch
    {
        UnauthorizedAccessException => "there is no permission to write in its folder, or over it",
        ArgumentOutOfRangeException => "it would be longer than a file may be here",
        _ when e.Message.IndexOf(" : '", StringComparison.Ordinal) is > 0 and var end => e.Message[..end], // the name of the temporary file
        _ => e.Message,
    };
}
