using System.Text;
using Lfa.Alignment;
using Lfa.Data;
using Lfa.IO;
using Lfa.Methods;
using Lfa.Model;
using Lfa.Refinement;
using Lfa.Tests.Support;

namespace Lfa.Tests.Model;

/// <summary>What files of versions 1 and 2 tell of their fit, and what they look like damaged.</summary>
public sealed class FormerRecipeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Model", "files");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("zero-shot", typeof(ZeroShotMethod))]
    [InlineData("least-squares", typeof(LeastSquaresMethod))]
    [InlineData("procrustes", typeof(ProcrustesMethod))]
    [InlineData("beta-procrustes", typeof(BetaProcrustesMethod))]
    [InlineData("lfa", typeof(LfaMethod))]
    [InlineData("auto", typeof(AutoMethod))]
    [InlineData("auto-head", typeof(AutoMethod))]
    [InlineData("auto-bridge", typeof(AutoMethod))]
    [InlineData("lfa-unsupervised", typeof(UnsupervisedLfaMethod))]
    [InlineData("auto-unsupervised", typeof(UnsupervisedAutoMethod))]
    [InlineData("auto-semi-supervised", typeof(UnsupervisedAutoMethod))]
    public void Load_FormerRecipe_IsTheMethodOfToday(string name, Type method)
    {
        var record = Load(name).Record;
        record.Options.ShouldBeOfType(method);
        record.Options!.Name.ShouldBe(record.Method);
        record.Samples.ShouldBeGreaterThan(0);
        (record.UnlabeledSamples > 0).ShouldBe(name.Contains("supervised", StringComparison.Ordinal));
        record.Seed.ShouldBe(3);
        record.ImageEncoder.ShouldBe(new EncoderIdentity("made-up") { Fingerprint = "abc123" });
    }

    [Fact]
    public void Load_FormerOptions_AreThoseOfToday()
    {
        ((LfaMethod)Load("lfa-csls").Record.Options!).Refinement.ShouldSatisfyAllConditions(
            options => options.Loss.ToString().ShouldBe(new CslsLoss(2).ToString()),
            options => options.Iterations.ShouldBe(20),
            options => options.MixesPairs.ShouldBeTrue());
        ((LfaMethod)Load("lfa-triplet").Record.Options!).Refinement.Loss.ShouldBeOfType<TripletLoss>();
        ((LfaMethod)Load("lfa-contrastive").Record.Options!).Refinement.Loss.ShouldBeOfType<ContrastiveLoss>();
        ((LfaMethod)Load("lfa-bridge-pca").Record.Options!).Projection.ShouldBeOfType<PrincipalComponents>();
        ((LfaMethod)Load("lfa-bridge-projection").Record.Options!).Projection.ShouldBeOfType<GaussianProjection>();
        var unsupervised = (UnsupervisedLfaMethod)Load("lfa-unsupervised").Record.Options!;
        (unsupervised.Rounds, unsupervised.Transport.Epsilon).ShouldBe((2, 0.0025));
        unsupervised.Transport.ClassPrior!.Values.ToArray().ShouldBe(Enumerable.Repeat(0.125, 8));
        Load("auto-new-classes").Record.Variant.ShouldBe("new classes");
        Load("by-hand").Record.ShouldSatisfyAllConditions(record => record.Method.ShouldBeNull(), record => record.Options.ShouldBeNull());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[")]
    [InlineData("{\"version\":1}")]
    [InlineData("{\"version\":\"1\"}")]
    [InlineData("7")]
    public void Load_DamagedRecipe_NamesIt(string recipe)
    {
        var (tensors, metadata) = Parts("auto");
        metadata["recipe"] = recipe;
        ShouldFail(tensors, metadata, "the metadata entry recipe is not the options of a fit");
    }

    [Theory]
    [InlineData("\"samples\":48", "\"samples\":-1")]
    [InlineData("\"samples\":48", "\"samples\":48,\"unlabelled\":{\"samples\":-1,\"epsilon\":0.1,\"tolerance\":0.1,\"rounds\":1,\"confidence\":0}")]
    [InlineData("\"ridge\":0", "\"ridge\":-1")]
    [InlineData("\"method\":\"auto\"", "\"method\":\"magic\"")]
    [InlineData("\"name\":\"arerank\"", "\"name\":\"magic\"")]
    [InlineData("\"zero_shot\":", "\"zero_shot\":1e999,\"other\":")]
    public void Load_DamagedOption_NamesTheRecipe(string from, string to)
    {
        var (tensors, metadata) = Parts("auto");
        metadata["recipe"].ShouldContain(from);
        metadata["recipe"] = metadata["recipe"].Replace(from, to, StringComparison.Ordinal);
        ShouldFail(tensors, metadata, "the metadata entry recipe is not the options of a fit");
    }

    [Theory]
    [InlineData("beta", "x", "beta is not a number")]
    [InlineData("iterations", "1.5", "iterations is not an integer")]
    [InlineData("temperature", null, "no temperature")]
    public void Load_DamagedMetadata_NamesFileAndEntry(string key, string? value, string expected)
    {
        var (tensors, metadata) = Parts("lfa");
        metadata.Remove(key);
        if (value is not null)
            metadata[key] = value;
        ShouldFail(tensors, metadata, expected);
    }

    [Fact]
    public void Load_RecipeOfALaterLibrary_ClassifiesAndCannotBeChanged()
    {
        var (tensors, metadata) = Parts("auto");
        metadata["recipe"] = "{\"version\":3}";
        SafetensorsFile.Write(_folder["later"], tensors, metadata);
        var loaded = LfaModel.Load(_folder["later"]);
        (loaded.Record.Options, loaded.Record.Samples).ShouldBe((null, 0));
        Should.Throw<LfaDataException>(() => ModelUpdater.Update(loaded, MadeUp.Task(8, 24, shots: 1, seed: 1))).Message.ShouldContain("does not tell how it was fitted");
    }

    [Fact]
    public void Load_FileOfTheFirstLibrary_TakesItsMovingAverageForNewClasses()
    {
        var (tensors, metadata) = Parts("lfa");
        var values = MadeUp.Floats(24 * 24, seed: 1);
        tensors["moving_average"] = SafetensorsTensor.From(values, 24, 24);
        tensors.Remove("new_class_transform");
        metadata.Remove("new_class_temperature");
        SafetensorsFile.Write(_folder["old"], tensors, metadata);
        var loaded = LfaModel.Load(_folder["old"]).Aligned!;
        loaded.NewClasses!.Transform.Matrix.Values.ToArray().ShouldBe(values);
        loaded.NewClasses.Temperature.ShouldBe(loaded.Temperature);
        tensors.Remove("moving_average");
        SafetensorsFile.Write(_folder["older"], tensors, metadata);
        LfaModel.Load(_folder["older"]).Aligned!.NewClasses.ShouldBeNull();
    }

    [Fact]
    public void Load_AnyByteDamaged_ThrowsOrGivesAModel()
    {
        var good = File.ReadAllBytes(Path.Combine(Folder, "auto.safetensors"));
        var header = 8 + BitConverter.ToInt32(good);
        for (var i = 0; i < header; i++)
        {
            var bad = (byte[])good.Clone();
            bad[i] ^= (byte)(1 << (i % 8));
            try
            {
                LfaModel.Load(_folder.Write("x", bad)).ClassNames.Count.ShouldBe(8);
            }
            catch (LfaDataException e)
            {
                e.Message.ShouldStartWith(_folder["x"], customMessage: Encoding.UTF8.GetString(bad, 0, header));
            }
        }
    }

    private static LfaModel Load(string name) => LfaModel.Load(Path.Combine(Folder, name + ".safetensors"));

    private static (Dictionary<string, SafetensorsTensor> Tensors, Dictionary<string, string> Metadata) Parts(string name)
    {
        var file = SafetensorsFile.Read(Path.Combine(Folder, name + ".safetensors"));
        return (new(file.Tensors), new(file.Metadata));
    }

    private void ShouldFail(Dictionary<string, SafetensorsTensor> tensors, Dictionary<string, string> metadata, string expected)
    {
        SafetensorsFile.Write(_folder["bad"], tensors, metadata);
        var message = Should.Throw<LfaDataException>(() => LfaModel.Load(_folder["bad"])).Message;
        message.ShouldStartWith(_folder["bad"] + ": ");
        message.ShouldContain(expected);
    }
}
