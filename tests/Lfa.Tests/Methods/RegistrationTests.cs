using System.Text.Json;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Model;
using Lfa.Refinement;
using Lfa.Tests.Support;

namespace Lfa.Tests.Methods;

/// <summary>What another assembly registers is found, fitted, saved and loaded like what the library has itself.</summary>
public sealed class RegistrationTests
{
    [Fact]
    public void Register_Method_IsFoundFittedSavedAndLoaded() => OwnAssemblies.Run(RunToyMethod);

    [Fact]
    public void Register_Loss_IsFoundFittedSavedAndLoaded() => OwnAssemblies.Run(RunToyLoss);

    [Fact]
    public void Register_Expert_IsBlendedSavedAndUpdated() => OwnAssemblies.Run(RunToyExpert);

    [Fact]
    public void Update_HeadThatNeedsImages_IsKeptUnlessAClassGoes() => OwnAssemblies.Run(RunToyHead);

    [Fact]
    public void Run_WhatIsRegistered_DoesNotLeak()
    {
        OwnAssemblies.Run(RunToyMethod);
        OwnAssemblies.Run(RunToyMethod);
        MethodRegistry.Methods.Names.ShouldNotContain("toy");
        LossRegistry.Losses.Names.ShouldNotContain("toy");
        ExpertRegistry.Experts.Names.ShouldNotContain("toy");
    }

    [Fact]
    public void Register_NameThatIsTaken_Throws()
    {
        var registry = new Registry<IMethod>("method", new ToyMethod());
        Should.Throw<ArgumentException>(() => registry.Register(new ToyMethod { Sharpness = 3 })).Message.ShouldStartWith("There is a method toy already.");
        registry.All.ShouldBe([new ToyMethod()]);
    }

    private static void RunToyMethod()
    {
        MethodRegistry.Methods.Register(new ToyMethod());
        MethodRegistry.Methods.Names[^1].ShouldBe("toy");
        MethodRegistry.Find("toy").ShouldBe(new ToyMethod());
        var (train, test) = MadeUp.TrainAndTest(5, 12, shots: 4, testShots: 10, seed: 1, spread: 0.5);
        var model = LfaModel.FromFit(new ToyMethod { Sharpness = 25 }.Fit(train, new FitContext { Seed = 4 }));
        model.Evaluate(test).Top1Accuracy.ShouldBeGreaterThan(0.9);
        var loaded = Reload(model);
        loaded.Scorer.ShouldBeOfType<LinearScorer>();
        loaded.Logits(test.ImageFeatures).Values.ToArray().ShouldBe(model.Logits(test.ImageFeatures).Values.ToArray());
        (loaded.Record.Method, loaded.Record.Options, loaded.Record.Seed).ShouldBe(("toy", new ToyMethod { Sharpness = 25 }, 4));
        Save(loaded).ShouldBe(Save(model));
        // What was registered can be fitted again by what its file tells.
        var earlier = new UpdateOptions { EarlierImages = [train] };
        Save(ModelUpdater.Update(loaded, null, earlier).Model).ShouldBe(Save(model));
        Should.Throw<LfaDataException>(() => ModelUpdater.Update(loaded, test)).Message.ShouldContain("A classifier of method toy can only be fitted again");
        Should.Throw<LfaDataException>(() => loaded.ForShiftedDomain()).Message.ShouldContain("The classifier of method toy knows only the classes of its fit");
    }

