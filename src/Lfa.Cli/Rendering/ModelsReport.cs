using Lfa.Cli.Inputs;
using Lfa.Encoders.Hub;

namespace Lfa.Cli.Rendering;

/// <summary>Renders the known models and those in the cache.</summary>
internal static class ModelsReport
{
    private const double Megabyte = 1e6;

    /// <summary>Writes a text for a person.</summary>
    /// <param name="output">Takes the text.</param>
    /// <param name="cacheFolder">The path of the cache.</param>
    /// <param name="cached">The models in the cache.</param>
    public static void WriteText(TextWriter output, string cacheFolder, IReadOnlyList<CachedModel> cached)
    {
        output.WriteLine($"{ModelFolders.Sample}: comes with the tool, to try it on emoji; it knows nothing of photographs");
        foreach (var model in ModelCatalog.All)
        {
            output.WriteLine($"{model.Name}: {model.GoodFor}");
            output.WriteLine(Invariant($"  {model.Dimension} dimensions, {model.ImageSize} pixels, {model.Megabytes} MB from {model.Repository}"));
            if (Find(cached, model) is { } copy)
                output.WriteLine($"  {Describe(copy)}");
        }
        foreach (var copy in Others(cached))
        {
            output.WriteLine($"{copy.Repository}: not in the table");
            output.WriteLine($"  {Describe(copy)}");
        }
        output.WriteLine();
        output.WriteLine($"The cache is {cacheFolder}; `lfa models pull MODEL` downloads into it.");
    }

    /// <summary>Writes one JSON document.</summary>
    /// <inheritdoc cref="WriteText"/>
    public static void WriteJson(TextWriter output, string cacheFolder, IReadOnlyList<CachedModel> cached) => JsonReport.Write(output, json =>
    {
        json.WriteString("cacheFolder", cacheFolder);
        json.WriteStartArray("known");
        foreach (var model in ModelCatalog.All)
        {
            json.WriteStartObject();
            json.WriteString("name", model.Name);
            json.WriteString("repository", model.Repository);
            json.WriteNumber("dimension", model.Dimension);
            json.WriteNumber("imageSize", model.ImageSize);
            json.WriteNumber("megabytes", model.Megabytes);
            json.WriteString("goodFor", model.GoodFor);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("cached");
        foreach (var copy in cached)
        {
            json.WriteStartObject();
            json.WriteString("repository", copy.Repository);
            json.WriteString("folder", copy.Folder);
            json.WriteStrings("variants", copy.Variants);
            json.WriteNumber("bytes", copy.Bytes);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private static CachedModel? Find(IReadOnlyList<CachedModel> cached, ModelCatalogEntry model) => cached.FirstOrDefault(copy => copy.Repository == model.Repository);

    private static IEnumerable<CachedModel> Others(IReadOnlyList<CachedModel> cached) => cached.Where(copy => ModelCatalog.Find(copy.Repository) is null);

    private static string Describe(CachedModel copy) => Invariant($"in the cache: {string.Join(", ", copy.Variants)}; {copy.Bytes / Megabyte:F0} MB; {copy.Folder}");
}
