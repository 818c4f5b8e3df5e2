namespace Lfa.Encoders.Pipeline;

/// <summary>Reads the files of pictures.</summary>
internal static class PictureFile
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is empty, or no file but a pipe, which has no length either and could block for ever.</exception>
    public static byte[] Read(string path)
    {
        ThrowIfEmpty(path);
        return File.ReadAllBytes(path);
    }

    /// <summary>Throws for a file without content.</summary>
    public static void ThrowIfEmpty(string path)
    {
        if (new FileInfo(path).Length == 0)
            throw new InvalidDataException("the file is empty.");
    }
}
