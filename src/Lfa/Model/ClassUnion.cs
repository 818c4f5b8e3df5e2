using System.Numerics.Tensors;
using Lfa.Data;

namespace Lfa.Model;

/// <summary>
/// The classes of a classifier after an update: those that are not removed, in their order, then the new ones in the order
/// in which the sets of images name them. Classes are told by their names; of several of one name the first is the first.
/// </summary>
internal sealed class ClassUnion
{
    // Prototypes of one class by one encoder and the same templates agree to the precision of half-precision files.
    private const double SamePrototype = 0.999;
    // Those of two names never agree as well as that, unless the names are one.
    private const double SameClass = 0.9999;
    private const int NamesShown = 8;

    private readonly LfaModel _model;
    private readonly Matrix _known;
    private readonly HashSet<string> _removed;
    private readonly Dictionary<(string Name, int Occurrence), int> _labels = [];
    private readonly List<string> _names = [];
    private readonly List<ReadOnlyMemory<float>> _prototypes = [];

    /// <summary>Takes the classes of the classifier, less the removed ones.</summary>
    /// <exception cref="LfaDataException">A class to remove is unknown or stands twice, or none would be left.</exception>
    public ClassUnion(LfaModel model, UpdateOptions options)
    {
        (_model, _known, _removed) = (model, model.ClassPrototypes ?? throw new LfaDataException("The classifier does not keep the text features of its classes; fit it again."), new HashSet<string>(StringComparer.Ordinal));
        foreach (var name in options.RemovedClasses)
        {
            if (!model.ClassNames.Contains(name))
                throw new LfaDataException($"There is no class \"{name}\" to remove; the classifier has {List(model.ClassNames)}.");
            if (!_removed.Add(name))
                throw new LfaDataException($"The class \"{name}\" is to be removed twice; name it once.");
        }
        var classes = Enumerable.Range(0, model.ClassCount).ToLookup(c => _removed.Contains(model.ClassNames[c]));
        (RemovedIndices, var kept) = ([.. classes[true]], classes[false].ToArray());
        if (kept.Length == 0)
            throw new LfaDataException($"All {model.ClassCount} classes are to be removed; at least one must be left.");
        foreach (var c in kept)
            Add(model.ClassNames[c], _known.Values.Slice(c * _known.Columns, _known.Columns));
        KeptCount = kept.Length;
    }

    /// <summary>Gets the classes to remove, counted as the classifier does.</summary>
    public int[] RemovedIndices { get; }

    /// <summary>Gets the number of classes of the classifier that are left.</summary>
    public int KeptCount { get; }

    /// <summary>Gets the names of all classes.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Gets the names of the new classes.</summary>
    public IReadOnlyList<string> AddedNames => _names[KeptCount..];

    /// <summary>Stacks the prototypes of all classes.</summary>
    public Matrix Prototypes()
    {
        var columns = _known.Columns;
        var values = new float[_names.Count * columns];
        for (var c = 0; c < _names.Count; c++)
            _prototypes[c].CopyTo(values.AsMemory(c * columns));
        return new Matrix(values, _names.Count, columns);
    }

    /// <summary>Takes in the classes of the new images.</summary>
    /// <inheritdoc cref="Join(FeatureSet, bool)"/>
    public int[] Join(FeatureSet images)
    {
        try
        {
            return Join(images, isEarlier: false);
        }
        catch (LfaDataException e)
        {
            throw new LfaDataException(e.Message, e) { Subject = nameof(images) };
        }
    }

