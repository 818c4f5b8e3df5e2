using System.Runtime.InteropServices;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Model;
using Lfa.Tests.Support;

namespace Lfa.Tests.Methods;

/// <summary>Every method that fits a classifier, through its file.</summary>
public sealed class ModelRoundTripTests
{
    private static readonly (FeatureSet Train, FeatureSet Test) OneSpace = MadeUpProblem.Create(new MadeUpProblemOptions { Classes = 6, Dimension = 16, Shots = 6, TestImages = 20 });
    private static readonly FeatureSet TwoSpaced = TwoSpaces.Planted(16, 10, classes: 6, shots: 6, seed: 1, spread: 0.3).Task;

    /// <summary>All methods but those that classify the images of their task together.</summary>
    public static TheoryData<string> Names => new(MethodRegistry.Methods.All.Where(method => !IsTransductive(method)).Select(method => method.Name));

    /// <summary>Methods that classify the images of their task together.</summary>
    public static TheoryData<string> TransductiveNames => new(MethodRegistry.Methods.All.Where(IsTransductive).Select(method => method.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void Load_AfterSave_HasTheSameLogitsAndTheSameFile(string name)
    {
        var method = Quick(MethodRegistry.Methods.Get(name));
        var model = LfaModel.FromFit(method.Fit(Task(method), new FitContext { Seed = 3 }));
        var (loaded, file) = Reload(model);
        var images = MadeUp.Features(150, model.Dimension, seed: 5); // Rows of any length, in several chunks.
        Bytes(loaded.Logits(images)).ShouldBe(Bytes(model.Logits(images)));
        Bytes(loaded.Probabilities(images)).ShouldBe(Bytes(model.Probabilities(images)));
        Save(loaded).ShouldBe(file);
        (loaded.Record.Method, loaded.Record.Seed, loaded.Record.Samples, loaded.Record.UnlabeledSamples).ShouldBe((name, 3, model.Record.Samples, model.Record.UnlabeledSamples));
        loaded.ClassNames.ShouldBe(model.ClassNames);
        loaded.Record.Chosen.Select(value => (value.Name, value.Value, value.Origin)).ShouldBe(model.Record.Chosen.Select(value => (value.Name, value.Value, value.Origin)));
        loaded.Record.Blend.ShouldBe(model.Record.Blend);
        (loaded.Calibration?.Samples, loaded.Calibration?.Before, loaded.Calibration?.After).ShouldBe((model.Calibration?.Samples, model.Calibration?.Before, model.Calibration?.After));
        loaded.ClassPrototypes?.Values.ToArray().ShouldBe(model.ClassPrototypes?.Values.ToArray());
        (loaded.Statistics is null).ShouldBe(model.Statistics is null);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_OptionsOfTheFile_GiveTheSameBits(string name)
    {
        var method = Quick(MethodRegistry.Methods.Get(name));
        var model = LfaModel.FromFit(method.Fit(Task(method), new FitContext { Seed = 3 }));
        var options = Reload(model).Model.Record.Options.ShouldNotBeNull();
        options.GetType().ShouldBe(method.GetType());
        MethodRegistry.DescribeOptions(options).ShouldBe(MethodRegistry.DescribeOptions(method));
        Save(LfaModel.FromFit(options.Fit(Task(options), new FitContext { Seed = 3 }))).ShouldBe(Save(model));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Load_SomeOfTheClasses_HaveTheLogitsOfAll(string name)
    {
        var method = Quick(MethodRegistry.Methods.Get(name));
        var model = LfaModel.FromFit(method.Fit(Task(method)));
        string[] names = [model.ClassNames[4], model.ClassNames[1]];
        var (loaded, _) = Reload(model.SelectClasses(names));
        var images = MadeUp.Features(9, model.Dimension, seed: 6);
        var (some, all) = (loaded.Logits(images), model.Logits(images));
        if (name == "k-nn")
            return; // Neighbors of other classes no longer vote, so that shares change.
        for (var i = 0; i < images.Rows; i++)
            some.Row(i).ShouldBeCloseTo([all[i, 4], all[i, 1]], 1e-5);
    }

    [Theory]
    [MemberData(nameof(TransductiveNames))]
    public void FromFit_Transductive_SaysThatThereIsNothingToSave(string name)
    {
        var fit = MethodRegistry.Methods.Get(name).Fit(new FitTask(OneSpace.Train, OneSpace.Test));
        Should.Throw<LfaDataException>(() => LfaModel.FromFit(fit)).Message.ShouldStartWith($"Method {name} classifies the images of its task together");
        Should.Throw<LfaDataException>(() => LfaModel.Fit(new FitTask(OneSpace.Train, OneSpace.Test), MethodRegistry.Methods.Get(name))).Message.ShouldContain("nothing to save");
    }

    /// <summary>What the method needs, and nothing that it cannot learn from.</summary>
    private static FitTask Task(IMethod method) => method.Needs switch
    {
        var needs when needs.HasFlag(MethodNeeds.SeparateSpaces) => TwoSpaced,
        var needs when needs.HasFlag(MethodNeeds.UnlabeledImages) && needs.HasFlag(MethodNeeds.Labels) => new FitTask(OneSpace.Train, OneSpace.Test),
        var needs when needs.HasFlag(MethodNeeds.UnlabeledImages) => new FitTask(unlabeled: OneSpace.Test),
        _ => OneSpace.Train,
    };

    private static IMethod Quick(IMethod method) => method is IIterativeMethod iterative ? iterative.WithIterations(10) : method;

    private static bool IsTransductive(IMethod method) => method.Needs.HasFlag(MethodNeeds.ImagesToClassify);

    private static (LfaModel Model, byte[] File) Reload(LfaModel model)
    {
        var file = Save(model);
        using var stream = new MemoryStream(file);
        return (LfaModel.Load(stream), file);
    }

    private static byte[] Save(LfaModel model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return stream.ToArray();
    }

    private static byte[] Bytes(Matrix matrix) => MemoryMarshal.AsBytes(matrix.Values.Span).ToArray();
}
