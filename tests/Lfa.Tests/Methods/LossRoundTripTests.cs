using Lfa.Data;
using Lfa.Methods;
using Lfa.Model;
using Lfa.Refinement;
using Lfa.Tests.Support;

namespace Lfa.Tests.Methods;

/// <summary>Losses through the model files of fits that they refined.</summary>
public sealed class LossRoundTripTests
{
    private static readonly FeatureSet Task = MadeUp.Task(5, 8, shots: 3, seed: 1);

    public static TheoryData<string> Names => new(LossRegistry.Losses.Names);

    [Theory]
    [MemberData(nameof(Names))]
    public void Load_AfterSave_HasTheLossByNameAndValues(string name)
    {
        var definition = LossRegistry.Losses.Get(name);
        // Other values than the defaults, that each parameter allows: switches the other way, numbers of neighbors whole.
        var values = definition.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Default == 0 ? 1 : parameter.Name == "neighbors" ? parameter.Default + 1 : parameter.Default / 3);
        definition.Create(values).Parameters.OrderBy(pair => pair.Key).ShouldBe(values.OrderBy(pair => pair.Key));
        foreach (var loss in new[] { definition.Create(), definition.Create(values) })
        {
            var fit = new LfaMethod { Beta = 0.5, Refinement = new() { Iterations = 3, Loss = loss } }.Fit(Task);
            var loaded = Reload(fit.ToModel());
            var read = loaded.Record.Options.ShouldBeOfType<LfaMethod>().Refinement.Loss;
            read.GetType().ShouldBe(loss.GetType());
            read.Name.ShouldBe(name);
            read.Parameters.OrderBy(pair => pair.Key).ShouldBe(loss.Parameters.OrderBy(pair => pair.Key));
            read.Parameters.Keys.ShouldBe(definition.Parameters.Select(parameter => parameter.Name), ignoreOrder: true);
            read.ToString().ShouldBe(loss.ToString());
            Save(loaded.Record.Options.Fit(Task).ToModel()).ShouldBe(Save(fit.ToModel()));
        }
    }

    [Fact]
    public void Load_LossThatIsNotRegistered_ClassifiesButCannotBeFittedAgain()
    {
        var model = new LfaMethod { Beta = 0.5, Refinement = new() { Iterations = 3, Loss = new PlantedLoss() } }.Fit(Task).ToModel();
        var loaded = Reload(model);
        loaded.Logits(Task.ImageFeatures).Values.ToArray().ShouldBe(model.Logits(Task.ImageFeatures).Values.ToArray());
        (loaded.Record.Method, loaded.Record.Options).ShouldBe(("lfa", null));
        var more = MadeUp.Task(5, 8, shots: 1, seed: 2);
        Should.Throw<LfaDataException>(() => ModelUpdater.Update(loaded, null, new UpdateOptions { EarlierImages = [Task] }))
            .Message.ShouldBe("The classifier was fitted with a method or a loss that its file cannot tell; fit it again.");
        // What an update keeps does not depend on the loss.
        ModelUpdater.Update(loaded, new FeatureSet(more.ImageFeatures, Task.ClassPrototypes, more.Labels)).Model.ClassNames.ShouldBe(loaded.ClassNames);
    }

    [Fact]
    public void Get_LossThatIsNotRegistered_ListsThoseThatAre() =>
        Should.Throw<LfaDataException>(() => LossRegistry.Losses.Get("planted")).Message.ShouldStartWith("There is no loss planted; there are arerank, contrastive, ");

    [Fact]
    public void Load_ParameterThatTheLossLacks_NamesTheRecord()
    {
        using var stream = new MemoryStream();
        new LfaMethod { Beta = 0.5, Refinement = new() { Iterations = 1, Loss = new MisnamedLoss() } }.Fit(Task).ToModel().Save(stream);
        stream.Position = 0;
        Should.Throw<LfaDataException>(() => LfaModel.Load(stream)).Message.ShouldStartWith("the metadata entry fit is not the options of a fit");
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

    /// <summary>A loss that nobody registers.</summary>
    private class PlantedLoss : IAlignmentLoss
    {
        public virtual string Name => "planted";

        public virtual IReadOnlyDictionary<string, double> Parameters => new Dictionary<string, double> { ["strength"] = 2 };

        public bool UsesUnitRows => false;

        public bool CouplesRows => false;

        public double Evaluate(in LossBlock block) => 0;
    }

    /// <summary>A loss that takes the name of another, with parameters of its own.</summary>
    private sealed class MisnamedLoss : PlantedLoss
    {
        public override string Name => "triplet";
    }
}
