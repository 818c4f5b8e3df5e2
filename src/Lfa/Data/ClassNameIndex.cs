namespace Lfa.Data;

/// <summary>Finds classes by their names; of several of one name the first is the first.</summary>
internal static class ClassNameIndex
{
    /// <summary>Returns the place of each class among the known ones.</summary>
    /// <exception cref="LfaDataException">A class is not known; the message names the first.</exception>
    public static int[] Find(IReadOnlyList<string> classNames, IReadOnlyList<string> known)
    {
        var places = new Dictionary<string, Queue<int>>(StringComparer.Ordinal);
        for (var c = 0; c < known.Count; c++)
        {
            if (!places.TryGetValue(known[c], out var queue))
                places[known[c]] = queue = [];
            queue.Enqueue(c);
        }
        return [.. classNames.Select((name, c) => places.TryGetValue(name, out var queue) && queue.TryDequeue(out var place)
            ? place
            : throw new LfaDataException(Invariant($"Class {c} (\"{name}\") of the images is none of the {known.Count} classes of the classifier; leave its images out, or let the classes of the images compete as new ones.")))];
    }
}
