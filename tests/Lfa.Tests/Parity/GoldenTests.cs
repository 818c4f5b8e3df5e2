using System.Globalization;
using Lfa.Alignment;
using Lfa.Data;
using Lfa.Numerics;
using Lfa.Refinement;
using Lfa.Tests.Support;

namespace Lfa.Tests.Parity;

/// <summary>Every array of the published implementation that the supervised method gives.</summary>
/// <remarks>Those are single-precision results: a double-precision transcription of the formulas differs by up to a third of these tolerances.</remarks>
public class GoldenTests
{
    private const double GradientTolerance = 1e-5;
    private const double LossTolerance = 5e-5;
    private const double RefinementTolerance = 1e-4;

    public static TheoryData<string, string> RefinedArrays => Pairs(array => array.StartsWith("w_refined", StringComparison.Ordinal) || array.StartsWith("w_ema", StringComparison.Ordinal));

    public static TheoryData<string, string> LossArrays => Pairs(array => array.EndsWith("_loss", StringComparison.Ordinal));

    public static TheoryData<string, string> AccuracyArrays => Pairs(array => array.StartsWith("test_top", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Golden.Names), MemberType = typeof(Golden))]
    public void LeastSquares_Fit_MatchesReference(string name)
    {
        var golden = Golden.Load(name);
        LeastSquares.Fit(golden.Task).Matrix.Values.ShouldBeCloseTo(golden["w_least_squares"], 1e-5);
    }

    [Theory]
    [MemberData(nameof(Golden.Names), MemberType = typeof(Golden))]
    public void OrthogonalProcrustes_Fit_MatchesReferenceOnTrainingClasses(string name)
    {
        var golden = Golden.Load(name);
        var fitted = OrthogonalProcrustes.Fit(golden.Task);
        Adapted(golden, fitted).ShouldBeCloseTo(Adapted(golden, golden.Transform("w_procrustes")).Span, 1e-5);
        if (golden.Classes > golden.Dimension) // Only then is the solution unique.
            fitted.Matrix.Values.ShouldBeCloseTo(golden["w_procrustes"], 1e-5);
    }

    [Theory]
    [InlineData("c10_d32_n16", 0.3)]
    [InlineData("c20_d64_n8", 0.9)]
    [InlineData("c48_d32_n8", 0.3)]
    [InlineData("c48_d32_n8", 0.9)]
    public void BetaProcrustes_Shrink_MatchesReference(string name, double beta)
    {
        var golden = Golden.Load(name);
        BetaProcrustes.Shrink(golden.Transform("w_procrustes"), beta).Matrix.Values
            .ShouldBeCloseTo(golden[string.Create(CultureInfo.InvariantCulture, $"w_beta_{beta}")], 1e-6);
    }

    [Theory]
    [MemberData(nameof(LossArrays))]
    public void Loss_Evaluate_MatchesReference(string name, string array)
    {
        var golden = Golden.Load(name);
        var key = array[..^"_loss".Length];
        var options = new RefinementOptions { Loss = Loss(key), BatchFraction = 1, Noise = 0, Dropout = 0 };
        var batch = new Batch(golden.Task, options, seed: 1, threads: 1);
        batch.Draw(0);
        var pass = new LossPass(options.Loss, golden.Task.ClassPrototypes, batch.Count, threads: 2);
        var loss = pass.Evaluate(batch, golden["w_beta_0.3"]);
        loss.ShouldBe(golden[array][0], LossTolerance * Math.Abs(golden[array][0]));

        var gradient = new float[golden.Dimension * golden.Dimension];
        MatrixProducts.Single().Multiply(golden.Task.ImageFeatures.AsOperand().Transpose(),
            new(pass.Gradient, batch.Count, golden.Dimension), gradient, threads: 1);
        ((ReadOnlySpan<float>)gradient).ShouldBeCloseTo(golden[key + "_grad"], GradientTolerance);
    }

    [Theory]
    [MemberData(nameof(RefinedArrays))]
    public void TransformRefinement_Run_MatchesReference(string name, string array)
    {
        var golden = Golden.Load(name);
        var parts = array.Split('_');
        var variant = parts.ElementAtOrDefault(3);
        var options = new RefinementOptions
        {
            Iterations = int.Parse(parts[2], CultureInfo.InvariantCulture),
            Loss = variant is "contrastive" or "triplet" ? Loss(variant) : new AdaptiveReranking(),
            BatchFraction = 1,
            Noise = 0,
            Dropout = 0,
            Orthogonalization = variant == "orthogonalize" ? 0.01 : 0,
            ClipsSingularValues = variant == "spectral",
        };
        var result = TransformRefinement.Run(golden.Task, golden.Transform("w_beta_0.3"), options);
        (parts[1] == "ema" ? result.MovingAverage : result.Transform).Matrix.Values.ShouldBeCloseTo(golden[array], RefinementTolerance);
    }

    [Theory]
    [MemberData(nameof(AccuracyArrays))]
    public void Accuracy_OnTestPart_EqualsReference(string name, string array)
    {
        var golden = Golden.Load(name);
        var transform = array[(array.IndexOf('_', "test_".Length) + 1)..];
        var model = AlignedModel.Of(transform == "zero_shot" ? Transform.Identity(golden.Dimension) : golden.Transform(transform),
            golden.Task.ClassPrototypes, golden.Task.ClassNames);
        var evaluation = model.Evaluate(golden.Test);
        var accuracy = array.StartsWith("test_top1", StringComparison.Ordinal) ? evaluation.Top1Accuracy : evaluation.Top5Accuracy;
        Math.Abs((100 * accuracy) - golden[array][0]).ShouldBeLessThan(0.006); // Per cent rounded to two decimals there; one image is 0.1 at least.
    }

    private static IAlignmentLoss Loss(string key) => key.Split('_') switch
    {
        ["arerank", var k, var s] => new AdaptiveReranking(int.Parse(k[1..], CultureInfo.InvariantCulture), double.Parse(s[1..], CultureInfo.InvariantCulture)),
        ["csls", var k] => new CslsLoss(int.Parse(k[1..], CultureInfo.InvariantCulture)),
        ["contrastive"] => new ContrastiveLoss(),
        ["triplet"] => new TripletLoss(),
        _ => throw new ArgumentException(key),
    };

    private static ReadOnlyMemory<float> Adapted(Golden golden, Transform transform) =>
        AlignedModel.Of(transform, golden.Task.ClassPrototypes, golden.Task.ClassNames).Aligned!.AdaptedPrototypes().Values;

    private static TheoryData<string, string> Pairs(Func<string, bool> wanted)
    {
        var pairs = new TheoryData<string, string>();
        foreach (var row in Golden.Names)
        {
            foreach (var array in Golden.Load(row.Data).Arrays.Where(wanted))
                pairs.Add(row.Data, array);
        }
        return pairs;
    }
}
