using Lfa.Data;
using Lfa.Encoders;
using Lfa.Encoders.Datasets;
using Lfa.Encoders.Models;
using Lfa.Encoders.Text;

namespace Lfa.Analysis.Benchmark;

/// <summary>The emoji of the sample, embedded by its model: each vendor is a domain.</summary>
internal static class EmojiFeatures
{
    public const string Twemoji = "twemoji";
    public const string Fluent = "fluent-emoji-flat";

    private static readonly string Folder = Path.Combine(RealFeatures.Repository(), "samples", "emoji");
    private static readonly Dictionary<string, Lazy<FeatureSet>> Vendors = ((string[])[Twemoji, Fluent]).ToDictionary(vendor => vendor, vendor => new Lazy<FeatureSet>(() => Embed(vendor)));

    /// <summary>Returns the images of a vendor; the first call embeds them.</summary>
    public static FeatureSet Of(string vendor) => Vendors[vendor].Value;

    private static FeatureSet Embed(string vendor)
    {
        var options = new DatasetEncoderOptions { CacheFolder = null, Templates = new PromptTemplates(["a picture of a {}."]) };
        using var encoder = DatasetEncoder.Open(ModelFolder.Open(Path.Combine(Folder, "model")), options);
        return encoder.EncodeAsync(ImageDataset.FromFolder(Path.Combine(Folder, "images", vendor))).GetAwaiter().GetResult().Features;
    }
}
