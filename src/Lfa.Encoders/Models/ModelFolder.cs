using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using Lfa.Data;
using Lfa.Encoders.Images;
using Lfa.Encoders.Pipeline;

namespace Lfa.Encoders.Models;

/// <summary>Represents the folder of a CLIP-like model as hubs publish it: two graphs, and the files that say how to feed them.</summary>
/// <remarks>
/// The graphs are <c>vision_model.onnx</c> and <c>text_model.onnx</c>, in the folder or in its subfolder <c>onnx</c>, with a
/// suffix such as <c>_quantized</c> for a variant; or one graph <c>model.onnx</c> with both towers.
/// Instances are immutable and safe for use by several threads at once.
/// </remarks>
public sealed class ModelFolder
{
    private const string GraphFolder = "onnx";

    private readonly Lazy<string> _visionFingerprint;
    private readonly Lazy<string> _textFingerprint;
    private readonly Lazy<string> _space;

    private ModelFolder(string path, string name, string visionGraph, string textGraph)
    {
        (Path, Name, VisionGraph, TextGraph) = (path, name, visionGraph, textGraph);
        (Preprocessing, LogitScale) = (ImagePreprocessing.Read(path), ReadLogitScale(System.IO.Path.Combine(path, "config.json")));
        _visionFingerprint = new Lazy<string>(() => Fingerprint(VisionGraph, ModelFiles.VisionConfiguration));
        _textFingerprint = new Lazy<string>(() => Fingerprint(TextGraph, ModelFiles.TextConfiguration));
        _space = new Lazy<string>(() => Invariant($"{ContentHash.OfText($"{VisionFingerprint} {TextFingerprint}"):x32}"));
    }

    /// <summary>Gets the path of the folder.</summary>
    public string Path { get; }

    /// <summary>Gets the name that the model was asked for by, such as "openai/clip-vit-base-patch32"; the path where there is no other.</summary>
    public string Name { get; }

    /// <summary>Gets the path of the ONNX graph that embeds images.</summary>
    public string VisionGraph { get; }

    /// <summary>Gets the path of the ONNX graph that embeds texts; the same as <see cref="VisionGraph"/> where one graph does both.</summary>
    public string TextGraph { get; }

    /// <summary>Gets 32 hexadecimal digits that differ where another model would give images other embeddings: a hash of the graph, its weights and the files that say how to prepare images.</summary>
    public string VisionFingerprint => _visionFingerprint.Value;

    /// <summary>Gets 32 hexadecimal digits that differ where another model would give texts other embeddings: a hash of the graph, its weights and the tokenizer's files.</summary>
    public string TextFingerprint => _textFingerprint.Value;

    /// <summary>Gets how images are turned into the graph's input.</summary>
    internal ImagePreprocessing Preprocessing { get; }

    /// <summary>Gets the factor that the model was trained to multiply cosines by, as <c>config.json</c> tells it under <c>logit_scale</c> (its logarithm), or null.</summary>
    /// <remarks><c>logit_scale_init_value</c> is where training started, not where it ended, and is not taken for it.</remarks>
    public double? LogitScale { get; }

    /// <summary>Gets the identity of the encoder of images; it reads both graphs once, to hash them.</summary>
    public EncoderIdentity ImageIdentity => Identity(VisionFingerprint);

    /// <summary>Gets the identity of the encoder of texts, of the same space as that of images; it reads both graphs once, to hash them.</summary>
    public EncoderIdentity TextIdentity => Identity(TextFingerprint);

    /// <summary>Opens a folder: finds its graphs and reads its configuration; no graph is loaded yet.</summary>
    /// <param name="path">The path of the folder.</param>
    /// <param name="variant">The suffix of the graphs, such as "quantized" or "fp16". Default: none, the graphs in full precision.</param>
    /// <param name="name">What to call the model. Default: the path.</param>
    /// <returns>The folder.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="LfaDataException">The folder lacks a graph of this variant, or its configuration cannot be read; the message names it.</exception>
    public static ModelFolder Open(string path, string? variant = null, string? name = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Directory.Exists(path))
            throw new DirectoryNotFoundException($"{path}: there is no such model folder; pull one first (ModelCatalog.All lists some).");
        var files = Files(path);
        if (ModelFiles.FindTowers(files, variant) is not var (vision, text))
            throw NoTowers(path, variant, ModelFiles.Variants(files));
        return new ModelFolder(path, name ?? path, System.IO.Path.Combine(path, vision), System.IO.Path.Combine(path, text));
    }

    // The names from the folder, as hubs write them.
    private static HashSet<string> Files(string path)
    {
        var graphs = System.IO.Path.Combine(path, GraphFolder);
        var nested = Directory.Exists(graphs) ? Directory.EnumerateFiles(graphs).Select(file => $"{GraphFolder}/{System.IO.Path.GetFileName(file)}") : [];
        return [.. Directory.EnumerateFiles(path).Select(file => System.IO.Path.GetFileName(file)), .. nested];
    }

    private static LfaDataException NoTowers(string path, string? variant, IReadOnlyList<string> variants) => new(variants.Count == 0
        ? $"{path}: there is no vision_model.onnx with a text_model.onnx in it or in its folder {GraphFolder}; export the model to ONNX or pull one that is."
        : $"{path}: there is no variant {variant ?? ModelFiles.Float32} of the towers; there are: {string.Join(", ", variants)}.");

    private static double? ReadLogitScale(string path)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            using var config = JsonDocument.Parse(File.ReadAllBytes(path));
            return config.RootElement.TryGetProperty("logit_scale", out var logarithm) ? Math.Exp(logarithm.GetDouble()) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new LfaDataException($"{path}: this is not a model's configuration ({e.Message.ReplaceLineEndings(" ")}); download it again.", e);
        }
    }

    private EncoderIdentity Identity(string fingerprint) => new(Name) { Fingerprint = fingerprint, Space = _space.Value, Temperature = LogitScale is { } scale ? 1 / scale : null };

    private string Fingerprint(string graph, IEnumerable<string> configuration)
    {
        var weights = Directory.EnumerateFiles(System.IO.Path.GetDirectoryName(graph)!).Where(file => ModelFiles.IsDataOf(graph, file)).Order(StringComparer.Ordinal);
        var settings = configuration.Select(file => System.IO.Path.Combine(Path, file)).Where(File.Exists);
        var hash = new XxHash128();
        foreach (var file in weights.Prepend(graph).Concat(settings))
        {
            // Names and lengths too, so that no content passes for the end of another.
            hash.Append(Encoding.UTF8.GetBytes(Invariant($"{System.IO.Path.GetFileName(file)} {new FileInfo(file).Length}\0")));
            ContentHash.AppendFile(hash, file);
        }
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