    private static void RunToyLoss()
    {
        LossRegistry.Losses.Register(new LossDefinition("toy", [new("strength", 1)], values => new ToyLoss(values["strength"])));
        LossRegistry.Losses.Get("toy").Create().ShouldBeOfType<ToyLoss>().Strength.ShouldBe(1);
        var train = MadeUp.Task(5, 12, shots: 4, seed: 1, spread: 2);
        var method = new LfaMethod { Beta = 1, Refinement = new() { Iterations = 30, Loss = new ToyLoss(2.5), Noise = 0, Dropout = 0 } };
        var fit = method.Fit(train);
        fit.Losses[^1].ShouldBeLessThan(fit.Losses[0], "the gradient of the loss leads down");
        var loaded = Reload(fit.ToModel());
        loaded.Record.Options.ShouldBeOfType<LfaMethod>().Refinement.Loss.ShouldBeOfType<ToyLoss>().Strength.ShouldBe(2.5);
        Save(loaded).ShouldBe(Save(fit.ToModel()));
        Save(LfaModel.FromFit(loaded.Record.Options.Fit(train))).ShouldBe(Save(fit.ToModel()));
    }

    private static void RunToyExpert()
    {
        var rotation = MadeUp.Rotation(16, seed: 2, spread: 1.5);
        var (train, test) = MadeUp.TrainAndTest(8, 16, shots: 8, testShots: 20, seed: 1, spread: 1, rotation);
        var before = new AutoMethod().Fit(train);
        ExpertRegistry.Experts.Register(new ToyExpert(rotation));
        ExpertRegistry.Experts.Get("toy").ShouldBeOfType<ToyExpert>();
        var fit = new AutoMethod().Fit(train);
        before.Auto().Experts.ShouldNotContain(expert => expert.Name == "toy");
        // The expert knows the rotation, so the blend leans on it.
        fit.Auto().Experts[^1].Name.ShouldBe("toy");
        fit.Auto().Experts[^1].Part.ShouldBeGreaterThan(0.3);
        fit.Record.Blend.Single(expert => expert.Name == "toy").Weight.ShouldBeGreaterThan(0.3);
        fit.Auto().Experts[^1].LogLoss!.Value.ShouldBeLessThan(fit.Auto().Experts[0].LogLoss!.Value);
        fit.Evaluate(test).Of("auto").Top1.ShouldBeGreaterThan(fit.Evaluate(test).Of("zero-shot").Top1);
        var loaded = Reload(fit.ToModel());
        loaded.Record.Blend.ShouldBe(fit.Record.Blend);
        loaded.Logits(test.ImageFeatures).Values.ToArray().ShouldBe(fit.ToModel().Logits(test.ImageFeatures).Values.ToArray());
        Save(loaded).ShouldBe(Save(fit.ToModel()));
        ModelUpdater.Update(loaded, test).Samples.ShouldBe(train.SampleCount + test.SampleCount);
        ModelUpdater.Update(loaded, null, new UpdateOptions { EarlierImages = [train] }).Model.Record.Blend.ShouldBe(fit.Record.Blend);
    }

    private static void RunToyHead()
    {
        ExpertRegistry.Experts.Register(new ToyHead());
        var (train, more) = MadeUp.TrainAndTest(8, 16, shots: 12, testShots: 2, seed: 3, spread: 0.5);
        var fit = new AutoMethod().Fit(train);
        fit.Auto().Experts[^1].Name.ShouldBe("toy-head");
        // A model of which the head has a part, whatever the choice was.
        var head = new ToyHead().Fit(new ExpertTask(train, train, new FitContext()))[0].Head!;
        var scorer = new AlignedScorer(fit.Aligned().Transform, train.ClassPrototypes, fit.Scorer!.Temperature, head);
        var model = new LfaModel(scorer, train.ClassNames, null, fit.Record with { Blend = [new("zero-shot", 1), new("toy-head", 1)] }, ClassStatistics.FromTask(train));
        var update = ModelUpdater.Update(model, more);
        update.Parts.ShouldContain(part => part.Name == "toy-head" && part.Outcome == PartOutcome.Kept);
        update.Model.Aligned!.Residual!.Weights.Values.ToArray().ShouldBe(head.Weights.Values.ToArray());
        Refusal(model).ShouldStartWith("The expert toy-head of the blend is a head");
        ModelUpdater.Update(model, more, new UpdateOptions { EarlierImages = [train] }).Samples.ShouldBe(train.SampleCount + more.SampleCount);
        var unknown = new LfaModel(scorer, train.ClassNames, null, model.Record with { Blend = [new("zero-shot", 1), new("other-head", 1)] }, model.Statistics);
        Refusal(unknown).ShouldStartWith("The expert other-head of the blend is a head");

        string Refusal(LfaModel before) => Should.Throw<LfaDataException>(() => ModelUpdater.Update(before, null, new UpdateOptions { RemovedClasses = [train.ClassNames[0]] })).Message;
    }

