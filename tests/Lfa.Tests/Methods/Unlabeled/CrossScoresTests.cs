using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Tests.Support;

namespace Lfa.Tests.Methods.Unlabeled;

public sealed class CrossScoresTests
{
    [Fact]
    public void Of_TwoHeads_ScoreTheImagesOfTheirFolds()
    {
        var images = new FeatureSet(MadeUp.Features(7, 6, 1), MadeUp.Features(4, 6, 2), default);
        LinearHead[] heads = [new(MadeUp.Features(4, 6, 3), new float[] { 1, -2, 0, 0.5f }), new(MadeUp.Features(4, 6, 4))];
        int[] folds = [0, 1, 1, 0, 0, 1, 0];
        var scores = CrossScores.Of(images, heads, folds, new FitContext());
        var product = new LinearHead(scores.Classes).Apply(scores.Images, 1);
        var expected = heads.Select(head => head.Apply(images.ImageFeatures, 1)).ToArray();
        // One temperature for all images.
        var factor = product[0, 0] / expected[folds[0]][0, 0];
        for (var i = 0; i < folds.Length; i++)
        {
            for (var c = 0; c < 4; c++)
                product[i, c].ShouldBe(factor * expected[folds[i]][i, c], 1e-4f);
        }
    }

    [Fact]
    public void Of_ScoresOfAnyScale_AreAsSureAsZeroShot()
    {
        var images = new FeatureSet(MadeUp.Features(40, 6, 1), MadeUp.Features(4, 6, 2), default);
        foreach (var factor in new[] { 0.3, 7 })
        {
            var head = new LinearHead(images.ClassPrototypes).Times(factor);
            var scores = CrossScores.Of(images, [head, head], [.. Enumerable.Range(0, 40).Select(i => i % 2)], new FitContext());
            var (product, zeroShot) = (new LinearHead(scores.Classes).Apply(scores.Images, 1), new LinearHead(images.ClassPrototypes).Apply(images.ImageFeatures, 1));
            foreach (var (own, other) in product.Values.ToArray().Zip(zeroShot.Values.ToArray()))
                own.ShouldBe(other, 1e-3f);
        }
    }
}
