namespace Lfa.Encoders.Datasets;

/// <summary>The datasets that go by a name: the eleven image sets of few-shot papers, four variants of ImageNet, and the videos of two sets.</summary>
/// <remarks>
/// Layouts are those that CoOp (Zhou et al., 2022) describes; iterations those of the code that Ouali et al. (2023) published. Where
/// nothing is published, nothing is made up: the videos have no iterations, and HMDB51 takes the template of UCF101.
/// </remarks>
public static class DatasetCatalog
{
    /// <summary>Gets the datasets: the image sets, the variants of ImageNet, the videos.</summary>
    public static IReadOnlyList<DatasetDescription> All { get; } =
    [
        new("imagenet", "imagenet", "ImageNet", new ClassFolderLayout("images/train", "images/val")) { Iterations = new(200, 100) },
        new("caltech101", "caltech-101", "Caltech101", new SplitFileLayout("split_zhou_Caltech101.json", "101_ObjectCategories")) { Iterations = new(1000, 40) },
        new("oxford-pets", "oxford_pets", "OxfordPets", new SplitFileLayout("split_zhou_OxfordPets.json", "images")) { Aliases = ["pets"], Iterations = new(30, 10) },
        new("stanford-cars", "stanford_cars", "StanfordCars", new SplitFileLayout("split_zhou_StanfordCars.json", "")) { Aliases = ["cars"], Iterations = new(2000, 50) },
        new("flowers102", "oxford_flowers", "OxfordFlowers", new SplitFileLayout("split_zhou_OxfordFlowers.json", "jpg")) { Aliases = ["oxford-flowers", "flowers"], Iterations = new(100, 50) },
        new("food101", "food-101", "Food101", new SplitFileLayout("split_zhou_Food101.json", "images")) { Iterations = new(100, 50) },
        new("fgvc-aircraft", "fgvc_aircraft", "FGVCAircraft", new AircraftLayout()) { Aliases = ["aircraft"], Iterations = new(1000, 100) },
        new("sun397", "sun397", "SUN397", new SplitFileLayout("split_zhou_SUN397.json", "SUN397")) { Iterations = new(100, 50) },
        new("dtd", "dtd", "DescribableTextures", new SplitFileLayout("split_zhou_DescribableTextures.json", "images")) { Aliases = ["describable-textures"], Iterations = new(1000, 100) },
        new("eurosat", "eurosat", "EuroSAT", new SplitFileLayout("split_zhou_EuroSAT.json", "2750")) { Iterations = new(100, 50) },
        new("ucf101", "ucf101", "UCF101", new SplitFileLayout("split_zhou_UCF101.json", "UCF-101-midframes")) { Aliases = ["image-ucf101"], Iterations = new(200, 100) },
        new("imagenet-v2", "imagenetv2", "ImageNet", new ClassFolderLayout(null, "imagenetv2-matched-frequency-format-val") { AreNumbered = true }),
        new("imagenet-sketch", "imagenet-sketch", "ImageNet", new ClassFolderLayout(null, "images")),
        new("imagenet-a", "imagenet-adversarial", "ImageNet", new ClassFolderLayout(null, "imagenet-a") { IsPart = true }) { Aliases = ["imagenet-adversarial"] },
        new("imagenet-r", "imagenet-rendition", "ImageNet", new ClassFolderLayout(null, "imagenet-r") { IsPart = true }) { Aliases = ["imagenet-rendition"] },
        new("ucf101-videos", "ucf101", "UCF101", new UcfVideoLayout(1)) { Aliases = ["ucf101-videos-1"] },
        new("ucf101-videos-2", "ucf101", "UCF101", new UcfVideoLayout(2)),
        new("ucf101-videos-3", "ucf101", "UCF101", new UcfVideoLayout(3)),
        new("hmdb51", "hmdb51", "UCF101", new HmdbVideoLayout(1)) { Aliases = ["hmdb51-1"] },
        new("hmdb51-2", "hmdb51", "UCF101", new HmdbVideoLayout(2)),
        new("hmdb51-3", "hmdb51", "UCF101", new HmdbVideoLayout(3)),
    ];

    /// <summary>Returns the dataset of a name, or null where it is not known.</summary>
    /// <param name="name">The name or an alias; upper and lower case, and - and _ within, do not matter.</param>
    public static DatasetDescription? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(known => known.Aliases.Prepend(known.Name).Any(alias => Plain(alias) == Plain(name)));
    }

    private static string Plain(string name) => string.Concat(name.Where(letter => letter is not ('-' or '_'))).ToUpperInvariant();
}
