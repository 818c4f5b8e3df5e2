using Lfa.Data;
using Lfa.Methods;
using Lfa.Model;
using Lfa.Tests.Support;

namespace Lfa.Tests.Methods;

/// <summary>How the automatic choice runs: the same bits again, through its file, told of and stopped on the way.</summary>
public sealed class AutoMethodRunTests : IDisposable
{
    private static readonly FeatureSet Task = MadeUpProblem.Create(new MadeUpProblemOptions { Classes = 12, Dimension = 32, Shots = 16 }).Train;
    private static readonly FeatureSet NothingToLearn = MadeUpProblem.Create(new MadeUpProblemOptions { Classes = 8, Dimension = 24, Shots = 4, RotatedShare = 0, NoiseDecay = 0, TextConcentration = 0, ImageConcentration = 0 }).Train;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Trait(Speed.Trait, Speed.Slow)]
    [Theory]
    [InlineData(40, 160, 6)]
    [InlineData(120, 96, 1)]
    public void Fit_SizesThatThread_GiveTheSameBitsOnAnyNumberOfThreads(int classes, int dimension, int shots)
    {
        var task = MadeUpProblem.Create(new MadeUpProblemOptions { Classes = classes, Dimension = dimension, Shots = shots, TestImages = 1 }).Train;
        var expected = new AutoMethod().Fit(task, new FitContext { MaxDegreeOfParallelism = 1 });
        expected.Auto().Adapts.ShouldBeTrue();
        expected.Aligned().Residual.ShouldNotBeNull();
        expected.ToModel().Save(_folder["1"]);
        foreach (var threads in new[] { 2, 3, 7 })
        {
            var actual = new AutoMethod().Fit(task, new FitContext { MaxDegreeOfParallelism = threads });
            actual.ToModel().Save(_folder["n"]);
            File.ReadAllBytes(_folder["n"]).ShouldBe(File.ReadAllBytes(_folder["1"]));
            actual.Auto().Experts.ShouldBe(expected.Auto().Experts);
            actual.Auto().Folds.ShouldBe(expected.Auto().Folds);
        }
    }

    [Fact]
    public void Fit_Seed_DecidesTheRun()
    {
        float[] Fit(int seed) => new AutoMethod().Fit(Task, new FitContext { Seed = seed }).ToModel().Logits(Task.ImageFeatures).Values.ToArray();
        Fit(4).ShouldBe(Fit(4));
        Fit(5).ShouldNotBe(Fit(4));
    }

    [Fact]
    public void Save_Residual_LoadsToTheSameBits()
    {
        var model = new AutoMethod().Fit(Task).ToModel();
        var residual = model.Aligned!.Residual.ShouldNotBeNull();
        var loaded = Reload(model);
        loaded.Aligned!.Residual!.Weights.Values.ToArray().ShouldBe(residual.Weights.Values.ToArray());
        loaded.Aligned.Residual.Biases.ToArray().ShouldBe(residual.Biases.ToArray());
    }

    [Fact]
    public void Save_ZeroShotKept_LoadsToTheSameBits()
    {
        var fit = new AutoMethod().Fit(NothingToLearn);
        fit.Auto().Adapts.ShouldBeFalse();
        Reload(fit.ToModel()).Record.Blend.ShouldBe([new ExpertWeight("zero-shot", 1)]);
    }

    [Fact]
    public void ToLinearHead_Residual_HasTheSameLogits()
    {
        var model = new AutoMethod().Fit(Task).ToModel();
        var images = MadeUp.Features(50, 32, seed: 8).NormalizeRows();
        model.ToLinearHead().Times(1 / model.Temperature).Apply(images, threads: 1).Values.ShouldBeCloseTo(model.Logits(images).Values.Span, 2e-6); // Single precision.
    }

    [Fact]
    public void Logits_Residual_AreTheBlendAtTheFittedTemperature()
    {
        // As published for the file: normalize(x)·(W·Yᵀ + Rᵀ) + r, over τ.
        var scorer = new AutoMethod().Fit(Task).Aligned();
        var expected = Task.ImageFeatures.ToOracle() * ((scorer.Transform.Matrix.ToOracle() * Task.ClassPrototypes.ToOracle().Transpose()) + scorer.Residual!.Weights.ToOracle().Transpose());
        for (var c = 0; c < 12; c++)
            expected.SetColumn(c, (expected.Column(c) + scorer.Residual.Biases.Span[c]) / scorer.Temperature);
        scorer.Logits(Task.ImageFeatures).Values.ShouldBeCloseTo(Oracle.ToFeatures(expected).Values.Span, 2e-6); // Single precision.
    }

    [Fact]
    public void Fit_Progress_RisesToItsEnd()
    {
        foreach (var (task, adapts) in new[] { (Task, true), (NothingToLearn, false), (MadeUp.Task(1, 4, shots: 2, seed: 1), false), (MadeUp.Task(9, 12, shots: 1, seed: 1), false) })
        {
            foreach (var threads in new[] { 1, 3 })
            {
                var reports = new Reports();
                new AutoMethod().Fit(task, new FitContext { MaxDegreeOfParallelism = threads, Progress = reports }).Auto().Adapts.ShouldBe(adapts);
                reports.ShouldNotBeEmpty();
                reports.ShouldAllBe(report => report.Completed > 0 && report.Completed <= report.Total && report.Total == reports[0].Total);
                reports.Select(report => report.Completed).ShouldBeInOrder(SortDirection.Ascending);
                reports[^1].Completed.ShouldBe(reports[^1].Total);
            }
        }
    }

    [Fact]
    public void Fit_AlreadyCancelled_Throws()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Should.Throw<OperationCanceledException>(() => new AutoMethod().Fit(Task, new FitContext { CancellationToken = source.Token }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Fit_CancelledOnTheWay_StopsSoon(int threads)
    {
        // Takes many seconds where it is not stopped.
        var task = MadeUpProblem.Create(new MadeUpProblemOptions { Classes = 100, Dimension = 512, TestImages = 1 }).Train;
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(0.5));
        var reports = new Reports();
        Should.Throw<OperationCanceledException>(() => new AutoMethod().Fit(task, new FitContext { MaxDegreeOfParallelism = threads, Progress = reports, CancellationToken = source.Token }));
        reports.Count.ShouldBeLessThan(3); // Of six parts.
    }

    [Fact]
    public void Fit_CancelledAfterAFold_StopsBeforeTheNext()
    {
        using var source = new CancellationTokenSource();
        var reports = new Reports(_ => source.Cancel());
        Should.Throw<OperationCanceledException>(() => new AutoMethod().Fit(Task, new FitContext { MaxDegreeOfParallelism = 1, Progress = reports, CancellationToken = source.Token }));
        reports.Count.ShouldBe(1);
    }

    private LfaModel Reload(LfaModel model)
    {
        model.Save(_folder["m"]);
        var loaded = LfaModel.Load(_folder["m"]);
        loaded.Save(_folder["again"]);
        File.ReadAllBytes(_folder["again"]).ShouldBe(File.ReadAllBytes(_folder["m"]));
        var images = MadeUp.Features(60, model.Dimension, seed: 9);
        loaded.Probabilities(images).Values.ToArray().ShouldBe(model.Probabilities(images).Values.ToArray());
        loaded.Predict(images, 3).Select(prediction => prediction.Best).ShouldBe(model.Predict(images, 3).Select(prediction => prediction.Best));
        loaded.Temperature.ShouldBe(model.Temperature);
        loaded.Aligned!.Transform.Matrix.Values.ToArray().ShouldBe(model.Aligned!.Transform.Matrix.Values.ToArray());
        (loaded.Calibration!.Temperature, loaded.Calibration.Samples, loaded.Calibration.HeldOutClasses).ShouldBe((model.Calibration!.Temperature, model.Calibration.Samples, model.Calibration.HeldOutClasses));
        loaded.Calibration.SetProbability(0.8).ShouldBe(model.Calibration.SetProbability(0.8));
        loaded.Record.Blend.ShouldBe(model.Record.Blend);
        (loaded.Record with { Chosen = [], Blend = [] }).ShouldBe(model.Record with { Chosen = [], Blend = [] });
        return loaded;
    }

    private sealed class Reports(Action<FitProgress>? then = null) : List<FitProgress>, IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            Add(value);
            then?.Invoke(value);
        }
    }
}
