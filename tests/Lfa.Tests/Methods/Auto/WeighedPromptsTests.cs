using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Model;
using Lfa.Numerics;
using Lfa.Tests.Support;

namespace Lfa.Tests.Methods;

/// <summary>Prompts of which some are known to be good.</summary>
public class WeighedPromptsTests
{
    private const int Classes = 20;
    private const int Dimension = 64;
    private const int PerClass = 6;

    /// <summary>Names are worth something, and images lie where a cone and noise put them.</summary>
    private static readonly MadeUpProblemOptions Options = new() { Classes = Classes, Dimension = Dimension, Shots = 4, TestImages = 40, RotatedShare = 0, NoiseShare = 0.92 };

    [Fact]
    public void Weights_OneGoodTemplate_HasMostOfTheWeight()
    {
        var (train, _) = MadeUpProblem.Create(Options);
        var weights = PromptWeights.Of(Prompts(train, (_, p) => p == 2 ? 0 : 5), train);
        for (var c = 0; c < Classes; c++)
            weights[(c * PerClass) + 2].ShouldBeGreaterThan(0.9f);
    }

    [Fact]
    public void Weights_AnotherGoodPromptInEachClass_GrowsWithTheImages()
    {
        double Weight(int shots)
        {
            var (train, _) = MadeUpProblem.Create(Options with { Shots = shots });
            var weights = PromptWeights.Of(Prompts(train, (c, p) => p == c % PerClass ? 0 : 5), train);
            return Enumerable.Range(0, Classes).Average(c => weights[(c * PerClass) + (c % PerClass)]);
        }
        Weight(1).ShouldBeGreaterThan(1.5 / PerClass);
        Weight(16).ShouldBeGreaterThan(Weight(1) + 0.2);
    }

    [Fact]
    public void Weights_ManyImages_AreFinite()
    {
        var (train, _) = MadeUpProblem.Create(Options);
        // Of 160,000 images 5·√n is 2000: exponents beyond what exp can tell.
        var many = train.SelectRows([.. Enumerable.Repeat(0, 160_000), .. Enumerable.Range(0, train.SampleCount)]);
        var weights = PromptWeights.Of(Prompts(train, (c, p) => p == c % PerClass ? 0 : 5), many);
        weights.ShouldAllBe(weight => float.IsFinite(weight));
        weights.Sum().ShouldBe(Classes, 1e-3f);
    }

    [Fact]
    public void Weights_EqualPrompts_AreEqual()
    {
        var (train, _) = MadeUpProblem.Create(Options);
        PromptWeights.Of(Prompts(train, (_, _) => 0), train).ShouldAllBe(weight => Math.Abs(weight - (1f / PerClass)) < 1e-6f);
    }

