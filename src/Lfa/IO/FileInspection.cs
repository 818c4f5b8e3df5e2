namespace Lfa.IO;

/// <summary>Looks into .npy, .npz and .safetensors files and collects everything that is wrong with them.</summary>
public static class FileInspection
{
    /// <summary>Reads a whole file, in bounded memory but for names and labels, and reports on it.</summary>
    /// <param name="path">The path of the file.</param>
    /// <returns>The report; its problems are those for which <see cref="FeatureFile.Read(string, FeatureFileOptions?)"/> fails, all of them and not only the first. Frames are looked at one by one, not their mean.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="LfaDataException">The file is of another format, or too damaged to list its arrays.</exception>
    public static FileReport Inspect(string path) => FileFormats.Identify(path) switch
    {
        FileFormat.Npy => InspectArray(path),
        FileFormat.Npz => InspectArchive(path),
        _ => InspectModel(path),
    };

    private static FileReport InspectArray(string path)
    {
        var findings = new Findings(path);
        var array = StoredArray.FromNpy(ByteSource.OfFile(path));
        var rows = findings.Collect(() => RowSurvey.Take(array));
        if (findings.Collect(() => FeatureFileLayout.FromArray(array)) is { } layout && rows is not null)
            findings.AddRows(array, rows, isCrops: false);
        return findings.ToReport(FileKind.Array, [ToReport(array, rows)]);
    }

    private static FileReport InspectArchive(string path)
    {
        var findings = new Findings(path);
        using var file = NpzFile.Open(path);
        var reports = new List<ArrayReport>();
        var (arrays, surveys) = (new Dictionary<string, StoredArray>(), new Dictionary<string, RowSurvey>());
        foreach (var name in file.Names)
        {
            if (findings.Collect(() => file[name]) is not { } array)
                continue;
            var survey = findings.Collect(() => RowSurvey.Take(array));
            reports.Add(ToReport(array, survey));
            arrays.Add(name, array);
            if (survey is not null)
                surveys.Add(name, survey);
        }
        var kind = FeatureFileLayout.IsFeatureFile(file) ? FileKind.FeatureFile : FeatureFileLayout.FindImages(file) is null ? FileKind.Unknown : FileKind.Array;
        var layout = FeatureFileLayout.FindImages(file) is { } images && arrays.ContainsKey(images)
            ? findings.Collect(() => FeatureFileLayout.Find(path, file, arrays.GetValueOrDefault))
            : null;
        var classes = layout is null ? null : FeatureFileProblems.Find(layout, kind, surveys, findings);
        return findings.ToReport(kind, reports) with { Classes = classes };
    }

    private static FileReport InspectModel(string path)
    {
        var findings = new Findings(path);
        var header = SafetensorsHeader.Read(path);
        var reports = new List<ArrayReport>();
        foreach (var entry in header.Entries)
        {
            var tensor = SafetensorsFile.ToStoredArray(path, header, entry);
            var survey = findings.Collect(() => RowSurvey.Take(tensor));
            reports.Add(ToReport(tensor, survey));
            if (survey is { NonFiniteRows: > 0 })
                findings.AddProblem(Invariant($"{entry.Name}: row {survey.FirstNonFinite} holds a NaN or an infinity ({survey.NonFiniteRows} in all); fit the model again."));
        }
        return findings.ToReport(FileKind.Model, reports) with { Metadata = header.Metadata };
    }

    private static ArrayReport ToReport(StoredArray array, RowSurvey? survey) =>
        new(array.Name, array.Type.ToString(), array.Shape, array.Type.IsFloat && array.Shape.Count > 1 ? survey?.ToStatistics() : null);
}
