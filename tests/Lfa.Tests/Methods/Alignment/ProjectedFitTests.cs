using Lfa.Alignment;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Model;
using Lfa.Refinement;
using Lfa.Tests.Support;

namespace Lfa.Tests.Methods;

/// <summary>Fits across two spaces, by projections of either side.</summary>
public sealed class ProjectedFitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Methods, each with a projection or none.</summary>
    public static TheoryData<string, string?> Ways => new()
    {
        { "auto", null },
        { "lfa", null },
        { "procrustes", null },
        { "least-squares", null },
        { "beta-procrustes", null },
        { "lfa", "procrustes" },
        { "lfa", "gaussian" },
        { "lfa", "pca" },
        { "procrustes", "cca" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Ways))]
    public void Fit_PlantedIsometry_ClassifiesOtherImages(string method, string? projection)
    {
        foreach (var (inputs, outputs) in new[] { (30, 16), (16, 30) })
        {
            var (train, test) = Split(inputs, outputs, classes: 12);
            var fit = Method(method, projection).Fit(train);
            // Where none is asked for, it is that of the method.
            var used = projection ?? (method is "procrustes" or "least-squares" ? "procrustes" : "cca");
            Method(method, used).Fit(train).Scorer!.Logits(test.ImageFeatures).Values.ToArray().ShouldBe(fit.Scorer!.Logits(test.ImageFeatures).Values.ToArray());
            fit.Scorer.Dimension.ShouldBe(inputs);
            // At random, 1 in 12; a random projection loses part of what tells the classes apart.
            fit.ToModel().Evaluate(test).Top1Accuracy.ShouldBeGreaterThan(projection is "gaussian" ? 0.6 : 0.95);
            fit.Evaluate(test).ShouldNotContain(stage => stage.Name == "zero-shot");
            fit.Evaluate(test).ShouldNotBeEmpty();
        }
    }

    [Theory]
    [InlineData("procrustes")]
    [InlineData("cca")]
    [InlineData("pca")]
    public void ToPrototypes_ClassesThatTookNoPart_AreRecognized(string projection)
    {
        var (all, _) = TwoSpaces.Planted(30, 16, classes: 80, shots: 4, seed: 1, spread: 0.2);
        var (seen, unseen) = ClassSplit.BaseAndNew(all);
        var scorer = Method("procrustes", projection).Fit(seen).Aligned();
        var prototypes = scorer.ToPrototypes(unseen.ClassPrototypes);
        AlignedModel.Of(scorer.Transform, prototypes, unseen.ClassNames).Evaluate(unseen).Top1Accuracy.ShouldBeGreaterThan(0.8); // At random, 1 in 40.
        scorer.ToPrototypes(seen.ClassPrototypes).Values.ShouldBeCloseTo(scorer.ClassPrototypes.Values.Span, 1e-6);
        Should.Throw<LfaDataException>(() => scorer.ToPrototypes(unseen.ImageFeatures))
            .Message.ShouldBe("textFeatures is 160 × 30 but the class names of the classifier have 16 columns; they must come from the encoder it was fitted with.");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Save_ProjectedModel_LoadsToTheSameBits(string method, string? projection)
    {
        var (train, test) = Split(16, 30, classes: 6);
        var options = Method(method, projection);
        var model = options.Fit(train).ToModel();
        model.Save(_folder["x.safetensors"]);
        var loaded = LfaModel.Load(_folder["x.safetensors"]);
        loaded.Logits(test.ImageFeatures).Values.ToArray().ShouldBe(model.Logits(test.ImageFeatures).Values.ToArray());
        loaded.Aligned!.TextTransform?.Matrix.Values.ToArray().ShouldBe(model.Aligned!.TextTransform?.Matrix.Values.ToArray());
        MethodRegistry.DescribeOptions(loaded.Record.Options.ShouldNotBeNull()).ShouldBe(MethodRegistry.DescribeOptions(options));
        loaded.Statistics.ShouldBeNull();
        loaded.WithoutStatistics().Aligned!.TextTransform.ShouldBe(loaded.Aligned.TextTransform);
        // Wider than it takes: as with any classifier, the adapted prototypes rank as it does.
        if (model.Aligned!.Residual is null)
            Ranks(loaded.Aligned.AdaptedPrototypes(), test).ShouldBe(model.Predict(test.ImageFeatures).Select(prediction => prediction.Best.Class));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Fit_AnyNumberOfThreads_GivesTheSameBits(string method, string? projection)
    {
        var (train, _) = Split(40, 20, classes: 10);
        float[] Fitted(int threads) => Method(method, projection).Fit(train, new FitContext { MaxDegreeOfParallelism = threads }).Aligned().Transform.Matrix.Values.ToArray();
        Fitted(3).ShouldBe(Fitted(1));
    }

    [Fact]
    public void Fit_Published_IsTheRefinementInTheProjectedSpace()
    {
        var (train, _) = Split(30, 16, classes: 6);
        var method = new LfaMethod { Beta = 0.1, Refinement = new RefinementOptions { Iterations = 4 } };
        var context = new FitContext { Seed = 3 };
        var fit = (method with { Projection = new GaussianProjection() }).Fit(train, context);
        var maps = GaussianProjection.Between(30, 16, seed: 3);
        var square = method.Fit(maps.Apply(train), context);
        fit.TransformOf("lfa").Matrix.Values.ToArray().ShouldBe(maps.Unfold(square.TransformOf("lfa")).Matrix.Values.ToArray());
        fit.Losses.ShouldBe(square.Losses);
    }

    [Fact]
    public void Fit_SpacesOfOneWidth_CanBeProjected()
    {
        var (all, _) = TwoSpaces.Planted(20, 20, classes: 8, shots: 12, seed: 2, spread: 0.3);
        var (train, test) = (all.SelectRows([.. Enumerable.Range(0, 48)]), all.SelectRows([.. Enumerable.Range(48, 48)]));
        new LfaMethod().Fit(train).Stages.ShouldContain(stage => stage.Name == "zero-shot", "nobody said that these are two spaces");
        var projected = new LfaMethod { Projection = new CanonicalCorrelation() }.Fit(train);
        projected.Stages.ShouldNotContain(stage => stage.Name == "zero-shot");
        projected.ToModel().Evaluate(test).Top1Accuracy.ShouldBeGreaterThan(0.95);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Auto_OneExampleOrOneClass_HoldsNothingOut(int shots)
    {
        var classes = shots == 1 ? 6 : 1;
        var (all, _) = TwoSpaces.Planted(20, 12, classes, shots + 20, seed: 3, spread: 0.2);
        var (train, test) = (all.SelectRows([.. Enumerable.Range(0, classes * shots)]), all.SelectRows([.. Enumerable.Range(classes * shots, 20 * classes)]));
        var fit = new AutoMethod().Fit(train);
        fit.Auto().ToString().ShouldStartWith(shots == 1 ? "75 % shrunk-means + 25 % cca projection of penalty " : "cca projection of penalty ");
        (fit.Auto().NewClasses.Step, fit.Auto().NewClasses.Target, fit.Auto().NewClasses.Reason).ShouldBe((1, NewClassTarget.TrainedTransform, NewClassReason.TwoSpaces));
        fit.ToModel().Evaluate(test).Top1Accuracy.ShouldBeGreaterThan(0.95);
        fit.Calibration.ShouldBeNull();
    }

    [Fact]
    public void Auto_TextThatSaysNothing_GoesByTheImages()
    {
        // Prototypes of two components cannot keep 20 classes apart; heads can.
        var (wide, _) = TwoSpaces.Planted(30, 30, classes: 20, shots: 8, seed: 4, spread: 0.5);
        var blind = new FeatureSet(wide.ImageFeatures, MadeUp.Features(20, 2, seed: 5), wide.Labels);
        int[] training = [.. Enumerable.Range(0, 100)];
        var test = blind.SelectRows([.. Enumerable.Range(100, 60)]);
        var fit = new AutoMethod().Fit(blind.SelectRows(training));
        fit.Aligned().Residual.ShouldNotBeNull();
        fit.Auto().ToString().ShouldContain("shrunk-means");
        fit.ToModel().Evaluate(test).Top1Accuracy.ShouldBeGreaterThan(0.9);
    }

    [Fact]
    public void Fit_WhatTwoSpacesHaveNot_IsRefused()
    {
        var (train, _) = Split(16, 10, classes: 4);
        Refusal(new ZeroShotMethod()).ShouldBe("imageFeatures is 12 × 16 but classPrototypes is 4 × 10: two spaces, which zero-shot cannot compare; fit a projection between them, or give text features of the encoder of the images.");
        Refusal(new LfaMethod { Projection = new MeanDirections(), Beta = 0.5 }).ShouldStartWith("Between 16 and 10 components there is no identity for beta to weigh");
        Refusal(new LfaMethod { Projection = new CanonicalCorrelation { Components = 11 } }).ShouldContain("give a number from 1 to 10");

        string Refusal(IMethod method) => Should.Throw<LfaDataException>(() => method.Fit(train)).Message;
    }

    [Fact]
    public void Update_ProjectedModel_IsRefused()
    {
        var (train, test) = Split(16, 10, classes: 4);
        Should.Throw<LfaDataException>(() => ModelUpdater.Update(LfaModel.Fit(train), test)).Message.ShouldContain("stands on a projection");
    }

    private static IMethod Method(string name, string? projection)
    {
        var space = projection is null ? null : SpaceProjection.All.Get(projection);
        return name switch
        {
            "auto" => new AutoMethod { Projection = (CanonicalCorrelation?)space },
            "lfa" => new LfaMethod { Projection = space, Refinement = new() { Iterations = 20 } },
            "procrustes" => new ProcrustesMethod { Projection = space },
            "least-squares" => new LeastSquaresMethod { Projection = space },
            _ => new BetaProcrustesMethod { Projection = space },
        };
    }

    private static (FeatureSet Train, FeatureSet Test) Split(int inputs, int outputs, int classes)
    {
        var (task, _) = TwoSpaces.Planted(inputs, outputs, classes, shots: 6, seed: 1, spread: 0.4);
        return (task.SelectRows([.. Enumerable.Range(0, 3 * classes)]), task.SelectRows([.. Enumerable.Range(3 * classes, 3 * classes)]));
    }

    private static IEnumerable<int> Ranks(Matrix prototypes, FeatureSet test) =>
        (test.ImageFeatures.ToOracle() * prototypes.ToOracle().Transpose()).EnumerateRows().Select(row => row.MaximumIndex());
}