    private static LfaModel Reload(LfaModel model)
    {
        using var stream = new MemoryStream(Save(model));
        return LfaModel.Load(stream);
    }

    private static byte[] Save(LfaModel model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return stream.ToArray();
    }

    /// <summary>The sum of the images of each class as its weights.</summary>
    private sealed record ToyMethod : IMethod
    {
        public double Sharpness { get; init; } = 10;

        public string Name => "toy";

        public string Source => "nobody, made up for a test, 2026";

        public MethodNeeds Needs => MethodNeeds.Labels;

        public MethodFit Fit(FitTask task, FitContext? context = null)
        {
            var set = task.Require(this);
            var weights = new float[set.ClassCount * set.Dimension];
            for (var i = 0; i < set.SampleCount; i++)
            {
                for (var j = 0; j < set.Dimension; j++)
                    weights[(set.Labels.Span[i] * set.Dimension) + j] += (float)Sharpness * set.ImageFeatures[i, j];
            }
            return new MethodFit
            {
                Scorer = new LinearScorer(new LinearHead(new Matrix(weights, set.ClassCount, set.Dimension))),
                ClassNames = set.ClassNames,
                ClassPrototypes = set.ClassPrototypes,
                Record = new FitRecord { Method = Name, Options = this, Seed = context?.Seed, Samples = set.SampleCount },
            };
        }

        public void WriteOptions(Utf8JsonWriter json) => json.WriteNumber("sharpness", Sharpness);

        public IMethod ReadOptions(JsonElement json) => new ToyMethod { Sharpness = json.GetProperty("sharpness").GetDouble() };
    }

    /// <summary>Minus the mean cosine with the own prototype, times a strength.</summary>
    private sealed class ToyLoss(double strength) : IAlignmentLoss
    {
        public double Strength => strength;

        public string Name => "toy";

        public IReadOnlyDictionary<string, double> Parameters => new Dictionary<string, double> { ["strength"] = strength };

        public bool UsesUnitRows => true;

        public bool CouplesRows => false;

        public double Evaluate(in LossBlock block)
        {
            var loss = 0.0;
            for (var row = 0; row < block.Count; row++)
            {
                loss -= strength * block.ScoresOf(row)[block.Labels[row]] / block.BatchSize;
                block.AddScoreGradient(row, block.Labels[row], -strength / block.BatchSize);
            }
            return loss;
        }
    }

    /// <summary>A head that only images can fit: the sum of those of each class, at a scale that suits logits.</summary>
    private sealed class ToyHead : IExpert
    {
        public string Name => "toy-head";

        public bool IsHead => true;

        public IReadOnlyList<FittedExpert> Fit(ExpertTask task) => [new FittedExpert(Name, ((LinearScorer)new ToyMethod().Fit(task.Images).Scorer!).Head)];
    }

    /// <summary>An expert that was told the answer, for updates too.</summary>
    private sealed class ToyExpert(Transform answer) : IExpert
    {
        public string Name => "toy";

        public IReadOnlyList<FittedExpert> Fit(ExpertTask task) => [new FittedExpert(Name, answer)];

        public FittedExpert FitFromSums(ClassStatistics statistics, Matrix prototypes, int maxDegreeOfParallelism) => new(Name, answer);
    }
}
