using System.Runtime.InteropServices;
using Lfa.Data;
using Lfa.IO;
using Lfa.Methods;
using Lfa.Model;

namespace Lfa.Tests.Model;

/// <summary>Model files of the format versions 1 and 2, beside the logits that their library gave for a test set.</summary>
public sealed class FormerFilesTests
{
    // Products in another order, in single precision, over a temperature.
    private const double Rounding = 1e-6;

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Model", "files");
    private static readonly Lazy<FeatureSet> Train = Read("train.npz"), Test = Read("test.npz"), TrainOfTwoSpaces = Read("train-two-spaces.npz"), TestOfTwoSpaces = Read("test-two-spaces.npz");

    public static TheoryData<string> Names { get; } = [.. Directory.GetFiles(Folder, "*.safetensors").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    /// <summary>Gets the files of fits to all training images, which the options that the file keeps repeat; the automatic choice has other experts since.</summary>
    public static TheoryData<string> Fitted { get; } =
    [
        "zero-shot", "least-squares", "procrustes", "beta-procrustes", "beta-procrustes-given", "lfa", "lfa-contrastive", "lfa-triplet", "lfa-csls",
        "auto-unsupervised", "lfa-unsupervised", "least-squares-two-spaces", "auto-bridge",
        "procrustes-bridge-procrustes", "procrustes-bridge-projection", "procrustes-bridge-pca", "procrustes-bridge-cca",
        "lfa-bridge-procrustes", "lfa-bridge-projection", "lfa-bridge-pca", "lfa-bridge-cca",
    ];

    [Fact]
    public void Files_OfEveryKind_AreThere() => Names.Count.ShouldBe(35);

    [Theory]
    [MemberData(nameof(Names))]
    public void Load_FormerFile_PredictsAsItsLibraryDid(string name)
    {
        var model = LfaModel.Load(PathOf(name));
        var images = TestOf(name).ImageFeatures;
        model.Logits(images).Values.ShouldBeCloseTo(Logits(name, ".logits"), Rounding);
        model.ForShiftedDomain().Logits(images).Values.ShouldBeCloseTo(Logits(name, ".new-class-logits"), Rounding);
        model.ClassNames.ShouldBe(name == "by-hand" ? model.ClassNames : TestOf(name).ClassNames.Where(model.ClassNames.Contains));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Save_FormerFile_ReloadsBitForBit(string name)
    {
        var model = LfaModel.Load(PathOf(name));
        using var stream = new MemoryStream();
        model.Save(stream);
        stream.Position = 0;
        var reloaded = LfaModel.Load(stream);
        var images = TestOf(name).ImageFeatures;
        reloaded.Logits(images).Values.ToArray().ShouldBe(model.Logits(images).Values.ToArray());
        reloaded.ForShiftedDomain().Logits(images).Values.ToArray().ShouldBe(model.ForShiftedDomain().Logits(images).Values.ToArray());
        reloaded.ClassNames.ShouldBe(model.ClassNames);
        reloaded.Record.Chosen.ShouldBe(model.Record.Chosen);
        reloaded.Record.Blend.ShouldBe(model.Record.Blend);
        using var again = new MemoryStream();
        reloaded.Save(again);
        again.ToArray().ShouldBe(stream.ToArray());
    }

    [Theory]
    [MemberData(nameof(Fitted))]
    public void Fit_OptionsOfAFormerFile_GiveTheModelOfThatFile(string name)
    {
        var record = LfaModel.Load(PathOf(name)).Record;
        var train = IsOfTwoSpaces(name) ? TrainOfTwoSpaces.Value : Train.Value;
        var method = record.Options.ShouldNotBeNull();
        record.Method.ShouldBe(method.Name);
        record.Samples.ShouldBe(train.SampleCount);
        var task = record.UnlabeledSamples > 0 ? new FitTask(unlabeled: train) : train;
        var model = LfaModel.Fit(task, method, new FitContext { Seed = record.Seed.ShouldNotBeNull() });
        model.Logits(TestOf(name).ImageFeatures).Values.ShouldBeCloseTo(Logits(name, ".logits"), Rounding);
    }

    private static string PathOf(string name) => Path.Combine(Folder, name + ".safetensors");

    private static float[] Logits(string name, string ending) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(Folder, name + ending))).ToArray();

    private static FeatureSet TestOf(string name) => IsOfTwoSpaces(name) ? TestOfTwoSpaces.Value : Test.Value;

    private static bool IsOfTwoSpaces(string name) => name.Contains("bridge", StringComparison.Ordinal) || name.EndsWith("two-spaces", StringComparison.Ordinal);

    private static Lazy<FeatureSet> Read(string name) => new(() => FeatureFile.Read(Path.Combine(Folder, name)));
}
