using System.Text;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.IO;
using Lfa.Methods;
using Lfa.Model;
using Lfa.Refinement;
using Lfa.Tests.Support;
using Lfa.Transport;

namespace Lfa.Tests.Model;

public sealed class ModelFileTests : IDisposable
{
    private static readonly string[] OddNames = ["a \"quoted\" cat", "line\nbreak\ttab", "犬 dög 🐕", "", "back\\slash </script>", "\u0000\u001f"];

    private static readonly EncoderIdentity Encoder = new("E") { Fingerprint = "F", Space = "S", Dimension = 5, Temperature = 0.1 / 3 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_AfterSave_PredictsTheSameBits()
    {
        var test = MadeUp.Task(6, 17, shots: 5, seed: 1);
        var saved = Make(test);
        saved.Save(_folder["m"]);
        var loaded = LfaModel.Load(_folder["m"]);
        var (scorer, expected) = (loaded.Aligned!, saved.Aligned!);
        scorer.Transform.Matrix.Values.ToArray().ShouldBe(expected.Transform.Matrix.Values.ToArray());
        scorer.NewClasses!.Transform.Matrix.Values.ToArray().ShouldBe(expected.NewClasses!.Transform.Matrix.Values.ToArray());
        scorer.NewClasses.Temperature.ShouldBe(expected.NewClasses.Temperature);
        loaded.ClassNames.ShouldBe(OddNames);
        loaded.Temperature.ShouldBe(saved.Temperature);
        ShouldBeAlike(loaded.Record, saved.Record);
        loaded.Predict(test.ImageFeatures, 6).SelectMany(prediction => prediction.Top).ShouldBe(saved.Predict(test.ImageFeatures, 6).SelectMany(prediction => prediction.Top));
        loaded.Probabilities(test.ImageFeatures).Values.ToArray().ShouldBe(saved.Probabilities(test.ImageFeatures).Values.ToArray());
    }

    [Fact]
    public void Load_NothingButTheNecessary_HasNoMore()
    {
        var prototypes = MadeUp.Features(2, 3, seed: 1).NormalizeRows();
        AlignedModel.Of(Transform.Identity(3), prototypes, ["a", "b"]).Save(_folder["m"]);
        var loaded = LfaModel.Load(_folder["m"]);
        loaded.Aligned!.NewClasses.ShouldBeNull();
        ShouldBeAlike(loaded.Record, new FitRecord());
        loaded.Temperature.ShouldBe(Scorer.DefaultTemperature);
    }

    [Fact]
    public void Save_SameModel_GivesTheSameBytes()
    {
        var test = MadeUp.Task(6, 17, shots: 5, seed: 1);
        Make(test).Save(_folder["1"]);
        Make(test).Save(_folder["2"]);
        LfaModel.Load(_folder["1"]).Save(_folder["3"]);
        File.ReadAllBytes(_folder["2"]).ShouldBe(File.ReadAllBytes(_folder["1"]));
        File.ReadAllBytes(_folder["3"]).ShouldBe(File.ReadAllBytes(_folder["1"]));
    }

    [Fact]
    public void Load_AfterSave_HasTheSameSumsAndRecord()
    {
        var fitted = Fit();
        fitted.Save(_folder["m"]);
        var loaded = LfaModel.Load(_folder["m"]);
        loaded.Statistics!.Counts.ToArray().ShouldBe(fitted.Statistics!.Counts.ToArray());
        loaded.Statistics.Sums.ToArray().ShouldBe(fitted.Statistics.Sums.ToArray());
        loaded.Statistics.SecondMoments.ToArray().ShouldBe(fitted.Statistics.SecondMoments.ToArray());
        ShouldBeAlike(loaded.Record, fitted.Record);
        loaded.Save(_folder["again"]);
        File.ReadAllBytes(_folder["again"]).ShouldBe(File.ReadAllBytes(_folder["m"]));
    }

    [Fact]
    public void Save_WithoutStatistics_IsSmallerAndClassifiesAlike()
    {
        var fitted = Fit();
        fitted.Save(_folder["m"]);
        fitted.WithoutStatistics().Save(_folder["small"]);
        var loaded = LfaModel.Load(_folder["small"]);
        loaded.Statistics.ShouldBeNull();
        loaded.Record.Options.ShouldNotBeNull();
        loaded.Aligned!.Transform.Matrix.Values.ToArray().ShouldBe(fitted.Aligned!.Transform.Matrix.Values.ToArray());
        (new FileInfo(_folder["m"]).Length - new FileInfo(_folder["small"]).Length).ShouldBeGreaterThan(8 * ((6 * 17) + (17 * 18 / 2)));
    }

    public static TheoryData<IAlignmentLoss> Losses { get; } = [new AdaptiveReranking(5, 2.5), new ContrastiveLoss(1.0 / 3, usesUnitRows: true), new TripletLoss(0.3), new CslsLoss(4)];

    [Theory]
    [MemberData(nameof(Losses))]
    public void Load_AfterSave_HasEveryOption(IAlignmentLoss loss)
    {
        var options = new LfaMethod
        {
            Beta = 0.1 + 0.2,
            CrossValidation = new() { Candidates = 7, Splits = 2, ValidationFraction = 0.3, Stratified = true },
            Projection = new PrincipalComponents { Components = 4 },
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
        foreach (var some in new[] { options, new LfaMethod() })
        {
            var loaded = Reload(some);
            (loaded.Samples, loaded.Blend.Count, loaded.Seed).ShouldBe((3, 0, -7));
            loaded.ImageEncoder.ShouldBe(Encoder);
            loaded.TextEncoder.ShouldBe(Encoder with { Name = "T" });
            var method = loaded.Options.ShouldBeOfType<LfaMethod>();
            // Losses are compared by what they say of themselves.
            method.Refinement.Loss.ToString().ShouldBe(some.Refinement.Loss.ToString());
            (method with { Refinement = some.Refinement }).ShouldBe(some);
            (method.Refinement with { Loss = some.Refinement.Loss }).ShouldBe(some.Refinement);
        }
    }

    public static TheoryData<IMethod> MethodsWithOptions { get; } =
    [
        new LeastSquaresMethod { Ridge = 1.0 / 3, Projection = new MeanDirections() },
        new ProcrustesMethod { Projection = new GaussianProjection() },
        new BetaProcrustesMethod { Beta = 0.1 + 0.2, CrossValidation = new() { Splits = 5 }, Projection = new CanonicalCorrelation { Components = 3 } },
        new AutoMethod { Projection = new CanonicalCorrelation { Components = 2 } },
        new UnsupervisedLfaMethod { Lfa = new() { Beta = 0.25 }, Rounds = 3, Transport = new() { Epsilon = 0.1 / 3, Tolerance = 0.01, Confidence = 0.5, ClassPrior = ClassPrior.FromWeights([1, 2, 3, 1, 1, 1]) } },
        new UnsupervisedAutoMethod { Transport = new() { ClassPrior = ClassPrior.Uniform } },
    ];

    [Theory]
    [MemberData(nameof(MethodsWithOptions))]
    public void Load_AfterSave_HasTheOptionsOfTheMethod(IMethod method)
    {
        var loaded = Reload(method).Options.ShouldNotBeNull();
        loaded.GetType().ShouldBe(method.GetType());
        MethodRegistry.DescribeOptions(loaded).ShouldBe(MethodRegistry.DescribeOptions(method));
        MethodRegistry.DescribeOptions(method).ShouldNotBe(MethodRegistry.DescribeOptions(MethodRegistry.Methods.Get(method.Name)));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[")]
    [InlineData("{\"samples\":1}")]
    [InlineData("{\"samples\":\"1\"}")]
    [InlineData("7")]
    public void Load_DamagedRecord_NamesIt(string record)
    {
        var (tensors, metadata) = Parts();
        metadata["fit"] = record;
        ShouldFail(tensors, metadata, "the metadata entry fit is not the options of a fit");
    }

    [Theory]
    [InlineData("\"samples\":24", "\"samples\":-1")]
    [InlineData("\"unlabeled_samples\":0", "\"unlabeled_samples\":-1")]
    [InlineData("\"iterations\":100", "\"iterations\":-1")]
    [InlineData("\"neighbors\":3", "\"neighbors\":2.5")]
    [InlineData("\"neighbors\":3", "\"friends\":3")]
    [InlineData("\"candidates\":25", "\"candidates\":1")]
    [InlineData("\"weight\":0.25", "\"weight\":1e999")]
    [InlineData("\"origin\":\"HeldOut\"", "\"origin\":\"Magic\"")]
    public void Load_DamagedOption_NamesTheRecord(string from, string to)
    {
        Fit().Save(_folder["good"]);
        var file = SafetensorsFile.Read(_folder["good"]);
        file.Metadata["fit"].ShouldContain(from);
        ShouldFail(new(file.Tensors), new(file.Metadata) { ["fit"] = file.Metadata["fit"].Replace(from, to, StringComparison.Ordinal) }, "the metadata entry fit is not the options of a fit");
    }

    [Fact]
    public void Load_MethodThatIsNotRegistered_ClassifiesAndCannotBeRepeated()
    {
        var fitted = Fit();
        fitted.Save(_folder["good"]);
        var file = SafetensorsFile.Read(_folder["good"]);
        SafetensorsFile.Write(_folder["m"], file.Tensors, new Dictionary<string, string>(file.Metadata) { ["method"] = "magic" });
        var loaded = LfaModel.Load(_folder["m"]);
        (loaded.Record.Method, loaded.Record.Options, loaded.Record.Samples).ShouldBe(("magic", null, 24));
        loaded.Temperature.ShouldBe(fitted.Temperature);
        Should.Throw<LfaDataException>(() => ModelUpdater.Update(loaded, MadeUp.Task(6, 17, shots: 1, seed: 2))).Message.ShouldContain("does not tell how it was fitted");
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
    [InlineData("format_version", "4", "format version 4")]
    [InlineData("format_version", null, "format version unknown")]
    [InlineData("scorer", null, "the scorer is of the kind unknown")]
    [InlineData("scorer", "magic", "the scorer is of the kind magic, which this library does not know")]
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
    [InlineData("image_encoder", "[", "image_encoder is not the identity of an encoder")]
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
        Should.Throw<FileNotFoundException>(() => LfaModel.Load(_folder["none"]));
        Should.Throw<LfaDataException>(() => LfaModel.Load(_folder.Write("x", "hello, world"u8.ToArray()))).Message.ShouldStartWith(_folder["x"]);
    }

    [Fact]
    public void Load_AnyByteDamaged_ThrowsOrGivesAModel()
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
                LfaModel.Load(_folder.Write("x", bad)).ClassNames.Count.ShouldBe(6);
            }
            catch (LfaDataException e)
            {
                e.Message.ShouldStartWith(_folder["x"], customMessage: Encoding.UTF8.GetString(bad, 0, header));
            }
        }
    }

    private static LfaModel Fit()
    {
        var task = MadeUp.Task(6, 17, shots: 4, seed: 1);
        var record = new FitRecord
        {
            Method = "lfa",
            Options = new LfaMethod(),
            Seed = 1,
            Samples = 24,
            Chosen = [new ChosenValue("beta", 0.7, ValueOrigin.HeldOut)],
            Blend = [new("a", 0.1 + 0.2), new("b", 1.0 / 3), new("c", 0.25), new("d", 0)],
        };
        return AlignedModel.Of(Transform.Identity(17), task.ClassPrototypes, OddNames, statistics: ClassStatistics.FromTask(task), record: record);
    }

    private static LfaModel Make(FeatureSet task) => AlignedModel.Of(
        new Transform(MadeUp.Features(task.Dimension, task.Dimension, seed: 2)), task.ClassPrototypes, OddNames, 1.0 / 3,
        new NewClassScoring(new Transform(MadeUp.Features(task.Dimension, task.Dimension, seed: 3)), 1.0 / 7),
        record: new FitRecord { Method = "lfa", Chosen = [new("beta", 0.1 + 0.2, ValueOrigin.Given)], Iterations = 7, Seed = -3, Variant = "{ T = 7 }", ImageEncoder = new("ViT \"B\"\n"), LibraryVersion = "0" });

    /// <summary>Compares records; lists by what is in them.</summary>
    private static void ShouldBeAlike(FitRecord actual, FitRecord expected)
    {
        actual.Chosen.ShouldBe(expected.Chosen);
        actual.Blend.ShouldBe(expected.Blend);
        if (actual.Options is not null && expected.Options is not null)
            MethodRegistry.DescribeOptions(actual.Options).ShouldBe(MethodRegistry.DescribeOptions(expected.Options));
        (actual.Options is null).ShouldBe(expected.Options is null);
        (actual with { Chosen = [], Blend = [], Options = null }).ShouldBe(expected with { Chosen = [], Blend = [], Options = null });
    }

    private FitRecord Reload(IMethod method)
    {
        var task = MadeUp.Task(6, 5, shots: 1, seed: 1);
        AlignedModel.Of(Transform.Identity(5), task.ClassPrototypes, OddNames, record: new FitRecord { Method = method.Name, Options = method, Seed = -7, Samples = 3, ImageEncoder = Encoder, TextEncoder = Encoder with { Name = "T" } }).Save(_folder["m"]);
        return LfaModel.Load(_folder["m"]).Record;
    }

    private (Dictionary<string, SafetensorsTensor> Tensors, Dictionary<string, string> Metadata) Parts()
    {
        AlignedModel.Of(Transform.Identity(3), MadeUp.Features(2, 3, seed: 1).NormalizeRows(), ["a", "b"], newClasses: new(Transform.Identity(3), 0.02),
            record: new FitRecord { Iterations = 1, Seed = 1 }).Save(_folder["good"]);
        var file = SafetensorsFile.Read(_folder["good"]);
        return (new(file.Tensors), new(file.Metadata));
    }

    private void ShouldFail(Dictionary<string, SafetensorsTensor> tensors, Dictionary<string, string> metadata, string expected)
    {
        SafetensorsFile.Write(_folder["bad"], tensors, metadata);
        var message = Should.Throw<LfaDataException>(() => LfaModel.Load(_folder["bad"])).Message;
        message.ShouldStartWith(_folder["bad"] + ": ");
        message.ShouldContain(expected);
        message.Any(char.IsControl).ShouldBeFalse(message);
    }
}
