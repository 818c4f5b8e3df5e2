using System.Text;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.IO;
using Lfa.Refinement;
using Lfa.Tests.Support;

namespace Lfa.Tests.Classification;

public sealed class ClassifierFileTests : IDisposable
{
    private static readonly string[] OddNames = ["a \"quoted\" cat", "line\nbreak\ttab", "犬 dög 🐕", "", "back\\slash </script>", "\u0000\u001f"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_AfterSave_PredictsTheSameBits()
    {
        var test = MadeUp.Task(6, 17, shots: 5, seed: 1);
        var saved = Make(test);
        saved.Save(_folder["m"]);
        var loaded = LfaClassifier.Load(_folder["m"]);
        loaded.Transform.Matrix.Values.ToArray().ShouldBe(saved.Transform.Matrix.Values.ToArray());
        loaded.NewClasses!.Transform.Matrix.Values.ToArray().ShouldBe(saved.NewClasses!.Transform.Matrix.Values.ToArray());
        loaded.NewClasses.Temperature.ShouldBe(saved.NewClasses.Temperature);
        loaded.ClassNames.ShouldBe(OddNames);
        loaded.Temperature.ShouldBe(saved.Temperature);
        loaded.Provenance.ShouldBe(saved.Provenance);
        loaded.Predict(test.ImageFeatures, 6).SelectMany(prediction => prediction.Top).ShouldBe(saved.Predict(test.ImageFeatures, 6).SelectMany(prediction => prediction.Top));
        loaded.Probabilities(test.ImageFeatures).Values.ToArray().ShouldBe(saved.Probabilities(test.ImageFeatures).Values.ToArray());
    }

    [Fact]
    public void Load_NothingButTheNecessary_HasNoMore()
    {
        var prototypes = MadeUp.Features(2, 3, seed: 1).NormalizeRows();
        new LfaClassifier(Transform.Identity(3), prototypes, ["a", "b"]).Save(_folder["m"]);
        var loaded = LfaClassifier.Load(_folder["m"]);
        loaded.NewClasses.ShouldBeNull();
        loaded.Provenance.ShouldBe(new ClassifierProvenance());
        loaded.Temperature.ShouldBe(LfaClassifier.DefaultTemperature);
    }

    [Fact]
    public void Save_SameClassifier_GivesTheSameBytes()
    {
        var test = MadeUp.Task(6, 17, shots: 5, seed: 1);
        Make(test).Save(_folder["1"]);
        Make(test).Save(_folder["2"]);
        LfaClassifier.Load(_folder["1"]).Save(_folder["3"]);
        File.ReadAllBytes(_folder["2"]).ShouldBe(File.ReadAllBytes(_folder["1"]));
        File.ReadAllBytes(_folder["3"]).ShouldBe(File.ReadAllBytes(_folder["1"]));
    }

    [Fact]
    public void Load_AfterSave_HasTheSameSumsAndRecipe()
    {
        var fitted = Fit();
        fitted.Save(_folder["m"]);
        var loaded = LfaClassifier.Load(_folder["m"]);
        loaded.Statistics!.Counts.ToArray().ShouldBe(fitted.Statistics!.Counts.ToArray());
        loaded.Statistics.Sums.ToArray().ShouldBe(fitted.Statistics.Sums.ToArray());
        loaded.Statistics.SecondMoments.ToArray().ShouldBe(fitted.Statistics.SecondMoments.ToArray());
        loaded.Recipe!.Blend.ShouldBe(fitted.Recipe!.Blend);
        loaded.Recipe.Samples.ShouldBe(fitted.Recipe.Samples);
        loaded.Save(_folder["again"]);
        File.ReadAllBytes(_folder["again"]).ShouldBe(File.ReadAllBytes(_folder["m"]));
    }

    [Fact]
    public void Save_WithoutStatistics_IsSmallerAndClassifiesAlike()
    {
        var fitted = Fit();
        fitted.Save(_folder["m"]);
        fitted.WithoutStatistics().Save(_folder["small"]);
        var loaded = LfaClassifier.Load(_folder["small"]);
        loaded.Statistics.ShouldBeNull();
        loaded.Recipe.ShouldNotBeNull();
        loaded.Transform.Matrix.Values.ToArray().ShouldBe(fitted.Transform.Matrix.Values.ToArray());
        (new FileInfo(_folder["m"]).Length - new FileInfo(_folder["small"]).Length).ShouldBeGreaterThan(8 * ((6 * 17) + (17 * 18 / 2)));
    }

    public static TheoryData<IAlignmentLoss> Losses { get; } = [new AdaptiveReranking(5, 2.5), new ContrastiveLoss(1.0 / 3, usesUnitRows: true), new TripletLoss(0.3), new CslsLoss(4)];

    [Theory]
    [MemberData(nameof(Losses))]
    public void Load_AfterSave_HasEveryOption(IAlignmentLoss loss)
    {
        var options = new LfaOptions
        {
            Method = FitMethod.Lfa,
            Beta = 0.1 + 0.2,
            Ridge = 1.0 / 3,
            Temperature = 0.1 / 3,
            Seed = -7,
            Encoder = "E",
            EncoderFingerprint = "F",
            CrossValidation = new() { Candidates = 7, Splits = 2, ValidationFraction = 0.3, Stratified = true },
            Refinement = new()
            {
                Iterations = 9,
                Loss = loss,
                LearningRate = 1e-3 / 3,
                WeightDecay = 1e-5,
                BatchFraction = 0.6,
                Noise = 0.1,
                Dropout = 0.2,
                MixesPairs = true,
                Orthogonalization = 0.02,
                ClipsSingularValues = true,
            },
        };
        foreach (var some in new[] { options, new LfaOptions { Encoder = "E", EncoderFingerprint = "F" } })
        {
            Make(MadeUp.Task(6, 5, shots: 1, seed: 1), new FitRecipe { Options = some, Samples = 3 }, new() { Encoder = "E", EncoderFingerprint = "F" }).Save(_folder["m"]);
            var loaded = LfaClassifier.Load(_folder["m"]).Recipe!;
            (loaded.Samples, loaded.Blend, loaded.IsRepeatable).ShouldBe((3, null, true));
            // Losses are compared by what they say of themselves.
            loaded.Options.Refinement.Loss.ToString().ShouldBe(some.Refinement.Loss.ToString());
            (loaded.Options with { Refinement = some.Refinement }).ShouldBe(some);
            (loaded.Options.Refinement with { Loss = some.Refinement.Loss }).ShouldBe(some.Refinement);
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[")]
    [InlineData("{\"version\":1}")]
    [InlineData("{\"version\":\"1\"}")]
    [InlineData("7")]
    public void Load_DamagedRecipe_NamesIt(string recipe)
    {
        var (tensors, metadata) = Parts();
        metadata["recipe"] = recipe;
        ShouldFail(tensors, metadata, "the metadata entry recipe is not the options of a fit");
    }

    [Theory]
    [InlineData("\"samples\":24", "\"samples\":-1")]
    [InlineData("\"samples\":24", "\"samples\":24,\"unlabelled\":{\"samples\":-1,\"epsilon\":0.1,\"tolerance\":0.1,\"rounds\":1,\"confidence\":0}")]
    [InlineData("\"ridge\":0", "\"ridge\":-1")]
    [InlineData("\"method\":\"auto\"", "\"method\":\"magic\"")]
    [InlineData("\"name\":\"arerank\"", "\"name\":\"magic\"")]
    [InlineData("\"zero_shot\":", "\"zero_shot\":1e999,\"other\":")]
    public void Load_DamagedOption_NamesTheRecipe(string from, string to)
    {
        Fit().Save(_folder["good"]);
        var file = SafetensorsFile.Read(_folder["good"]);
        file.Metadata["recipe"].ShouldContain(from);
        ShouldFail(new(file.Tensors), new(file.Metadata) { ["recipe"] = file.Metadata["recipe"].Replace(from, to, StringComparison.Ordinal) }, "the metadata entry recipe is not the options of a fit");
    }

    [Fact]
    public void Load_RecipeOfALaterLibrary_ClassifiesAndCannotBeChanged()
    {
        var (tensors, metadata) = Parts();
        metadata["recipe"] = "{\"version\":3}";
        SafetensorsFile.Write(_folder["later"], tensors, metadata);
        LfaClassifier.Load(_folder["later"]).Recipe.ShouldBeNull();
    }

    [Fact]
    public void Load_DamagedSums_NamesTheTensor()
    {
        Fit().Save(_folder["good"]);
        void Check(string name, SafetensorsTensor? tensor, string expected)
        {
            var file = SafetensorsFile.Read(_folder["good"]);
            var tensors = new Dictionary<string, SafetensorsTensor>(file.Tensors);
            tensors.Remove(name);
            if (tensor is not null)
                tensors[name] = tensor;
            ShouldFail(tensors, new(file.Metadata), expected);
        }
        Check("class_sums", null, "there is no tensor class_sums");
        Check("second_moments", null, "there is no tensor second_moments");
        Check("class_counts", SafetensorsTensor.From([4, 4, 4, 4, 4], 5), "the tensor class_counts is I32 of shape 5; expected I32 of shape 6");
        Check("class_counts", SafetensorsTensor.From([4, 4, 4, 4, 4, -1], 6), "class_counts holds counts that are negative");
        Check("class_counts", SafetensorsTensor.From([int.MaxValue, 4, 4, 4, 4, 1], 6), "class_counts holds counts that are negative, or too large");
        Check("class_sums", SafetensorsTensor.From(new float[6 * 17], 6, 17), "the tensor class_sums is F32 of shape 6 × 17; expected F64 of shape 6 × 17");
        Check("second_moments", SafetensorsTensor.From([.. Enumerable.Repeat(double.NaN, 153)], 153), "second_moments holds a NaN or an infinity");
        Check("second_moments", SafetensorsTensor.From(new double[289], 17, 17), "second_moments is F64 of shape 17 × 17; expected F64 of shape 153");
    }

    [Theory]
    [InlineData("format", "other", "is not a classifier")]
    [InlineData("format", null, "is not a classifier")]
    [InlineData("format_version", "3", "format version 3")]
    [InlineData("format_version", null, "format version unknown")]
    [InlineData("temperature", null, "no temperature")]
    [InlineData("temperature", "warm", "temperature is not a number")]
    [InlineData("temperature", "-1", "temperature must be above 0")]
    [InlineData("temperature", "NaN", "temperature must be above 0")]
    [InlineData("class_names", null, "class_names is not an array of strings")]
    [InlineData("class_names", "[1]", "class_names is not an array of strings")]
    [InlineData("class_names", "[null]", "class_names is not an array of strings")]
    [InlineData("class_names", "{}", "class_names is not an array of strings")]
    [InlineData("class_names", "[\"a\"", "class_names is not an array of strings")]
    [InlineData("class_names", "[\"a\"]", "classNames has 1 entries")]
    [InlineData("beta", "x", "beta is not a number")]
    [InlineData("iterations", "1.5", "iterations is not an integer")]
    [InlineData("seed", "99999999999", "seed is not an integer")]
    public void Load_DamagedMetadata_NamesFileAndEntry(string key, string? value, string expected)
    {
        var (tensors, metadata) = Parts();
        metadata.Remove(key);
        if (value is not null)
            metadata[key] = value;
        ShouldFail(tensors, metadata, expected);
    }

    [Fact]
    public void Load_DamagedTensors_NamesFileAndTensor()
    {
        void Check(string name, SafetensorsTensor? tensor, string expected)
        {
            var (tensors, metadata) = Parts();
            tensors.Remove(name);
            if (tensor is not null)
                tensors[name] = tensor;
            ShouldFail(tensors, metadata, expected);
        }
        Check("transform", null, "there is no tensor transform");
        Check("class_prototypes", null, "there is no tensor class_prototypes");
        Check("transform", SafetensorsTensor.From(new float[9], 9), "the tensor transform is F32 of shape 9; expected F32 of two dimensions");
        Check("transform", new SafetensorsTensor("F16", [3, 3], new byte[18]), "the tensor transform is F16");
        Check("transform", SafetensorsTensor.From(new float[16], 4, 4), "transform is 4 × 4 but classPrototypes is 2 × 3");
        Check("class_prototypes", SafetensorsTensor.From([1, 0, float.NaN, 0, 1, 0], 2, 3), "the tensor class_prototypes holds a NaN or an infinity");
        Check("new_class_transform", SafetensorsTensor.From(new float[15], 5, 3), "the transform for new classes is 5 × 3 but transform is 3 × 3");
    }

    [Fact]
    public void Load_FileOfAnOlderLibrary_TakesItsMovingAverageForNewClasses()
    {
        var (tensors, metadata) = Parts();
        tensors["moving_average"] = SafetensorsTensor.From(new float[] { 1, 2, 3, 4, 5, 6, 7, 8, 9 }, 3, 3);
        tensors.Remove("new_class_transform");
        metadata.Remove("new_class_temperature");
        SafetensorsFile.Write(_folder["old"], tensors, metadata);
        var loaded = LfaClassifier.Load(_folder["old"]);
        loaded.NewClasses!.Transform.Matrix.Values.ToArray().ShouldBe([1, 2, 3, 4, 5, 6, 7, 8, 9]);
        loaded.NewClasses.Temperature.ShouldBe(loaded.Temperature);
        tensors.Remove("moving_average");
        SafetensorsFile.Write(_folder["older"], tensors, metadata);
        LfaClassifier.Load(_folder["older"]).NewClasses.ShouldBeNull();
    }

    [Theory]
    [InlineData("x", "the metadata entry new_class_temperature is not a number")]
    [InlineData("-1", "must be above 0")]
    public void Load_BadTemperatureForNewClasses_SaysSo(string text, string expected)
    {
        var (tensors, metadata) = Parts();
        metadata["new_class_temperature"] = text;
        ShouldFail(tensors, metadata, expected);
    }

    [Fact]
    public void Load_NotAFileOfThisKind_SaysSo()
    {
        Should.Throw<FileNotFoundException>(() => LfaClassifier.Load(_folder["none"]));
        Should.Throw<LfaDataException>(() => LfaClassifier.Load(_folder.Write("x", "hello, world"u8.ToArray()))).Message.ShouldStartWith(_folder["x"]);
    }

    [Fact]
    public void Load_AnyByteDamaged_ThrowsOrGivesAClassifier()
    {
        Fit().Save(_folder["m"]);
        var good = File.ReadAllBytes(_folder["m"]);
        var header = 8 + BitConverter.ToInt32(good);
        for (var i = 0; i < header; i++)
        {
            var bad = (byte[])good.Clone();
            bad[i] ^= (byte)(1 << (i % 8));
            try
            {
                LfaClassifier.Load(_folder.Write("x", bad)).ClassNames.Count.ShouldBe(6);
            }
            catch (LfaDataException e)
            {
                e.Message.ShouldStartWith(_folder["x"], customMessage: Encoding.UTF8.GetString(bad, 0, header));
            }
        }
    }

    private static LfaClassifier Fit()
    {
        var task = MadeUp.Task(6, 17, shots: 4, seed: 1);
        var recipe = new FitRecipe { Options = new LfaOptions(), Samples = 24, Blend = new BlendWeights(0.1 + 0.2, 1.0 / 3, 0.25, 0) };
        return new LfaClassifier(Transform.Identity(17), task.ClassPrototypes, OddNames, statistics: ClassStatistics.Of(task), recipe: recipe);
    }

    private static LfaClassifier Make(FeatureSet task, FitRecipe recipe, ClassifierProvenance provenance) =>
        new(Transform.Identity(task.Dimension), task.ClassPrototypes, OddNames, provenance: provenance, recipe: recipe);

    private static LfaClassifier Make(FeatureSet task) => new(
        new Transform(MadeUp.Features(task.Dimension, task.Dimension, seed: 2)), task.ClassPrototypes, OddNames, 1.0 / 3,
        new NewClassScoring(new Transform(MadeUp.Features(task.Dimension, task.Dimension, seed: 3)), 1.0 / 7),
        new ClassifierProvenance { Method = "lfa", Beta = 0.1 + 0.2, Iterations = 7, Seed = -3, Encoder = "ViT \"B\"\n", Options = "{ T = 7 }", LibraryVersion = "0" });

    private (Dictionary<string, SafetensorsTensor> Tensors, Dictionary<string, string> Metadata) Parts()
    {
        new LfaClassifier(Transform.Identity(3), MadeUp.Features(2, 3, seed: 1).NormalizeRows(), ["a", "b"], newClasses: new(Transform.Identity(3), 0.02),
            provenance: new ClassifierProvenance { Beta = 0.5, Iterations = 1, Seed = 1 }).Save(_folder["good"]);
        var file = SafetensorsFile.Read(_folder["good"]);
        return (new(file.Tensors), new(file.Metadata));
    }

    private void ShouldFail(Dictionary<string, SafetensorsTensor> tensors, Dictionary<string, string> metadata, string expected)
    {
        SafetensorsFile.Write(_folder["bad"], tensors, metadata);
        var message = Should.Throw<LfaDataException>(() => LfaClassifier.Load(_folder["bad"])).Message;
        message.ShouldStartWith(_folder["bad"] + ": ");
        message.ShouldContain(expected);
        message.Any(char.IsControl).ShouldBeFalse(message);
    }
}
