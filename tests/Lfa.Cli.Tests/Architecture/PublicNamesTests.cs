using System.Reflection;

namespace Lfa.Cli.Tests.Architecture;

/// <summary>The public identifiers of everything that is shipped.</summary>
public sealed class PublicNamesTests
{
    public static TheoryData<string> Shipped => Repository.Root is { } root
        ? new(Directory.GetFiles(Path.Combine(root, "src"), "*.csproj", SearchOption.AllDirectories).Select(path => Path.GetFileNameWithoutExtension(path)))
        : new("Lfa", "Lfa.Encoders", "Lfa.Protocols", "Lfa.Extensions.DependencyInjection", "Lfa.Cli");

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Identifiers_OfAnAssembly_AreTheFieldsWordsInAmericanSpelling(string assembly) => string.Join('\n', PublicNames.Faults(Assembly.Load(assembly))).ShouldBeEmpty();

    [Theory]
    [InlineData("PictureFile")]
    [InlineData("KnownModels")]
    [InlineData("FitMethodNames")]
    [InlineData("Labelled")]
    [InlineData("UnlabelledTask")]
    [InlineData("NearestNeighbours")]
    [InlineData("NeighbourGraph")]
    [InlineData("CentreCrop")]
    [InlineData("Normalise")]
    [InlineData("RegularisationOptions")]
    [InlineData("ColourSpace")]
    [InlineData("Behaviour")]
    [InlineData("Cancelled")]
    [InlineData("Analyse")]
    public void Rules_OtherWord_IsAFault(string type) => PublicNames.Rules(type, isType: true).ShouldHaveSingleItem();

    [Theory]
    [InlineData("ImageDataset")]
    [InlineData("NoiseShare")]
    [InlineData("UnsupervisedOptions")]
    [InlineData("FourCrops")]
    [InlineData("Pairwise")]
    [InlineData("CenterCrop")]
    [InlineData("Canceled")]
    [InlineData("Labeled")]
    [InlineData("Unknown")]
    [InlineData("Analysis")]
    public void Rules_TheFieldsWord_IsNone(string type) => PublicNames.Rules(type, isType: true).ShouldBeEmpty();

    [Fact]
    public void Rules_ClassNamesOfAModel_AreNoHelper() => PublicNames.Rules("ClassNames").ShouldBeEmpty();

    [Fact]
    public void Faults_PlantedType_NamesEachPlace() => PublicNames.Faults([typeof(KnownThings)]).Select(fault => fault.Split(": ")[0].Split('+')[1]).ShouldBe(
        ["KnownThings", "KnownThings.Colour", "KnownThings.Find(picture)"], ignoreOrder: true);

    public sealed class KnownThings
    {
        public int Colour { get; init; }

        public static int Find(int picture) => picture;
    }
}
