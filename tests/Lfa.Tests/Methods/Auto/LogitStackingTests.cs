using Lfa.Data;
using Lfa.Methods;
using Lfa.Numerics;
using Lfa.Tests.Support;

namespace Lfa.Tests.Methods;

public class LogitStackingTests
{
    // As documented: the prior counts for ten images, and a label in twenty may be any class.
    private const double PriorImages = 10;
    private const double Doubt = 0.05;

    /// <summary>Folds, images a fold, classes, how strongly the experts speak: few and many, one class, one image, all sure.</summary>
    public static TheoryData<int, int, int, double> Problems => new()
    {
        { 5, 60, 7, 2 }, { 2, 9, 3, 1 }, { 1, 200, 2, 6 }, { 3, 33, 12, 20 }, { 1, 1, 4, 3 }, { 2, 5, 1, 1 },
    };

    [Fact]
    public void Fit_LabelsDrawnFromABlend_RecoversItsWeights()
    {
        double[] planted = [0.8, 0.5, 0, 0.3];
        var folds = Draw(folds: 4, images: 1000, classes: 5, strength: 2, planted);
        var weights = LogitStacking.Fit(folds, [0, 1, 2, 3], [1, 0, 0, 0], threads: 2);
        for (var e = 0; e < planted.Length; e++)
            weights[e].ShouldBe(planted[e], 0.1); // Four standard errors of 4000 images: the curvature in a weight is about 0.4 an image.
    }

    [Fact]
    public void Fit_ExpertsLeftOut_HaveNoWeight()
    {
        var folds = Draw(2, 200, 5, 2, [0.8, 0.5, 0.4, 0.3]);
        var weights = LogitStacking.Fit(folds, [0, 2], [1, 0, 0, 0], threads: 1);
        (weights[1], weights[3]).ShouldBe((0, 0));
        weights[2].ShouldBeGreaterThan(0.1);
    }

