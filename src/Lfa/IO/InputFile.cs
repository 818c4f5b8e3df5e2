namespace Lfa.IO;

/// <summary>Opens files for reading, and words what is wrong with them in one line that begins with the path.</summary>
internal static class InputFile
{
    /// <summary>Opens an existing, non-empty, seekable file.</summary>
    public static FileStream Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw new LfaDataException(OneLine.Of($"{path} is a folder; give a file.")) { Subject = path };
        if (!File.Exists(path))
            throw new FileNotFoundException(OneLine.Of($"{path}: there is no such file."), path);
        var stream = OpenExisting(path);
        if (stream.CanSeek && stream.Length > 0)
            return stream;
        var problem = stream.CanSeek ? "the file is empty." : "this is a pipe or a device; save the data as a file first.";
        stream.Dispose();
        throw Bad(path, problem);
    }

    /// <summary>Throws for a stream that cannot be read from its start to its end, or is empty.</summary>
    public static void Check(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!stream.CanRead || !stream.CanSeek)
            throw new ArgumentException("The stream cannot be read or cannot seek; copy it to a MemoryStream or a file first.", nameof(stream));
        if (stream.Length == 0)
            throw Bad(name, "the file is empty.");
    }

    /// <summary>Makes the exception for a file that cannot be read: one line, the path first.</summary>
    public static LfaDataException Bad(string path, string problem, Exception? inner = null, long? row = null) =>
        new(OneLine.Of($"{path}: {problem}"), inner) { Subject = path, Row = row ?? (inner as LfaDataException)?.Row };

    private static FileStream OpenExisting(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (UnauthorizedAccessException e)
        {
            throw Bad(path, "there is no permission to read it.", e);
        }
    }
}