    /// <summary>Takes in the classes of a set of images.</summary>
    /// <param name="set">The labeled images.</param>
    /// <param name="isEarlier">Whether these are images that the classifier was fitted to, some of which may be of removed classes.</param>
    /// <returns>The label of each of its classes among all; −1 for a removed one.</returns>
    /// <exception cref="LfaDataException">The images have no labels, other components or all the same features, or a class contradicts those there are.</exception>
    public int[] Join(FeatureSet set, bool isEarlier)
    {
        if (!set.IsLabeled)
            throw new LfaDataException("The images have no labels; an update needs one for each image.");
        if (set.Dimension != _model.Dimension)
            throw new LfaDataException(Invariant($"The features are {set.SampleCount} × {set.Dimension} but the classifier takes {_model.Dimension} columns; the features must come from the encoder it was fitted with."));
        if (set.TextDimension != _known.Columns)
            throw new LfaDataException(Invariant($"The class prototypes are {set.ClassCount} × {set.TextDimension} but those of the classifier have {_known.Columns} columns; the class names must come from the encoder it was fitted with."));
        set.ThrowIfConstant();
        var counts = new int[set.ClassCount];
        foreach (var label in set.Labels.Span)
            counts[label]++;
        var occurrences = new Dictionary<string, int>(StringComparer.Ordinal);
        var labels = new int[set.ClassCount];
        for (var c = 0; c < labels.Length; c++)
        {
            var name = set.ClassNames[c];
            var occurrence = occurrences[name] = occurrences.GetValueOrDefault(name) + 1;
            if (!_removed.Contains(name))
                labels[c] = Find(name, occurrence, set.ClassPrototypes, c);
            else if (counts[c] == 0 || isEarlier)
                labels[c] = -1;
            else
                throw new LfaDataException($"The class \"{name}\" is to be removed, yet there are new images of it; leave one of the two out.");
        }
        return labels;
    }

    /// <summary>Takes in classes by their names alone.</summary>
    /// <param name="prototypes">Their prototypes, in the space of those of the classifier, rows of unit length.</param>
    /// <param name="names">Their names; those that are there already must have the same prototype.</param>
    /// <exception cref="LfaDataException">There are more or fewer names, two of one name differ, or a class contradicts those there are.</exception>
    public void Add(Matrix prototypes, IReadOnlyList<string> names)
    {
        if (names.Count != prototypes.Rows)
            throw new LfaDataException(Invariant($"There are {names.Count} class names but {prototypes.Rows} rows of class features; give one for each row."));
        FeatureSetValidation.CheckDuplicates(names, prototypes);
        var occurrences = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var c = 0; c < names.Count; c++)
            Find(names[c], occurrences[names[c]] = occurrences.GetValueOrDefault(names[c]) + 1, prototypes, c);
        if (_names.Count == KeptCount)
            throw new LfaDataException($"There is no class to add: the classifier has {List([.. names])} already.");
    }

    private int Find(string name, int occurrence, Matrix prototypes, int row)
    {
        var prototype = prototypes.Values.Slice(row * prototypes.Columns, prototypes.Columns);
        if (_labels.TryGetValue((name, occurrence - 1), out var label))
        {
            var cosine = TensorPrimitives.CosineSimilarity(prototype.Span, _prototypes[label].Span);
            return cosine >= SamePrototype ? label : throw new LfaDataException(Invariant(
                $"The prototype of the class \"{name}\" is another than that of the classifier (cosine {cosine:F4}); both must come from the same encoder and the same templates."));
        }
        if (occurrence == 1)
        {
            var same = _prototypes.FindIndex(known => TensorPrimitives.CosineSimilarity(prototype.Span, known.Span) >= SameClass);
            if (same >= 0)
                throw new LfaDataException($"The class \"{name}\" has the prototype of the class \"{_names[same]}\"; give a class that is already there the same name.");
        }
        return Add(name, prototype);
    }

    private int Add(string name, ReadOnlyMemory<float> prototype)
    {
        for (var occurrence = 0; ; occurrence++)
        {
            if (!_labels.TryAdd((name, occurrence), _names.Count))
                continue;
            _names.Add(name);
            _prototypes.Add(prototype);
            return _names.Count - 1;
        }
    }

    private static string List(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(NamesShown).Select(name => $"\"{name}\"")) + (names.Count > NamesShown ? Invariant($" and {names.Count - NamesShown} more") : "");
}
