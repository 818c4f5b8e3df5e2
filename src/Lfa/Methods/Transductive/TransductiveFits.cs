using Lfa.Data;

namespace Lfa.Methods;

/// <summary>Puts together what the fits of methods have in common that classify images together.</summary>
internal static class TransductiveFits
{
    /// <summary>Makes the outcome of a fit.</summary>
    public static MethodFit ToTransductiveFit(this IMethod method, FitTask task, FitContext context, Matrix logits, FitClock clock) => new()
    {
        Logits = logits,
        ClassNames = task.Labeled!.ClassNames,
        Record = FitRecord.Of(method, task, context),
        Durations = clock.Durations,
    };

    /// <summary>Throws where the images to be classified have other columns than the labeled ones.</summary>
    public static void ThrowIfOther(FeatureSet labeled, Matrix unlabeled)
    {
        if (unlabeled.Columns != labeled.Dimension)
            throw new LfaDataException(Invariant($"The images to be classified are {unlabeled.Rows} × {unlabeled.Columns} but the labeled ones {labeled.SampleCount} × {labeled.Dimension}; both must have as many columns."));
    }
}
