using System.Numerics.Tensors;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;

namespace Lfa.Methods;

/// <summary>
/// Changes a blend by the sums over its images: W + Σ w_e·(W_e after − W_e before) over the experts that sums suffice for, and
/// likewise the residual head; the others, and all weights, stay.
/// </summary>
internal static class BlendUpdate
{
    /// <summary>Changes the blend.</summary>
    public static UpdatedScorer Run(UpdateTask update)
    {
        var parts = new List<UpdatedPart>();
        var kept = new List<string>();
        var values = update.Aligned.Transform.Matrix.Values.ToArray();
        LinearHead? residual = null;
        foreach (var (name, weight) in update.Record.Blend.Where(part => part.Weight > 0))
        {
            var expert = ExpertRegistry.Experts.All.FirstOrDefault(expert => expert.Candidates.Contains(name));
            if (expert?.FitFromSums(update.After, update.Prototypes, update.MaxDegreeOfParallelism) is not { } after)
            {
                if (expert?.IsHead == true)
                    throw new LfaDataException($"The expert {name} of the blend is a head of the classes before, which sums over the images do not suffice to change; give the images that the classifier was fitted to, too.");
                kept.Add(name);
                continue;
            }
            if (after.Head is not null)
            {
                residual = residual is null ? after.Head.Times(weight) : residual.Plus(after.Head.Times(weight));
                parts.Add(update.After.IsSpreadEstimated ? new(expert.Name, PartOutcome.Estimated, "the removed classes are taken to have spread like the others") : new(expert.Name, PartOutcome.Exact));
            }
            else if (expert.FitFromSums(update.Before, update.PrototypesBefore, update.MaxDegreeOfParallelism)!.Transform is { } before && !before.Matrix.Values.Span.SequenceEqual(after.Transform!.Matrix.Values.Span))
            {
                Replace(values, before, after.Transform, weight);
                parts.Add(new(expert.Name, PartOutcome.Exact));
            }
        }
        if (residual is null && update.Aligned.Residual is not null)
            throw new LfaDataException($"The residual head is of an expert that is not registered here, one of {string.Join(", ", kept)}; give the images that the classifier was fitted to, too.");
        if (kept.Count > 0)
            parts.Add(UpdatedPart.Refined("refined transforms", update.Record));
        parts.Add(new("weights of the blend, temperature", PartOutcome.Kept, "chosen at the last whole fit"));
        if (update.Aligned.NewClasses is not null)
            parts.Add(UpdatedPart.Refined("transform for new classes", update.Record));
        var transform = new Transform(new Matrix(values, update.Aligned.Transform.InputDimension, update.Aligned.Transform.OutputDimension));
        return new UpdatedScorer(update.Replace(transform, residual), parts, IsWhole: false);
    }

    private static void Replace(float[] blend, Transform before, Transform after, double weight)
    {
        TensorPrimitives.MultiplyAdd(after.Matrix.Values.Span, (float)weight, blend, blend);
        TensorPrimitives.MultiplyAdd(before.Matrix.Values.Span, -(float)weight, blend, blend);
    }
}
