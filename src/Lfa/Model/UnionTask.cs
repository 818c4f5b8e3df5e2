using Lfa.Data;

namespace Lfa.Model;

/// <summary>Joins sets of images into one task of the classes of a union.</summary>
internal static class UnionTask
{
    /// <summary>Joins the sets, in their order, less the images of removed classes.</summary>
    /// <param name="union">The classes; all sets have joined it.</param>
    /// <param name="sets">The sets, each with the label of each of its classes in the union, −1 for a removed one.</param>
    /// <exception cref="LfaDataException">The sets hold other numbers of crops, or no image is left.</exception>
    public static FeatureSet Of(ClassUnion union, IReadOnlyList<(FeatureSet Set, int[] Labels)> sets)
    {
        var crops = sets[0].Set.Crops.Count;
        foreach (var (set, _) in sets)
        {
            if (set.Crops.Count != crops)
                throw new LfaDataException(Invariant($"One set holds {crops} crops an image and another {set.Crops.Count}; all must hold the same number."));
        }
        var parts = sets.Select(part => Part(part.Set, part.Labels)).OfType<(FeatureSet Set, int[] Labels)>().ToArray();
        int[] labels = [.. parts.SelectMany(part => part.Labels)];
        if (labels.Length == 0)
            throw new LfaDataException("No image is left; give images of classes that are not removed.");
        return parts[0].Set.Derive([.. Enumerable.Range(0, crops).Select(crop => Matrix.Stack([.. parts.Select(part => part.Set.Crops[crop])]))],
            union.Prototypes(), labels, union.Names, FileNames([.. parts.Select(part => part.Set)]))
            .WithEncodersWhereUnknown(sets.Select(part => part.Set.ImageEncoder).FirstOrDefault(encoder => encoder is not null), sets.Select(part => part.Set.TextEncoder).FirstOrDefault(encoder => encoder is not null));
    }

    /// <summary>Returns the images of classes that are left, with their labels in the union; null where there are none.</summary>
    private static (FeatureSet Set, int[] Labels)? Part(FeatureSet set, int[] classes)
    {
        var labels = Array.ConvertAll(set.Labels.ToArray(), label => classes[label]);
        if (!labels.Contains(-1))
            return (set, labels);
        int[] rows = [.. Enumerable.Range(0, labels.Length).Where(row => labels[row] >= 0)];
        return rows.Length == 0 ? null : (set.SelectRows(rows), [.. labels.Where(label => label >= 0)]);
    }

    private static string[]? FileNames(FeatureSet[] sets) => sets.Any(set => set.FileNames is null) ? null : [.. sets.SelectMany(set => set.FileNames!)];
}
