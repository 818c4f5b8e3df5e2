using System.Collections.Frozen;
using Lfa.Encoders.Datasets;

namespace Lfa.Encoders.Text;

/// <summary>Represents the sentences that a class name is put into; the mean of their embeddings, each of unit length, is the class prototype.</summary>
/// <remarks>The sets of datasets are those of CLIP (Radford et al., 2021, notebooks of its repository) and, for the others, of CoOp (Zhou et al., 2022), as few-shot papers use them.</remarks>
public sealed record PromptTemplates
{
    private const string Place = "{}";

    private static readonly FrozenDictionary<string, PromptTemplates> Published = new Dictionary<string, PromptTemplates>
    {
        // CLIP's seven best, "Prompt_Engineering_for_ImageNet.ipynb", and the default.
        ["ImageNet"] = new(
        [
            "itap of a {}.",
            "a bad photo of the {}.",
            "a origami {}.",
            "a photo of the large {}.",
            "a {} in a video game.",
            "art of the {}.",
            "a photo of the small {}.",
            "a photo of a {}.",
        ]),
        ["Caltech101"] = new(["a photo of a {}."]),
        ["DescribableTextures"] = new(["{} texture."]),
        ["EuroSAT"] = new(["a centered satellite photo of {}."]),
        ["FGVCAircraft"] = new(["a photo of a {}, a type of aircraft."]),
        ["Food101"] = new(["a photo of {}, a type of food."]),
        ["OxfordFlowers"] = new(["a photo of a {}, a type of flower."]),
        ["OxfordPets"] = new(["a photo of a {}, a type of pet."]),
        ["StanfordCars"] = new(["a photo of a {}."]),
        ["SUN397"] = new(["a photo of a {}."]),
        ["UCF101"] = new(["a photo of a person doing {}."]),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Initializes a set of templates.</summary>
    /// <param name="templates">The templates, at least one, each with exactly one <c>{}</c> for the class name.</param>
    /// <exception cref="LfaDataException">There is no template, or one has no <c>{}</c> or several; the message names the first.</exception>
    public PromptTemplates(IEnumerable<string> templates)
    {
        ArgumentNullException.ThrowIfNull(templates);
        string[] list = [.. templates];
        if (list.Length == 0)
            throw new LfaDataException("There is no template; give at least one, such as \"a photo of a {}.\".");
        foreach (var (i, template) in list.Index())
        {
            var places = template.Split(Place).Length - 1;
            if (places != 1)
                throw new LfaDataException(Invariant($"template {i + 1}, \"{template}\", has {places} places for the class name; write {{}} exactly once."));
        }
        Templates = Array.AsReadOnly(list);
    }

    /// <summary>Gets the set of one template, "a photo of a {}.".</summary>
    public static PromptTemplates Default { get; } = new(["a photo of a {}."]);

    /// <summary>Gets the names of the datasets for which templates are published, in alphabetical order.</summary>
    public static IReadOnlyList<string> Datasets { get; } = [.. Published.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Gets the templates, in order.</summary>
    public IReadOnlyList<string> Templates { get; }

    /// <summary>Gets the published templates of a dataset.</summary>
    /// <param name="dataset">One of <see cref="Datasets"/>, upper and lower case being one, or a name of <see cref="DatasetCatalog"/>.</param>
    /// <returns>The templates.</returns>
    /// <exception cref="LfaDataException">There is no such dataset; the message lists those there are.</exception>
    public static PromptTemplates ForDataset(string dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return Published.TryGetValue(dataset, out var templates) ? templates
            : DatasetCatalog.Find(dataset)?.Templates
            ?? throw new LfaDataException($"There are no published templates for {dataset}; there are for {string.Join(", ", Datasets)}.");
    }

    /// <summary>Puts a class name into each template.</summary>
    /// <param name="className">The class name, as it is to be read.</param>
    /// <returns>The sentences, one a template, in order.</returns>
    public IReadOnlyList<string> Fill(string className)
    {
        ArgumentNullException.ThrowIfNull(className);
        return [.. Templates.Select(template => template.Replace(Place, className, StringComparison.Ordinal))];
    }

    /// <summary>Gets whether two sets hold the same templates in the same order.</summary>
    /// <param name="other">The other set.</param>
    /// <returns>Whether they do.</returns>
    public bool Equals(PromptTemplates? other) => other is not null && Templates.SequenceEqual(other.Templates, StringComparer.Ordinal);

    /// <summary>Gets a hash of the templates.</summary>
    /// <returns>The hash.</returns>
    public override int GetHashCode() => Templates.Aggregate(0, HashCode.Combine);
}
