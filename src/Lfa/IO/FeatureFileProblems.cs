using Lfa.Data;

namespace Lfa.IO;

/// <summary>Finds everything wrong with the arrays of a feature file, where reading it names only the first.</summary>
internal sealed class FeatureFileProblems
{
    private const int MostOfAKind = 10; // of which each gets a line; the rest are counted

    private readonly FeatureFileLayout _layout;
    private readonly Findings _findings;
    private readonly long _classCount;
    private readonly string[]? _classNames;
    private readonly string[]? _fileNames;

    private FeatureFileProblems(FeatureFileLayout layout, StoredArray? prototypes, Findings findings)
    {
        (_layout, _findings) = (layout, findings);
        _classCount = prototypes?.Shape[0] ?? 0;
        _classNames = findings.Collect(() => layout.ClassNames?.Read());
        _fileNames = findings.Collect(() => layout.FileNames?.Read());
    }

    /// <summary>Adds what is wrong to <paramref name="findings"/>.</summary>
    /// <returns>The classes, or null where there are no usable text features.</returns>
    public static ClassReport? Find(FeatureFileLayout layout, FileKind kind, IReadOnlyDictionary<string, RowSurvey> surveys, Findings findings)
    {
        var prototypes = kind == FileKind.FeatureFile ? findings.Collect(() => FeatureFileArrays.CheckPrototypes(layout)) : null;
        var check = new FeatureFileProblems(layout, prototypes, findings);
        if (layout.Images.Entry is not null) // one array and nothing else has neither names nor a number of images to keep
            check.CheckImages();
        if (surveys.GetValueOrDefault(layout.Images.Name) is { } images)
            findings.AddRows(layout.Images, images, layout.SaysCrops, check._fileNames);
        if (prototypes is null)
            return null;
        check.CheckPrototypes(prototypes);
        if (surveys.GetValueOrDefault(prototypes.Name) is { } texts)
            findings.AddRows(prototypes, texts, isCrops: true, check._classNames); // no prompt may be zero
        if (surveys.ContainsKey(prototypes.Name) && !findings.HaveProblems)
            findings.Collect(() => FeatureFileArrays.ReadPrompts(prototypes));
        if (surveys.ContainsKey(prototypes.Name))
            check.CheckRepeatedNames(prototypes);
        // A claim of many classes makes room for their counts only when their text features were seen.
        var counts = surveys.ContainsKey(prototypes.Name) && check._classCount <= Array.MaxLength ? check.CheckLabels() : null;
        return new ClassReport(check._classCount, check._classNames, counts?.Min(), counts?.Max()) { PromptCount = prototypes.Shape.Count == 3 ? prototypes.Shape[1] : 1 };
    }

    private void CheckImages()
    {
        var images = _layout.Images;
        if (_layout.ImageCount == 0)
            _findings.AddProblem($"{images.Name}: there are no rows; give at least one image.");
        CheckCount(_layout.FileNames?.Name, _fileNames?.Length, _layout.ImageCount, images.Name);
        if (images.Shape.Count == 3 && !_layout.SaysCrops)
            _findings.AddNote($"{images.Name} is {ArrayShape.Describe(images.Shape)}: unless told otherwise, the middle axis is taken for frames of a video and averaged.");
    }

    private void CheckPrototypes(StoredArray prototypes)
    {
        if (_classCount == 0)
            _findings.AddProblem($"{prototypes.Name}: there are no rows; give at least one class.");
        if (_layout.Dimension != prototypes.Shape[^1])
            _findings.AddNote($"{_layout.Images.Name} is {ArrayShape.Describe(_layout.Images.Shape)} but {prototypes.Name} is {ArrayShape.Describe(prototypes.Shape)}: encoders of two spaces, between which a fit makes a projection.");
        CheckCount(_layout.ClassNames?.Name, _classNames?.Length, _classCount, prototypes.Name);
    }

    private void CheckCount(string? array, int? count, long rows, string rowsName)
    {
        if (count is not null && count != rows)
            _findings.AddProblem(Invariant($"{array} has {count} entries but {rowsName} has {rows} rows; give one for each row."));
    }

    private void CheckRepeatedNames(StoredArray prototypes)
    {
        if (_classNames is null or [] || _classNames.Length != _classCount || _findings.Collect(prototypes.ToSingle) is not { } values)
            return;
        var columns = (int)(prototypes.Count / _classCount); // of all prompts of a class
        foreach (var (first, second) in FeatureSetValidation.Duplicates(_classNames))
        {
            var text = Invariant($"{_layout.ClassNames!.Name}: \"{_classNames[first]}\" names the classes {first} and {second}");
            if (values.AsSpan(first * columns, columns).SequenceEqual(values.AsSpan(second * columns, columns)))
                _findings.AddNote($"{text}, whose prototypes are equal; nothing can tell them apart.");
            else
                _findings.AddProblem($"{text}, whose prototypes differ; give every class a name of its own.");
        }
    }

    private int[]? CheckLabels()
    {
        var labels = _findings.Collect(() => FeatureFileArrays.ReadLabels(_layout));
        if (labels is not { Length: > 0 })
        {
            if (_layout.Labels is null || labels is not null)
                _findings.AddNote("The images have no labels; supervised alignment needs one for each.");
            return null;
        }
        CheckCount(_layout.Labels?.Name, labels.Length, _layout.ImageCount, _layout.Images.Name);
        var counts = new int[_classCount];
        CheckRange(labels, counts);
        CheckExamples(counts);
        CheckLabelNames(labels);
        return counts.Length == 0 ? null : counts;
    }

    private void CheckRange(int[] labels, int[] counts)
    {
        var outside = new List<string>();
        for (var row = 0; row < labels.Length; row++)
        {
            if ((uint)labels[row] < (uint)counts.Length)
                counts[labels[row]]++;
            else
                outside.Add(Invariant($"{_layout.Labels!.Name}: row {row}{NameOf(row)} has the label {labels[row]}, outside 0 to {counts.Length - 1}; labels count the {counts.Length} classes from 0."));
        }
        AddFirst(outside, "labels are outside the classes");
    }

    private void CheckExamples(int[] counts)
    {
        var empty = new List<string>();
        for (var c = 0; c < counts.Length; c++)
        {
            if (counts[c] == 0)
                empty.Add(Invariant($"class {c}{(c < _classNames?.Length ? $" \"{_classNames[c]}\"" : "")} has no example; add one, or remove the class before training."));
        }
        AddFirst(empty, "classes have no example");
    }

    private void CheckLabelNames(int[] labels)
    {
        var names = _findings.Collect(() => _layout.LabelNames?.Read());
        for (var row = 0; row < Math.Min(names?.Length ?? 0, labels.Length); row++)
        {
            if ((uint)labels[row] >= (uint)(_classNames?.Length ?? 0) || names![row] == _classNames![labels[row]])
                continue;
            _findings.AddNote(Invariant($"{_layout.LabelNames!.Name}: row {row}{NameOf(row)} is called \"{names[row]}\" but its label {labels[row]} is the class \"{_classNames[labels[row]]}\"; the label counts."));
            return;
        }
    }

    private string NameOf(int row) => row < _fileNames?.Length ? $" ({_fileNames[row]})" : "";

    private void AddFirst(List<string> problems, string kind)
    {
        foreach (var problem in problems.Take(MostOfAKind))
            _findings.AddProblem(problem);
        if (problems.Count > MostOfAKind)
            _findings.AddProblem(Invariant($"… and {problems.Count - MostOfAKind} more: in all, {problems.Count} {kind}."));
    }
}
