namespace Lfa.IO;

/// <summary>Collects what an inspection finds.</summary>
internal sealed class Findings(string path)
{
    private readonly List<string> _problems = [];
    private readonly List<string> _notes = [];

    /// <summary>Gets whether there is any problem so far.</summary>
    public bool HaveProblems => _problems.Count > 0;

    public void AddProblem(string problem) => _problems.Add(OneLine.Of(problem));

    public void AddNote(string note) => _notes.Add(OneLine.Of(note));

    /// <summary>Runs a step; what it throws for a bad file becomes a problem, without the path, once.</summary>
    public T? Collect<T>(Func<T?> step)
        where T : class
    {
        try
        {
            return step();
        }
        catch (LfaDataException e)
        {
            var prefix = OneLine.Of(path) + ": ";
            var problem = e.Message.StartsWith(prefix, StringComparison.Ordinal) ? e.Message[prefix.Length..] : e.Message;
            if (!_problems.Contains(problem))
                _problems.Add(problem);
            return null;
        }
    }

    /// <summary>Words what the survey of an array of features found.</summary>
    /// <param name="array">The array, rows × components or images × frames × components.</param>
    /// <param name="survey">What was found in it.</param>
    /// <param name="isCrops">Whether the middle axis, if there is one, is crops; a frame may be zero, a crop may not.</param>
    /// <param name="rowNames">The names of the rows, if known.</param>
    public void AddRows(StoredArray array, RowSurvey survey, bool isCrops, IReadOnlyList<string>? rowNames = null)
    {
        var middle = array.Shape.Count == 3 ? array.Shape[1] : 1;
        if (survey.NonFiniteRows > 0)
            AddProblem(Describe(survey.NonFiniteRows, survey.FirstNonFinite, "holds a NaN or an infinity", "remove the row or embed it again"));
        if (survey.ZeroRows > 0 && (middle == 1 || isCrops))
            AddProblem(Describe(survey.ZeroRows, survey.FirstZero, "is zero and has no direction", "remove the row or embed it again"));
        else if (survey.ZeroRows > 0)
            AddNote(Describe(survey.ZeroRows, survey.FirstZero, "has a frame that is zero", "such a frame only shortens the mean"));
        if (survey.OtherLengthRows > 0)
            AddNote(Invariant($"{array.Name}: {survey.OtherLengthRows} {(survey.OtherLengthRows == 1 ? "row is" : "rows are")} not of unit length (normalized on reading)."));

        string Describe(long count, long first, string what, string remedy)
        {
            var row = first / middle;
            var name = row < rowNames?.Count ? $" ({rowNames[(int)row]})" : "";
            var others = count > 1 ? Invariant($" ({count} in all)") : "";
            return Invariant($"{array.Name}: row {row}{name} {what}{others}; {remedy}.");
        }
    }

    public FileReport ToReport(FileKind kind, IReadOnlyList<ArrayReport> arrays) =>
        new() { Path = path, Kind = kind, Arrays = arrays, Problems = _problems, Notes = _notes };
}
