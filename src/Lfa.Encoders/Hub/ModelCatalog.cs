namespace Lfa.Encoders.Hub;

/// <summary>The models that are known to have ONNX towers, and the repositories that publish them.</summary>
public static class ModelCatalog
{
    /// <summary>Gets the models, those of one family together.</summary>
    public static IReadOnlyList<ModelCatalogEntry> All { get; } =
    [
        new("openai/clip-vit-base-patch32", "Xenova/clip-vit-base-patch32", 512, 224, 606, "the usual start: fast on a processor, compared everywhere"),
        new("openai/clip-vit-base-patch16", "Xenova/clip-vit-base-patch16", 512, 224, 600, "finer detail than patch32, about four times the work"),
        new("openai/clip-vit-large-patch14", "Xenova/clip-vit-large-patch14", 768, 224, 1711, "the most accurate CLIP of this size; slow without a GPU"),
        new("openai/clip-vit-large-patch14-336", "Xenova/clip-vit-large-patch14-336", 768, 336, 1713, "small objects and text in images; the slowest"),
        new("google/siglip-base-patch16-224", "Xenova/siglip-base-patch16-224", 768, 224, 813, "more accurate than CLIP of its size, English"),
        new("google/siglip2-base-patch16-224", "onnx-community/siglip2-base-patch16-224-ONNX", 768, 224, 1501, "class names in many languages"),
        new("apple/MobileCLIP-S0", "Xenova/mobileclip_s0", 512, 256, 215, "the smallest and fastest; weights for research only"),
        new("apple/MobileCLIP-S2", "Xenova/mobileclip_s2", 512, 256, 397, "small, nearly as accurate as base models; weights for research only"),
    ];

    /// <summary>Returns the model of a name or of a repository, or null where it is not known.</summary>
    /// <param name="nameOrRepository">The name or the repository; letters of either case.</param>
    /// <exception cref="ArgumentNullException"><paramref name="nameOrRepository"/> is null.</exception>
    public static ModelCatalogEntry? Find(string nameOrRepository)
    {
        ArgumentNullException.ThrowIfNull(nameOrRepository);
        return All.FirstOrDefault(model => model.Name.Equals(nameOrRepository, StringComparison.OrdinalIgnoreCase) || model.Repository.Equals(nameOrRepository, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Returns a model that another repository publishes under the same name, or null.</summary>
    internal static ModelCatalogEntry? Like(string repository) =>
        All.FirstOrDefault(model => model.Repository != repository && (Name(model.Name) == Name(repository) || Name(model.Repository) == Name(repository)));

    private static string Name(string repository) => repository[(repository.IndexOf('/') + 1)..].ToUpperInvariant();
}
