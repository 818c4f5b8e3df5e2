namespace Lfa.IO;

/// <summary>Looks into files of features and models and collects everything that is wrong with them.</summary>
public static class FileInspection
{
    /// <summary>Reads a whole file, in bounded memory but for names and labels, and reports on it.</summary>
    /// <param name="path">The path of the file.</param>
    /// <returns>The report; its problems are those for which <see cref="FeatureFile.Read(string, FeatureFileOptions?)"/> fails, all of them and not only the first. Frames are looked at one by one, not their mean.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="LfaDataException">The file is of another format, or too damaged to list its arrays.</exception>
    public static FileReport Inspect(string path)
    {
        using var stream = InputFile.Open(path);
        return Inspect(stream, path);
    }

    /// <inheritdoc cref="Inspect(string)"/>
    /// <param name="stream">The content of a file; it can seek and is left open.</param>
    /// <param name="name">What the report and messages call it.</param>
    public static FileReport Inspect(Stream stream, string name) => FeatureFormats.Identify(stream, name).Inspect(stream, name);
}