    [Fact]
    public void Weights_ClassWithoutImages_HasThoseOfTheTemplates()
    {
        var (train, _) = MadeUpProblem.Create(Options);
        var some = train.SelectRows([.. Enumerable.Range(4, train.SampleCount - 4)]);
        var weights = PromptWeights.Of(Prompts(train, (_, p) => p == 2 ? 0 : 5), some);
        weights[2].ShouldBeGreaterThan(0.9f);
        weights.ShouldAllBe(weight => float.IsFinite(weight));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Fit_OneGoodTemplate_IsFound(int shots)
    {
        var (train, test) = MadeUpProblem.Create(Options with { Shots = shots });
        var prompts = Prompts(train, (_, p) => p == 2 ? 0 : 5);
        var weighed = new AutoMethod().Fit(train.WithPrompts(prompts));
        var means = new AutoMethod().Fit(train.WithClassPrototypes(prompts.ToPrototypes()));
        double Top1(MethodFit fit) => Evaluation.FromScorer(fit.Scorer!, test).Top1Accuracy;
        // Of 800 test images; the means of the prompts leave 5 points or more.
        Top1(weighed).ShouldBeGreaterThan(Top1(means) + 0.05);
        weighed.Auto().PromptWeights[2].ShouldBeGreaterThan(0.9);
        weighed.Auto().PromptWeights.Sum().ShouldBe(1, 1e-6);
        means.Auto().PromptWeights.ShouldBeEmpty();
    }

    [Fact]
    public void Fit_OnePromptAClass_IsTodaysBits()
    {
        var (train, _) = MadeUpProblem.Create(Options);
        var plain = (AlignedScorer)new AutoMethod().Fit(train).Scorer!;
        var single = (AlignedScorer)new AutoMethod().Fit(train.WithPrompts(new ClassPrompts(train.ClassPrototypes, 1))).Scorer!;
        single.AdaptedPrototypes().Values.ToArray().ShouldBe(plain.AdaptedPrototypes().Values.ToArray());
        single.Temperature.ShouldBe(plain.Temperature);
    }

    [Fact]
    public void Fit_EqualPrompts_ClassifiesAsTheirMean()
    {
        var (train, test) = MadeUpProblem.Create(Options);
        var fit = new AutoMethod().Fit(train.WithPrompts(Prompts(train, (_, _) => 0)));
        Evaluation.FromScorer(fit.Scorer!, test).Top1Accuracy.ShouldBe(Evaluation.FromScorer(new AutoMethod().Fit(train).Scorer!, test).Top1Accuracy, 0.01);
    }

    [Fact]
    public void Fit_Prompts_KeepsTheirMeansAsPrototypes()
    {
        var (train, _) = MadeUpProblem.Create(Options);
        var set = train.WithPrompts(Prompts(train, (_, p) => p == 2 ? 0 : 5));
        var fit = new AutoMethod().Fit(set);
        ((AlignedScorer)fit.Scorer!).ClassPrototypes.Values.ToArray().ShouldBe(set.ClassPrototypes.Values.ToArray());
        fit.Record.Blend.Select(part => part.Name).ShouldContain("weighed prompts");
    }

    [Fact]
    public void Update_MoreImagesAndAClass_KeepsTheWeights()
    {
        var (train, test) = MadeUpProblem.Create(Options);
        var set = train.WithPrompts(Prompts(train, (_, p) => p == 2 ? 0 : 5));
        int[] Rows(Func<int, bool> isTaken) => [.. Enumerable.Range(0, set.SampleCount).Where(isTaken)];
        var model = LfaModel.Fit(set.SelectRows(Rows(i => i % 2 == 0)));
        var update = ModelUpdater.Update(model, set.SelectRows(Rows(i => i % 2 == 1)));
        update.Parts.Single(part => part.Name == "weighed prompts").Outcome.ShouldBe(PartOutcome.Kept);
        update.Parts.ShouldNotContain(part => part.Name != "class prototypes" && part.Outcome == PartOutcome.Exact);
        update.Model.Evaluate(test).Top1Accuracy.ShouldBeGreaterThan(model.Evaluate(test).Top1Accuracy - 0.02);
        var fewer = ClassSplit.BaseAndNew(set).Base;
        ModelUpdater.Update(LfaModel.Fit(fewer), set).Model.ClassNames.Count.ShouldBe(Classes);
    }

    /// <summary>The prototypes with noise of a given length in each prompt.</summary>
    private static ClassPrompts Prompts(FeatureSet set, Func<int, int, double> noise)
    {
        var random = new RandomStream(9, RandomPurpose.MadeUpProblem);
        var rows = new float[set.ClassCount * PerClass * set.Dimension];
        for (var i = 0; i < rows.Length; i++)
        {
            var (row, column) = (i / set.Dimension, i % set.Dimension);
            var scale = noise(row / PerClass, row % PerClass) / Math.Sqrt(set.Dimension);
            rows[i] = set.ClassPrototypes[row / PerClass, column] + (float)(scale * random.NextNormal());
        }
        return new ClassPrompts(new Matrix(rows, set.ClassCount * PerClass, set.Dimension), PerClass);
    }
}
