using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;

namespace Lfa.Tests.Support;

/// <summary>Makes folds whose experts say what a test wants them to say.</summary>
internal static class GivenLogits
{
    /// <summary>Makes a fold of given logits.</summary>
    /// <param name="logits">The logits of each expert, images × classes.</param>
    /// <param name="labels">The classes of the images.</param>
    /// <param name="firstImage">The row of the first image in the whole task; the others follow it.</param>
    public static HeldOutFold Fold(Matrix[] logits, int[] labels, int firstImage = 0)
    {
        var images = logits[0].Rows;
        // Image i is the unit vector e_i, so the logits of the head of weights Lᵀ are row i of L.
        var unit = new float[images * images];
        for (var i = 0; i < images; i++)
            unit[(i * images) + i] = 1;
        var prototypes = new Matrix(Enumerable.Repeat(1f, logits[0].Columns * images).ToArray(), logits[0].Columns, images);
        var held = new FeatureSet(new Matrix(unit, images, images), prototypes, labels, normalize: false);
        FittedExpert[] experts = [.. logits.Select((expert, e) => new FittedExpert(Invariant($"expert {e}"), new LinearHead(MadeUp.Transpose(expert))))];
        return HeldOutFold.Of(experts, held, [.. Enumerable.Range(firstImage, images)], temperature: 1, threads: 1);
    }

    /// <summary>Makes a fold of two classes from the leads of the true class over the other, a list for each expert; the true class alternates.</summary>
    public static HeldOutFold OfLeads(int firstImage, params double[][] leads)
    {
        var labels = MadeUp.Labels(leads[0].Length, 2);
        return Fold([.. leads.Select(expert => new Matrix(
            expert.SelectMany((lead, i) => labels[i] == 0 ? new[] { (float)lead, 0 } : [0, (float)lead]).ToArray(), expert.Length, 2))], labels, firstImage);
    }

    /// <summary>Repeats values: (72, 1.0) is 72 times 1.</summary>
    public static double[] Times(params (int Count, double Value)[] runs) => [.. runs.SelectMany(run => Enumerable.Repeat(run.Value, run.Count))];
}
