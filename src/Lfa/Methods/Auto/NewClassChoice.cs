namespace Lfa.Methods;

/// <summary>
/// Decides which transform new classes get: the identity, or a part of the way to a blend of transforms, if what is learned of
/// it on half of the classes helps the other half.
/// </summary>
/// <remarks>
/// Two blends are tried: that of the trained classes without its residual head, which knows no class but those, and the fixed
/// one. Held-out classes compete among themselves. The images of a class stand or fall together, so gains are averaged over a
/// class before their noise is judged; and more images must be classified right, since nothing else speaks for new classes.
/// </remarks>
internal sealed class NewClassChoice
{
    private NewClassChoice(double[] parts, double inverseTemperature, NewClassSelection selection) =>
        (Parts, InverseTemperature, Selection) = (parts, inverseTemperature, selection);

    /// <summary>Gets the part of each expert's transform in that of new classes; they add up to 1.</summary>
    public double[] Parts { get; }

    /// <summary>Gets the weight of all parts together: the factor on logits at the temperature of the encoder.</summary>
    public double InverseTemperature { get; }

    /// <summary>Gets what was chosen, and why.</summary>
    public NewClassSelection Selection { get; }

    /// <summary>Decides.</summary>
    /// <param name="folds">What transforms fitted to half of the classes say of the others.</param>
    /// <param name="pool">The transforms.</param>
    /// <param name="trained">The parts of the transforms in the blend of the trained classes, which add up to 1; null where it is zero-shot classification.</param>
    /// <param name="labels">The class of each image of the whole task.</param>
    public static NewClassChoice Of(ScoredFolds folds, ExpertPool pool, double[]? trained, ReadOnlyMemory<int> labels)
    {
        List<(NewClassTarget Target, double[] Parts)> blends = [(NewClassTarget.FixedBlend, pool.PartsIn(UnfittedBlend.NewClasses))];
        if (trained is not null)
            blends.Add((NewClassTarget.TrainedTransform, trained));
        var (target, parts, choice) = blends
            .Select(blend => (blend.Target, blend.Parts, Choice: StepChoice.Of(folds.All, folds.ZeroShot, [.. folds.ZeroShot.Select(zeroShot => Times(blend.Parts, zeroShot))], HeldOutEvidence.OfNewClasses, labels)))
            .MaxBy(item => (item.Choice.Step > 0, item.Choice.Gain));
        var identity = new double[parts.Length];
        identity[ExpertPool.Origin] = 1;
        return new NewClassChoice(StepChoice.Between(identity, parts, choice.Step), folds.AllZeroShot[ExpertPool.Origin], choice.DescribeNewClasses(target));
    }

    private static double[] Times(double[] parts, double[] zeroShot) => [.. parts.Select(part => part * zeroShot[ExpertPool.Origin])];
}
