namespace Lfa.Model;

/// <summary>Finds the first thing in which the parts of a <see cref="LfaModel"/> contradict each other.</summary>
internal static class ModelValidation
{
    public static void Check(LfaModel model)
    {
        var (classes, dimension) = (model.ClassCount, model.Dimension);
        if (model.ClassNames.Count != classes)
            throw new LfaDataException(Invariant($"classNames has {model.ClassNames.Count} entries but classPrototypes has {classes} rows; give one for each row."));
        if (model.ClassPrototypes is { } prototypes && prototypes.Rows != classes)
            throw new LfaDataException(Invariant($"classPrototypes has {prototypes.Rows} rows but the classifier has {classes} classes; both must be the same."));
        if (model.Statistics is { } statistics && (statistics.ClassCount != classes || statistics.Dimension != dimension))
            throw new LfaDataException(Invariant($"statistics is of {statistics.ClassCount} classes and {statistics.Dimension} components but the classifier has {classes} classes and takes {dimension} columns; both must be the same."));
        if (model.Calibration is not { } calibration)
            return;
        if (calibration.Temperature != model.Temperature)
            throw new LfaDataException(Invariant($"calibration was learned at the temperature {calibration.Temperature} but temperature is {model.Temperature}; both must be the same."));
        if (calibration.Difficulties.Length > 0 && calibration.Difficulties.Length != classes)
            throw new LfaDataException(Invariant($"calibration knows the difficulties of {calibration.Difficulties.Length} classes but classPrototypes has {classes} rows; both must be of the same classes."));
        var usual = calibration.Familiarity.UsualNearness.Length;
        if (usual > 0 && (usual != classes || model.ClassPrototypes is null || model.ClassPrototypes.Columns != dimension))
            throw new LfaDataException(Invariant($"calibration knows how near images of {usual} classes are to their names but the classifier has {classes} classes and classPrototypes is {model.ClassPrototypes?.Rows ?? 0} × {model.ClassPrototypes?.Columns ?? 0}; both must be of the same classes, and classPrototypes of {dimension} columns."));
    }
}
