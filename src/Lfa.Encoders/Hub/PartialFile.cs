namespace Lfa.Encoders.Hub;

/// <summary>The downloaded part of a file, with the checksum so far.</summary>
internal sealed class PartialFile : IDisposable
{
    private const int BufferBytes = 1 << 20;

    private readonly string _path;
    private readonly FileStream _stream;
    private readonly BlobHash _hash;

    private PartialFile(string path, HubFile file)
    {
        _path = path;
        _stream = Writing(() => new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0));
        _hash = new BlobHash(file);
    }

    /// <summary>Gets the number of bytes that are there.</summary>
    public long Length { get; private set; }

    /// <summary>Opens a file and hashes what an earlier pull left in it.</summary>
    public static async Task<PartialFile> OpenAsync(string path, HubFile file, CancellationToken cancellationToken)
    {
        var partial = new PartialFile(path, file);
        try
        {
            if (partial._stream.Length > file.Size)
                partial.Restart();
            partial.Length = await HashAsync(partial._stream, partial._hash, cancellationToken).ConfigureAwait(false);
            return partial;
        }
        catch
        {
            partial.Dispose();
            throw;
        }
    }

    /// <summary>Returns the checksum of a whole file.</summary>
    public static async Task<string> DigestAsync(string path, HubFile file, CancellationToken cancellationToken)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        using var hash = new BlobHash(file);
        await HashAsync(stream, hash, cancellationToken).ConfigureAwait(false);
        return hash.Finish();
    }

    /// <summary>Adds bytes at the end.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _stream.Write(bytes);
        }
        catch (Exception e) when (IsFromSystem(e))
        {
            throw RepositoryCache.CannotWrite(_path, e);
        }
        _hash.Append(bytes);
        Length += bytes.Length;
    }

    /// <summary>Throws away what is there.</summary>
    public void Restart()
    {
        Writing(() => _stream.SetLength(0));
        _hash.Finish();
        Length = 0;
    }

    /// <summary>Sees that everything is on the disk.</summary>
    /// <returns>The checksum.</returns>
    public string Finish()
    {
        Writing(() => _stream.Flush(flushToDisk: true));
        return _hash.Finish();
    }

    public void Dispose()
    {
        _stream.Dispose();
        _hash.Dispose();
    }

    private static async Task<long> HashAsync(FileStream stream, BlobHash hash, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferBytes];
        var length = 0L;
        var end = stream.Length;
        while (length < end && await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var read)
        {
            hash.Append(buffer.AsSpan(0, read));
            length += read;
        }
        return length;
    }

    private T Writing<T>(Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception e) when (IsFromSystem(e))
        {
            throw RepositoryCache.CannotWrite(_path, e);
        }
    }

    private void Writing(Action step) => Writing(() =>
    {
        step();
        return true;
    });

    // The runtime reports a file beyond the system's limit (EFBIG) as an argument out of range.
    private static bool IsFromSystem(Exception e) => e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException;
}
