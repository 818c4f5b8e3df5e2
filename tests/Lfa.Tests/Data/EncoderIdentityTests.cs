using System.Text.RegularExpressions;
using Lfa.Alignment;
using Lfa.Data;
using Lfa.Tests.Support;
using Lfa.Validation;

namespace Lfa.Tests.Data;

public partial class EncoderIdentityTests
{
    private static readonly EncoderIdentity Images = new("vision") { Space = "a", Dimension = 6 };
    private static readonly EncoderIdentity Texts = new("words") { Space = "b", Dimension = 6 };

    private static readonly Dictionary<string, Func<FeatureSet, FeatureSet>> Derivations = new()
    {
        ["SelectRows"] = set => set.SelectRows([0, 2]),
        ["WithUnlabeled"] = set => set.WithUnlabeled(set.ImageFeatures),
        ["ClassSplit base"] = set => ClassSplit.BaseAndNew(set).Base,
        ["ClassSplit new"] = set => ClassSplit.BaseAndNew(set).New,
        ["FewShot.Sample"] = set => FewShot.Sample(set, 1),
        ["FewShot.Split"] = set => FewShot.Split(set, 1).Test,
        ["FoldTask of images"] = set => new FoldTask(set, HalfOf(set), holdsOutClasses: false, mostHeld: 4, seed: 1).Training,
        ["FoldTask of classes"] = set => new FoldTask(set, HalfOf(set), holdsOutClasses: true, mostHeld: 4, seed: 1).Held,
        ["FoldTask center crop"] = set => FoldTask.CenterCrop(set, [1, 2]),
    };

    public static TheoryData<string> DerivationKeys => [.. Derivations.Keys];

    [Theory]
    [MemberData(nameof(DerivationKeys))]
    public void FeatureSet_MadeFromAnother_KeepsItsEncoders(string derivation)
    {
        var derived = Derivations[derivation](Task());
        derived.ImageEncoder.ShouldBeSameAs(Images);
        derived.TextEncoder.ShouldBeSameAs(Texts);
        derived.SharesSpace.ShouldBeFalse();
    }

    [Fact]
    public void FeatureSet_MappedIntoACommonSpace_IsOfNoEncoder()
    {
        var map = new Transform(MadeUp.Features(6, 4, seed: 3));
        var mapped = new SideMaps(map, map).Apply(Task());
        (mapped.ImageEncoder, mapped.TextEncoder, mapped.SharesSpace).ShouldBe((null, null, true));
    }

    [Fact]
    public void WithClassPrototypes_OtherTexts_AreOfTheirEncoder()
    {
        var other = new EncoderIdentity("other words") { Space = "a", Dimension = 5 };
        var set = Task().WithClassPrototypes(MadeUp.Features(4, 5, seed: 9), other);
        (set.ImageEncoder, set.TextEncoder, set.SharesSpace).ShouldBe((Images, other, false));
        Task().WithClassPrototypes(MadeUp.Features(4, 6, seed: 9)).TextEncoder.ShouldBeNull();
    }

    [Theory]
    [InlineData("a", "a", 6, true)]
    [InlineData("a", "b", 6, false)]
    [InlineData("a", null, 6, true)]
    [InlineData(null, "b", 6, true)]
    [InlineData(null, null, 6, true)]
    [InlineData("a", "a", 5, false)]
    public void SharesSpace_BySpacesAndWidths_IsAsExpected(string? images, string? texts, int textColumns, bool expected)
    {
        var set = new FeatureSet(MadeUp.Features(3, 6, seed: 1), MadeUp.Features(2, textColumns, seed: 2), new[] { 0, 1, 0 })
        {
            ImageEncoder = new EncoderIdentity("one") { Space = images },
            TextEncoder = new EncoderIdentity("two") { Space = texts },
        };
        set.SharesSpace.ShouldBe(expected);
    }

    [Fact]
    public void ThrowIfTwoSpaces_EncodersOfOneWidth_AreNamed() =>
        Should.Throw<LfaDataException>(() => Task().ThrowIfTwoSpaces("zero-shot")).Message
            .ShouldBe("imageFeatures is 12 × 6 of vision but classPrototypes is 4 × 6 of words: two spaces, which zero-shot cannot compare; fit a projection between them, or give text features of the encoder of the images.");

    [Fact]
    public void Encoder_OfOtherDimension_IsRefused() =>
        Should.Throw<LfaDataException>(() => new FeatureSet(MadeUp.Features(3, 5, seed: 1), MadeUp.Features(2, 5, seed: 2), new[] { 0, 1, 0 }) { ImageEncoder = Images })
            .Message.ShouldBe("imageFeatures has 5 columns but the embeddings of vision have 6 components; these are not its features. Embed again, or leave its identity out.");

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1e-320)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Temperature_OutOfRange_IsRefused(double temperature) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new EncoderIdentity { Temperature = temperature }).ParamName.ShouldBe("Temperature");

    /// <summary>A set made with the constructor has forgotten the encoders of the one it comes from.</summary>
    [Fact]
    public void Source_ConstructorOfFeatureSet_IsCalledWhereFeaturesBeginOnly()
    {
        Repository.Root.ShouldNotBeNull();
        var callers = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => ConstructorCall().IsMatch(File.ReadAllText(file))).Select(Path.GetFileName).Order(StringComparer.Ordinal);
        callers.ShouldBe(["EncodedDataset.cs", "FeatureFile.cs", "FeatureSet.cs", "MadeUpProblem.cs"]);
    }

    [GeneratedRegex(@"new FeatureSet\(|\bFeatureSet \w+\([^)]*\) =>\s*new\(")]
    private static partial Regex ConstructorCall();

    private static Fold HalfOf(FeatureSet set) => new([.. Enumerable.Range(0, set.SampleCount / 2)], [.. Enumerable.Range(set.SampleCount / 2, set.SampleCount / 2)]);

    private static FeatureSet Task()
    {
        var task = MadeUp.Task(4, 6, shots: 3, seed: 5);
        return new FeatureSet(task.ImageFeatures, task.ClassPrototypes, task.Labels) { ImageEncoder = Images, TextEncoder = Texts };
    }
}