    [Fact]
    public void Fit_Prior_HoldsFewImagesToItAndNotMany()
    {
        double[] planted = [0.2, 0.9];
        var prior = new StackingPrior([1.1, 0], 30);
        double Weight(int images, StackingPrior? held) => LogitStacking.Fit(Draw(folds: 1, images, classes: 5, strength: 2, planted), [0, 1], [1, 0], threads: 1, held)[1];
        Weight(4, prior).ShouldBeLessThan(0.4);
        Weight(4000, prior).ShouldBe(0.9, 0.1); // Four standard errors, and the prior pulls by 30 of 4030.
        var strong = LogitStacking.Fit(Draw(folds: 1, 4, 5, 2, planted), [0, 1], [1, 0], threads: 1, prior with { Images = 1e6 });
        strong[0].ShouldBe(1.1, 1e-3);
        strong[1].ShouldBe(0, 1e-3);
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public void Fit_Solution_IsAMinimumUnderTheBounds(int folds, int images, int classes, double strength)
    {
        var made = Draw(folds, images, classes, strength, [0.6, 0.4, -0.5, 0, 0.2]); // No weight of the result is below 0, whatever the truth.
        var weights = LogitStacking.Fit(made, [0, 1, 2, 3, 4], [1, 0, 0, 0, 0], threads: 2);
        weights.ShouldAllBe(weight => weight >= 0 && double.IsFinite(weight));
        const double step = 1e-4;
        for (var e = 0; e < weights.Length; e++)
        {
            double At(double moved) => Loss(made, [.. weights.Select((weight, other) => other == e ? weight + moved : weight)]);
            var slope = (At(step) - At(-step)) / (2 * step);
            // The solver stops where a step gains less than 1e-8 nats an image: slopes of about √(2e-8 · curvature) are left, and a curvature is at most a few strength².
            var left = 3e-4 * strength;
            slope.ShouldBeGreaterThan(-left, Invariant($"weight {e} of {string.Join(' ', weights)}"));
            if (weights[e] > step)
                slope.ShouldBeLessThan(left, Invariant($"weight {e} of {string.Join(' ', weights)}"));
        }
        Loss(made, weights).ShouldBeLessThanOrEqualTo(Loss(made, [1, 0, 0, 0, 0]) + 1e-6);
    }

    [Fact]
    public void Fit_EveryImageRight_HasAFiniteTemperature()
    {
        foreach (var images in new[] { 2, 40, 400 })
        {
            var fold = GivenLogits.OfLeads(0, GivenLogits.Times((images, 3)), GivenLogits.Times((images, 5)));
            var weights = LogitStacking.Fit([fold], [0, 1], [1, 0], threads: 1);
            // The least loss of the blend's lead m: the slope of −(1 − p) log(0.95 s + 0.025) + p · cross-entropy(s(3), s), s = 1 / (1 + exp(−m)), is 0.
            var prior = PriorImages / (images + PriorImages);
            double Slope(double lead)
            {
                var right = Sigmoid(lead);
                return (prior * (right - Sigmoid(3))) - ((1 - prior) * (1 - Doubt) * right * (1 - right) / (((1 - Doubt) * right) + (Doubt / 2)));
            }
            var blended = (3 * weights[0]) + (5 * weights[1]);
            Slope(blended - 0.02).ShouldBeLessThan(0, Invariant($"{images} images, lead {blended}"));
            Slope(blended + 0.02).ShouldBeGreaterThan(0, Invariant($"{images} images, lead {blended}"));
            blended.ShouldBeInRange(3, 12);
        }
    }

    [Fact]
    public void Fit_EveryImageWrong_GivesTheExpertLittleWeight()
    {
        var fold = GivenLogits.OfLeads(0, GivenLogits.Times((300, -3.0)));
        LogitStacking.Fit([fold], [0], [1], threads: 1)[0].ShouldBeInRange(0, 0.1);
    }

    [Fact]
    public void Fit_AnyNumberOfThreads_GivesTheSameBits()
    {
        var folds = Draw(5, 97, 11, 3, [0.6, 0.4, -0.5, 0, 0.2]);
        var expected = LogitStacking.Fit(folds, [0, 1, 2, 3, 4], [1, 0, 0, 0, 0], threads: 1);
        LogitStacking.Fit(folds, [0, 1, 2, 3, 4], [1, 0, 0, 0, 0], threads: 2).ShouldBe(expected);
        LogitStacking.Fit(folds, [0, 1, 2, 3, 4], [1, 0, 0, 0, 0], threads: 3).ShouldBe(expected);
    }

    [Fact]
    public void Fit_AnotherStart_FindsTheSameWeights()
    {
        var folds = Draw(3, 150, 6, 2, [0.6, 0.4, 0, 0.2]);
        var start = LogitStacking.Fit(folds, [0, 1, 2, 3], [1, 0, 0, 0], threads: 1);
        var other = LogitStacking.Fit(folds, [0, 1, 2, 3], [0.1, 0.2, 1.5, 0.3], threads: 1);
        for (var e = 0; e < start.Length; e++)
            other[e].ShouldBe(start[e], 2e-3); // A step that gains less than 1e-8 nats an image may still move a weight by √(2e-8 / curvature).
    }

    /// <summary>The objective from its definition: the mean over images, in double precision.</summary>
    private static double Loss(HeldOutFold[] folds, double[] weights)
    {
        var (loss, images) = (0.0, folds.Sum(fold => fold.Count));
        var prior = PriorImages / (images + PriorImages);
        foreach (var fold in folds)
        {
            for (var i = 0; i < fold.Count; i++)
            {
                double Logit(int e, int c) => fold.Of(i)[(e * fold.Classes) + c];
                var classes = Enumerable.Range(0, fold.Classes).ToArray();
                var blend = Softmax([.. classes.Select(c => weights.Select((weight, e) => weight * Logit(e, c)).Sum())]);
                var zeroShot = Softmax([.. classes.Select(c => Logit(0, c))]);
                loss -= prior * classes.Sum(c => zeroShot[c] * blend[c].Log);
                loss -= (1 - prior) * Math.Log(((1 - Doubt) * blend[fold.Labels[i]]) + (Doubt / fold.Classes));
            }
        }
        return loss / images;
    }

    private static LogProbability[] Softmax(double[] logits)
    {
        var largest = logits.Max();
        var log = largest + Math.Log(logits.Sum(logit => Math.Exp(logit - largest)));
        return [.. logits.Select(logit => new LogProbability(logit - log))];
    }

    private readonly record struct LogProbability(double Log)
    {
        public static implicit operator double(LogProbability value) => Math.Exp(value.Log);
    }

    private static double Sigmoid(double lead) => 1 / (1 + Math.Exp(-lead));

    /// <summary>Experts of normal logits; labels drawn from the softmax of a blend of them, one in twenty from all classes alike.</summary>
    private static HeldOutFold[] Draw(int folds, int images, int classes, double strength, double[] planted) => [.. Enumerable.Range(0, folds).Select(fold =>
    {
        Matrix[] logits = [.. planted.Select((_, e) => new Matrix(
            Array.ConvertAll(MadeUp.Floats(images * classes, seed: (10 * fold) + e), value => (float)strength * value), images, classes))];
        var random = new RandomStream(fold, RandomPurpose.Folds);
        var labels = new int[images];
        for (var i = 0; i < images; i++)
        {
            var blend = Softmax([.. Enumerable.Range(0, classes).Select(c => planted.Select((weight, e) => weight * logits[e][i, c]).Sum())]);
            var isWrong = random.NextUnit() < Doubt;
            var left = random.NextUnit();
            while (labels[i] < classes - 1 && (left -= isWrong ? 1.0 / classes : blend[labels[i]]) > 0)
                labels[i]++;
        }
        return GivenLogits.Fold(logits, labels, fold * images);
    })];
}
