namespace Lfa.IO;

/// <summary>Looks into a file of named arrays and collects everything that is wrong with it.</summary>
internal static class ArrayInspection
{
    public static FileReport Inspect(ArrayFile file)
    {
        var findings = new Findings(file.Path);
        var sound = new SoundArrays(file, findings);
        var (reports, surveys) = (new List<ArrayReport>(), new Dictionary<string, RowSurvey>());
        foreach (var name in file.Names)
        {
            if (findings.Collect(() => file[name]) is not { } array)
                continue;
            var survey = findings.Collect(() => RowSurvey.Take(array));
            reports.Add(new ArrayReport(array.Name, array.Type.ToString(), array.Shape, array.Type.IsFloat && array.Shape.Count > 1 ? survey?.ToStatistics() : null));
            sound.Add(array);
            if (survey is not null)
                surveys.Add(array.Name, survey);
        }
        var kind = file.Kind;
        if (kind == FileKind.Model)
            AddNonFinite(surveys, findings);
        var layout = kind != FileKind.Model && FeatureFileLayout.FindImages(file) is { } images && sound.Find(images) is not null
            ? findings.Collect(() => FeatureFileLayout.Find(sound))
            : null;
        var classes = layout is null ? null : FeatureFileProblems.Find(layout, kind, surveys, findings);
        if (kind is FileKind.FeatureFile or FileKind.Array)
            CheckEncoders(sound, layout, findings);
        return findings.ToReport(kind, reports) with { Classes = classes, Metadata = file.Metadata };
    }

    private static void AddNonFinite(Dictionary<string, RowSurvey> surveys, Findings findings)
    {
        foreach (var (name, survey) in surveys)
        {
            if (survey.NonFiniteRows > 0)
                findings.AddProblem(Invariant($"{name}: row {survey.FirstNonFinite} holds a NaN or an infinity ({survey.NonFiniteRows} in all); fit the model again."));
        }
    }

    private static void CheckEncoders(SoundArrays file, FeatureFileLayout? layout, Findings findings)
    {
        var images = findings.Collect(() => FeatureFileArrays.ReadEncoder(file, FeatureFileLayout.ImageEncoderName));
        var texts = findings.Collect(() => FeatureFileArrays.ReadEncoder(file, FeatureFileLayout.TextEncoderName));
        if (layout?.Prototypes is { } prototypes && layout.Dimension == prototypes.Shape[^1] && Data.EncoderIdentity.DifferInSpace(images, texts))
            findings.AddNote($"{layout.Images.Name} is of {images!.Name} but {prototypes.Name} is of {texts!.Name}: encoders of two spaces, between which a fit makes a projection.");
    }

    /// <summary>The arrays whose headers are sound; the names among them, or in the metadata, where these are.</summary>
    private sealed class SoundArrays(ArrayFile file, Findings findings) : ArrayFile(file.Path)
    {
        private readonly Dictionary<string, StoredArray> _arrays = [];

        public override IReadOnlyList<string> Names => file.Names;

        public override FileKind Kind => file.Kind;

        public void Add(StoredArray array) => _arrays.Add(array.Name, array);

        public override StoredArray? Find(string name) => _arrays.GetValueOrDefault(name);

        public override StoredNames? FindNames(string name) => file.Names.Contains(name) ? base.FindNames(name) : findings.Collect(() => file.FindNames(name));

        public override StoredNames? FindText(string name) => file.Names.Contains(name) ? base.FindText(name) : findings.Collect(() => file.FindText(name));
    }
}
