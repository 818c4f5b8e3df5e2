namespace Lfa;

/// <summary>
/// Writes files whole or not at all: into a temporary file of the same folder, which takes the target's place when
/// everything is on the disk.
/// </summary>
/// <remarks>Safe for use by several threads at once, also on one target: the last to finish wins.</remarks>
internal static class AtomicFile
{
    /// <summary>Writes a file; when that fails, the target is as it was before and no temporary file is left.</summary>
    /// <param name="path">The path of the target, which may exist; a link is followed, a device is written directly.</param>
    /// <param name="write">Writes the content to the stream, which it may close.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or empty.</exception>
    /// <exception cref="IOException">The target is a folder, its folder does not exist or may not be written, or the disk is full.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        if (IsDevice(path))
        {
            using var device = Open(path, path, FileMode.Open, FileAccess.Write);
            write(device);
            return;
        }
        var target = CheckTarget(path);
        var temporary = TemporaryBeside(target);
        try
        {
            WriteTemporary(path, temporary, write);
            CopyMode(target, temporary);
            Move(path, temporary, target);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }
    }

    /// <summary>Throws unless a file can be written, so that long work before it is not in vain; nothing is left behind.</summary>
    /// <param name="path">The path of the target, which may exist and stays as it is.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or empty.</exception>
    /// <exception cref="IOException">The target is a folder, or its folder does not exist or may not be written.</exception>
    public static void ThrowIfNotWritable(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (IsDevice(path))
            return;
        var temporary = TemporaryBeside(CheckTarget(path));
        Open(path, temporary, FileMode.CreateNew, FileAccess.ReadWrite).Dispose();
        TryDelete(temporary);
    }

    private static string TemporaryBeside(string target) => Path.Combine(Path.GetDirectoryName(target)!, $".lfa-{Guid.NewGuid():N}.tmp");

    // "/dev/stdout" must not be replaced by a file; /dev/shm is a folder like others.
    private static bool IsDevice(string path) =>
        Path.GetFullPath(path) is var full
        && full.StartsWith("/dev/", StringComparison.Ordinal) && !full.StartsWith("/dev/shm/", StringComparison.Ordinal);

    private static string CheckTarget(string path)
    {
        var file = new FileInfo(path);
        var target = (file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true)!).FullName;
        if (Directory.Exists(target))
            throw new IOException(OneLine.Of($"{path} is a folder; give the name of a file."));
        var folder = Path.GetDirectoryName(target);
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException(OneLine.Of($"{path}: the folder {folder} does not exist; create it first."));
        return target;
    }

    private static void WriteTemporary(string path, string temporary, Action<Stream> write)
    {
        using (var stream = Open(path, temporary, FileMode.CreateNew, FileAccess.ReadWrite))
            write(stream);
        using var handle = File.OpenHandle(temporary, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(handle);
    }

    private static TargetStream Open(string path, string file, FileMode mode, FileAccess access)
    {
        try
        {
            return new TargetStream(path, file, mode, access);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw TargetStream.CannotWrite(path, e);
        }
    }

    private static void Move(string path, string temporary, string target)
    {
        try
        {
            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw TargetStream.CannotWrite(path, e);
        }
    }

    private static void CopyMode(string target, string temporary)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(target))
            File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            // The failure that brought us here says more than this one.
        }
    }
}
