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
        LinearHead? headsBefore = null, headsAfter = null;
        foreach (var (name, weight) in update.Record.Blend.Where(part => part.Weight > 0))
        {
            var expert = ExpertRegistry.Experts.All.FirstOrDefault(expert => expert.Candidates.Contains(name));
            if (expert?.FitFromSums(update.After, update.Prototypes, update.MaxDegreeOfParallelism) is not { } after)
            {
                if (expert is null or { IsHead: true } && update.Aligned.Residual is not null)
                    kept.Add(name);
                continue;
            }
            var before = expert.FitFromSums(update.Before, update.PrototypesBefore, update.MaxDegreeOfParallelism)!;
            if (after.Head is not null)
            {
                (headsBefore, headsAfter) = (Add(headsBefore, before.Head!, weight), Add(headsAfter, after.Head, weight));
                parts.Add(update.After.IsSpreadEstimated ? new(expert.Name, PartOutcome.Estimated, "the removed classes are taken to have spread like the others") : new(expert.Name, PartOutcome.Exact));
            }
            else if (!before.Transform!.Matrix.Values.Span.SequenceEqual(after.Transform!.Matrix.Values.Span))
            {
                Replace(values, before.Transform, after.Transform, weight);
                parts.Add(new(expert.Name, PartOutcome.Exact));
            }
        }
        if (kept.Contains(WeighedPrompts.Name))
            parts = [.. parts.Select(part => part with { Outcome = PartOutcome.Estimated, Note = "the prompts are weighed as at the last whole fit" })];
        var residual = kept.Count == 0 ? headsAfter : Keep(update, kept, headsBefore, headsAfter);
        parts.AddRange(kept.Select(name => new UpdatedPart(name, PartOutcome.Kept, name == WeighedPrompts.Name ? "they are weighed as at the last whole fit; new classes have the mean of theirs" : "it takes the images, and says nothing of new classes")));
        if (update.Record.Blend.Any(part => part.Weight > 0 && IsRefined(part.Name)))
            parts.Add(UpdatedPart.Refined("refined transforms", update.Record));
        parts.Add(new("weights of the blend, temperature", PartOutcome.Kept, "chosen at the last whole fit"));
        if (update.Aligned.NewClasses is not null)
            parts.Add(UpdatedPart.Refined("transform for new classes", update.Record));
        var transform = new Transform(new Matrix(values, update.Aligned.Transform.InputDimension, update.Aligned.Transform.OutputDimension));
        return new UpdatedScorer(update.Replace(transform, residual), parts, IsWhole: false);
    }

    /// <summary>Leaves what the sums do not tell of the residual head as it is.</summary>
    private static LinearHead Keep(UpdateTask update, List<string> kept, LinearHead? headsBefore, LinearHead? headsAfter)
    {
        if (!KeepsClasses(update))
            throw new LfaDataException($"The expert {kept[0]} of the blend is a head of the classes before, which sums over the images do not suffice to change; give the images that the classifier was fitted to, too.");
        var residual = headsBefore is null ? update.Aligned.Residual! : update.Aligned.Residual!.Plus(headsBefore.Times(-1));
        var wider = residual.AddClasses(update.Prototypes.Rows - residual.ClassCount);
        return headsAfter is null ? wider : wider.Plus(headsAfter);
    }

    /// <summary>Returns whether the classes before are the first ones after.</summary>
    private static bool KeepsClasses(UpdateTask update) =>
        update.Prototypes.Rows >= update.PrototypesBefore.Rows && update.Prototypes.Values.Span.StartsWith(update.PrototypesBefore.Values.Span);

    private static bool IsRefined(string name) => name != WeighedPrompts.Name && ExpertRegistry.Experts.All.FirstOrDefault(expert => expert.Candidates.Contains(name)) is null or { IsHead: false, Iterations: > 0 };

    private static LinearHead Add(LinearHead? sum, LinearHead head, double weight) => sum is null ? head.Times(weight) : sum.Plus(head.Times(weight));

    private static void Replace(float[] blend, Transform before, Transform after, double weight)
    {
        TensorPrimitives.MultiplyAdd(after.Matrix.Values.Span, (float)weight, blend, blend);
        TensorPrimitives.MultiplyAdd(before.Matrix.Values.Span, -(float)weight, blend, blend);
    }
}
