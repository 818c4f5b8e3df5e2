using Lfa.Encoders.Hub;

namespace Lfa.Encoders.Models;

/// <summary>Knows the names of a model's files: which ones a variant needs, and which variants there are.</summary>
internal static class ModelFiles
{
    /// <summary>The variant without a suffix.</summary>
    public const string Float32 = "fp32";

    private const string VisionTower = "vision_model";
    private const string TextTower = "text_model";
    private const string BothTowers = "model";
    private const string Extension = ".onnx";

    // The layouts, in the order of preference: towers in a folder of their own, or beside the configuration.
    private static readonly string[] TowerFolders = ["onnx/", ""];

    /// <summary>The files that say how images are prepared.</summary>
    public static readonly IReadOnlyList<string> VisionConfiguration = ["preprocessor_config.json", "open_clip_config.json"];

    /// <summary>The files that say how texts are prepared.</summary>
    public static readonly IReadOnlyList<string> TextConfiguration =
    [
        "config.json", "open_clip_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
        "vocab.json", "merges.txt", "vocab.txt", "spiece.model", "sentencepiece.bpe.model", "tokenizer.model",
    ];

    private static readonly HashSet<string> Configuration = [.. VisionConfiguration, .. TextConfiguration];

    /// <summary>Returns the files that a variant needs, its towers last, or null where the variant is absent.</summary>
    public static IReadOnlyList<HubFile>? Choose(IReadOnlyCollection<HubFile> files, string? variant)
    {
        if (FindTowers(files.Select(file => file.Path).ToHashSet(), variant) is not var (vision, text))
            return null;
        var towers = files.Where(file => file.Path == vision || file.Path == text);
        var rest = files.Where(file => Configuration.Contains(file.Path) || IsDataOf(vision, file.Path) || IsDataOf(text, file.Path));
        return [.. rest, .. towers];
    }

    /// <summary>Returns the variants that have both towers, <see cref="Float32"/> first.</summary>
    public static IReadOnlyList<string> Variants(IReadOnlySet<string> paths) =>
    [
        .. TowerFolders.SelectMany(folder => Suffixes(paths, folder + VisionTower).Concat(Suffixes(paths, folder + BothTowers)))
            .Select(suffix => suffix.Length == 0 ? Float32 : suffix[1..])
            .Where(variant => FindTowers(paths, variant) is not null)
            .Distinct()
            .OrderBy(variant => variant != Float32).ThenBy(variant => variant, StringComparer.Ordinal),
    ];

    /// <summary>Returns the paths of a variant's towers, one path twice where one graph holds both, or null where one is absent.</summary>
    public static (string Vision, string Text)? FindTowers(IReadOnlySet<string> paths, string? variant)
    {
        var ending = (variant is null or Float32 ? "" : "_" + variant) + Extension;
        foreach (var folder in TowerFolders)
        {
            var (vision, text) = (folder + VisionTower + ending, folder + TextTower + ending);
            if (paths.Contains(vision) && paths.Contains(text))
                return (vision, text);
        }
        return TowerFolders.Select(folder => folder + BothTowers + ending).FirstOrDefault(paths.Contains) is { } both ? (both, both) : null;
    }

    /// <summary>Returns whether a file holds weights of a graph that is too large for one file.</summary>
    /// <remarks>"vision_model.onnx_data", "vision_model.onnx_data_1", "vision_model.onnx.data".</remarks>
    public static bool IsDataOf(string tower, string path) =>
        path.StartsWith(tower, StringComparison.Ordinal) && (path.AsSpan(tower.Length).StartsWith("_data") || path.AsSpan(tower.Length).SequenceEqual(".data"));

    private static IEnumerable<string> Suffixes(IEnumerable<string> paths, string start) => paths
        .Where(path => path.StartsWith(start, StringComparison.Ordinal) && path.EndsWith(Extension, StringComparison.Ordinal))
        .Select(path => path[start.Length..^Extension.Length])
        .Where(suffix => suffix.Length == 0 || suffix[0] == '_');
}
