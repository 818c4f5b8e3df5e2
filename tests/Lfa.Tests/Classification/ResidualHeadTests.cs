using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.IO;
using Lfa.Model;
using Lfa.Tests.Support;

namespace Lfa.Tests.Classification;

/// <summary>Classifiers with a residual head beside the transform.</summary>
public sealed class ResidualHeadTests : IDisposable
{
    private const double Temperature = 0.05;
    private static readonly FeatureSet Test = MadeUp.Task(9, 20, shots: 130, seed: 1, spread: 2); // 1170 rows: more than one block.
    private static readonly LinearHead Residual = new(MadeUp.Features(9, 30, seed: 3), MadeUp.Floats(9, seed: 4));
    private static readonly Matrix Images = MadeUp.Features(Test.SampleCount, 30, seed: 5);
    private static readonly AlignedScorer Scorer = new(new Transform(MadeUp.Features(30, 20, seed: 2)), Test.ClassPrototypes, Temperature, Residual);
    private static readonly LfaModel Model = new(Scorer, Test.ClassNames);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Logits_Residual_AreThoseOfTheExplicitHead()
    {
        var expected = Images.ToOracle().NormalizeRows(2) * ((Scorer.Transform.Matrix.ToOracle() * Test.ClassPrototypes.ToOracle().Transpose()) + Residual.Weights.ToOracle().Transpose());
        for (var i = 0; i < expected.RowCount; i++)
        {
            for (var c = 0; c < 9; c++)
                expected[i, c] = (expected[i, c] + Residual.Biases.Span[c]) / Temperature;
        }
        Model.Logits(Images).Values.ShouldBeCloseTo(Oracle.ToFeatures(expected).Values.Span, 2e-6); // Single precision.
    }

    [Fact]
    public void ToLinearHead_Residual_HasTheSameLogits()
    {
        var head = Model.ToLinearHead();
        head.Times(1 / Model.Temperature).Apply(Images.NormalizeRows(), threads: 1).Values.ShouldBeCloseTo(Model.Logits(Images).Values.Span, 1e-6); // Single precision.
    }

    [Fact]
    public void ToLinearHead_NoResidual_RanksAlike()
    {
        var model = AlignedModel.Of(Scorer.Transform, Test.ClassPrototypes, Test.ClassNames);
        var logits = model.ToLinearHead().Apply(Images, threads: 1);
        model.ToLinearHead().Biases.Length.ShouldBe(0);
        Enumerable.Range(0, Images.Rows).Select(row => Best(logits, row)).ShouldBe(model.Predict(Images).Select(prediction => prediction.Best.Class));
    }

    [Fact]
    public void Predict_Residual_AnyCutAndLength_RanksAlike()
    {
        var classes = Model.Predict(Images).Select(prediction => prediction.Best.Class).ToArray();
        var logits = Model.Logits(Images);
        classes.ShouldBe(Enumerable.Range(0, Images.Rows).Select(row => Best(logits, row)));
        var scaled = new Matrix(Array.ConvertAll(Images.Values.ToArray(), value => 1e-10f * value), Images.Rows, Images.Columns);
        Model.Predict(scaled).Select(prediction => prediction.Best.Class).ShouldBe(classes);
        Model.Predict([Images.Slice(0, 7), Images.Slice(7, Images.Rows - 7)], new PredictionOptions { MaxDegreeOfParallelism = 1 }).Select(prediction => prediction.Best).ShouldBe(Model.Predict(Images).Select(prediction => prediction.Best));
    }

    [Fact]
    public void Load_AfterSave_ClassifiesWithTheSameBits()
    {
        Model.Save(_folder["m"]);
        var loaded = LfaModel.Load(_folder["m"]);
        loaded.Logits(Images).Values.ToArray().ShouldBe(Model.Logits(Images).Values.ToArray());
        loaded.Aligned!.Residual!.Biases.ToArray().ShouldBe(Residual.Biases.ToArray());
        loaded.Save(_folder["again"]);
        File.ReadAllBytes(_folder["again"]).ShouldBe(File.ReadAllBytes(_folder["m"]));
        SafetensorsFile.Read(_folder["m"]).Metadata["format_version"].ShouldBe("3", "an older library would ignore the head and classify otherwise");
    }

    [Fact]
    public void Save_NoResidual_KeepsNoHead()
    {
        AlignedModel.Of(Scorer.Transform, Test.ClassPrototypes, Test.ClassNames).Save(_folder["m"]);
        var file = SafetensorsFile.Read(_folder["m"]);
        file.Metadata["format_version"].ShouldBe("3");
        file.Tensors.Keys.Order().ShouldBe(["class_prototypes", "transform"]);
        LfaModel.Load(_folder["m"]).Aligned!.Residual.ShouldBeNull();
    }

    [Fact]
    public void Save_NoBiases_LoadsWithout()
    {
        AlignedModel.Of(Scorer.Transform, Test.ClassPrototypes, Test.ClassNames, residual: new LinearHead(Residual.Weights)).Save(_folder["m"]);
        SafetensorsFile.Read(_folder["m"]).Tensors.Keys.ShouldNotContain("residual_biases");
        LfaModel.Load(_folder["m"]).Aligned!.Residual!.Biases.Length.ShouldBe(0);
    }

    [Fact]
    public void Load_DamagedResidual_NamesTheTensor()
    {
        void Check(string name, SafetensorsTensor tensor, string expected)
        {
            Model.Save(_folder["good"]);
            var file = SafetensorsFile.Read(_folder["good"]);
            SafetensorsFile.Write(_folder["bad"], new Dictionary<string, SafetensorsTensor>(file.Tensors) { [name] = tensor }, file.Metadata);
            Should.Throw<LfaDataException>(() => LfaModel.Load(_folder["bad"])).Message.ShouldContain(expected);
        }
        Check("residual_weights", SafetensorsTensor.From(new float[9 * 29], 9, 29), "residual is 9 × 29 but the classifier has 9 classes and takes 30 columns");
        Check("residual_weights", SafetensorsTensor.From([float.NaN], 1, 1), "the tensor residual_weights holds a NaN");
        Check("residual_biases", SafetensorsTensor.From(new float[9], 9, 1), "the tensor residual_biases is F32 of shape 9 × 1; expected F32 of one dimension");
        Check("residual_biases", SafetensorsTensor.From(new float[8], 8), "biases has 8 entries but weights has 9 rows");
        Check("residual_biases", SafetensorsTensor.From([0, 0, 0, 0, 0, 0, 0, 0, float.NaN], 9), "the tensor residual_biases holds a NaN");
    }

    [Fact]
    public void Constructor_ResidualOfAnotherShape_SaysSo()
    {
        var identity = Transform.Identity(20);
        Should.Throw<LfaDataException>(() => new AlignedScorer(identity, Test.ClassPrototypes, residual: Residual)).Message
            .ShouldBe("residual is 9 × 30 but the classifier has 9 classes and takes 20 columns; the weights must be classes × columns.");
        var infinite = new LinearHead(MadeUp.Features(9, 20, seed: 1), new[] { 0, 0, 0, 0, 0, 0, 0, 0, float.PositiveInfinity });
        Should.Throw<LfaDataException>(() => new AlignedScorer(identity, Test.ClassPrototypes, residual: infinite)).Message.ShouldContain("a bias that is a NaN or an infinity");
    }

    private static int Best(Matrix logits, int row) => System.Numerics.Tensors.TensorPrimitives.IndexOfMax(logits.Row(row));
}
