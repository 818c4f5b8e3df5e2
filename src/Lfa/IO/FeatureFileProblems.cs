using Lfa.Data;

namespace Lfa.IO;

/// <summary>Finds everything wrong with the arrays of a feature file, where reading it names only the first.</summary>
internal sealed class FeatureFileProblems
{
    private const int MostOfAKind = 10; // of which each gets a line; the rest are counted

    private readonly FeatureFileLayout layout;
    private readonly Findings findings;
    private readonly long classCount;
    private readonly string[]? classNames;
    private readonly string[]? fileNames;

    private FeatureFileProblems(FeatureFileLayout layout, StoredArray? prototypes, Findings findings)
    {
        (this.layout, this.findings) = (layout, findings);
        classCount = prototypes?.Shape[0] ?? 0;
        classNames = findings.Collect(() => FeatureFileArrays.ReadNames(layout.ClassNames));
        fileNames = findings.Collect(() => FeatureFileArrays.ReadNames(layout.FileNames));
    }

    /// <summary>Adds what is wrong to <paramref name="findings"/>.</summary>
    /// <returns>The classes, or null where there are no usable text features.</returns>
    public static ClassReport? Find(FeatureFileLayout layout, FileKind kind, IReadOnlyDictionary<string, RowSurvey> surveys, Findings findings)
    {
        var prototypes = kind == FileKind.FeatureFile ? findings.Collect(() => FeatureFileArrays.CheckPrototypes(layout)) : null;
        var check = new FeatureFileProblems(layout, prototypes, findings);
        check.CheckImages();
        if (surveys.GetValueOrDefault(layout.Images.Name) is { } images)
            findings.AddRows(layout.Images, images, layout.SaysCrops, check.fileNames);
        if (prototypes is null)
            return null;
        check.CheckPrototypes(prototypes);
        if (surveys.GetValueOrDefault(prototypes.Name) is { } texts)
            findings.AddRows(prototypes, texts, isCrops: false, check.classNames);
        if (surveys.ContainsKey(prototypes.Name))
            check.CheckRepeatedNames(prototypes);
        // A claim of many classes makes room for their counts only when their text features were seen.
        var counts = surveys.ContainsKey(prototypes.Name) && check.classCount <= Array.MaxLength ? check.CheckLabels() : null;
        return new ClassReport(check.classCount, check.classNames, counts?.Min(), counts?.Max());
    }

    private void CheckImages()
    {
        var images = layout.Images;
        if (layout.ImageCount == 0)
            findings.AddProblem($"{images.Name}: there are no rows; give at least one image.");
        CheckCount(layout.FileNames, fileNames?.Length, layout.ImageCount, images.Name);
        if (images.Shape.Count == 3 && !layout.SaysCrops)
            findings.AddNote($"{images.Name} is {ArrayShape.Describe(images.Shape)}: unless told otherwise, the middle axis is taken for frames of a video and averaged.");
    }

    private void CheckPrototypes(StoredArray prototypes)
    {
        if (classCount == 0)
            findings.AddProblem($"{prototypes.Name}: there are no rows; give at least one class.");
        if (layout.Dimension != prototypes.Shape[1])
            findings.AddProblem($"{layout.Images.Name} is {ArrayShape.Describe(layout.Images.Shape)} but {prototypes.Name} is {ArrayShape.Describe(prototypes.Shape)}; both must have the same number of columns.");
        CheckCount(layout.ClassNames, classNames?.Length, classCount, prototypes.Name);
    }

    private void CheckCount(StoredArray? array, int? count, long rows, string rowsName)
    {
        if (count is not null && count != rows)
            findings.AddProblem(Invariant($"{array!.Name} has {count} entries but {rowsName} has {rows} rows; give one for each row."));
    }

    private void CheckRepeatedNames(StoredArray prototypes)
    {
        if (classNames is null || classNames.Length != classCount || findings.Collect(prototypes.ToSingle) is not { } values)
            return;
        var columns = (int)prototypes.Shape[1];
        foreach (var (first, second) in FeatureSetValidation.Duplicates(classNames))
        {
            var text = Invariant($"{layout.ClassNames!.Name}: \"{classNames[first]}\" names the classes {first} and {second}");
            if (values.AsSpan(first * columns, columns).SequenceEqual(values.AsSpan(second * columns, columns)))
                findings.AddNote($"{text}, whose prototypes are equal; nothing can tell them apart.");
            else
                findings.AddProblem($"{text}, whose prototypes differ; give every class a name of its own.");
        }
    }

    private int[]? CheckLabels()
    {
        var labels = findings.Collect(() => FeatureFileArrays.ReadLabels(layout));
        if (labels is not { Length: > 0 })
        {
            if (layout.Labels is null || labels is not null)
                findings.AddNote("The images have no labels; supervised alignment needs one for each.");
            return null;
        }
        CheckCount(layout.Labels, labels.Length, layout.ImageCount, layout.Images.Name);
        var counts = new int[classCount];
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
                outside.Add(Invariant($"{layout.Labels!.Name}: row {row}{NameOf(row)} has the label {labels[row]}, outside 0 to {counts.Length - 1}; labels count the {counts.Length} classes from 0."));
        }
        AddFirst(outside, "labels are outside the classes");
    }

    private void CheckExamples(int[] counts)
    {
        var empty = new List<string>();
        for (var c = 0; c < counts.Length; c++)
        {
            if (counts[c] == 0)
                empty.Add(Invariant($"class {c}{(c < classNames?.Length ? $" \"{classNames[c]}\"" : "")} has no example; add one, or remove the class before training."));
        }
        AddFirst(empty, "classes have no example");
    }

    private void CheckLabelNames(int[] labels)
    {
        var names = findings.Collect(() => FeatureFileArrays.ReadNames(layout.LabelNames));
        for (var row = 0; row < Math.Min(names?.Length ?? 0, labels.Length); row++)
        {
            if ((uint)labels[row] >= (uint)(classNames?.Length ?? 0) || names![row] == classNames![labels[row]])
                continue;
            findings.AddNote(Invariant($"{layout.LabelNames!.Name}: row {row}{NameOf(row)} is called \"{names[row]}\" but its label {labels[row]} is the class \"{classNames[labels[row]]}\"; the label counts."));
            return;
        }
    }

    private string NameOf(int row) => row < fileNames?.Length ? $" ({fileNames[row]})" : "";

    private void AddFirst(List<string> problems, string kind)
    {
        foreach (var problem in problems.Take(MostOfAKind))
            findings.AddProblem(problem);
        if (problems.Count > MostOfAKind)
            findings.AddProblem(Invariant($"… and {problems.Count - MostOfAKind} more: in all, {problems.Count} {kind}."));
    }
}
