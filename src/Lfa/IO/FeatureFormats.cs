namespace Lfa.IO;

/// <summary>Lists the formats of feature files.</summary>
public static class FeatureFormats
{
    private const int PrefixLength = 16;

    /// <summary>Gets the formats, which are told apart by the first bytes of a file.</summary>
    public static Registry<IFeatureFormat> Formats { get; } = new("feature format", new NpyFormat(), new NpzFormat(), new SafetensorsFormat());

    /// <summary>Gets the format of what is written where no other is named.</summary>
    internal static IFeatureFormat Default => Formats.Get(NpzFormat.FormatName);

    /// <summary>Finds the format of a stream.</summary>
    /// <exception cref="LfaDataException">It is of none that is known.</exception>
    internal static IFeatureFormat Identify(Stream stream, string name)
    {
        InputFile.Check(stream, name);
        stream.Position = 0;
        var buffer = new byte[PrefixLength];
        var prefix = buffer.AsSpan(0, stream.ReadAtLeast(buffer, PrefixLength, throwOnEndOfStream: false));
        foreach (var format in Formats.All)
        {
            if (format.Matches(prefix, stream.Length))
                return format;
        }
        throw InputFile.Bad(name, prefix.StartsWith("PAR1"u8)
            ? "this is a Parquet file; save its embeddings as .npy or .npz."
            : $"this is neither a {string.Join(" nor a ", Formats.All.Select(format => format.Extension))} file; save the features with numpy.savez or numpy.save.");
    }

    /// <summary>Finds the format of a file to write by the extension of its name; another where none has this.</summary>
    internal static IFeatureFormat ForPath(string path, IFeatureFormat otherwise)
    {
        var extension = Path.GetExtension(path);
        return Formats.All.FirstOrDefault(format => format.Extension.Equals(extension, StringComparison.OrdinalIgnoreCase)) ?? otherwise;
    }
}
