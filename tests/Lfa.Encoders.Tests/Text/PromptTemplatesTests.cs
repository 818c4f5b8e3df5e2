using Lfa.Encoders.Text;

namespace Lfa.Encoders.Tests.Text;

public class PromptTemplatesTests
{
    [Fact]
    public void For_ImageNet_IsTheEnsembleOfEight()
    {
        var sentences = PromptTemplates.ForDataset("imagenet").Fill("tench");
        sentences.Count.ShouldBe(8);
        sentences[0].ShouldBe("itap of a tench.");
        sentences.ShouldContain("a photo of a tench.");
    }

    [Fact]
    public void For_EachDataSet_HasTemplates()
    {
        PromptTemplates.Datasets.Count.ShouldBe(11);
        foreach (var name in PromptTemplates.Datasets)
            PromptTemplates.ForDataset(name).Fill("x").ShouldAllBe(sentence => sentence.Contains('x') && !sentence.Contains("{}"));
    }

    [Fact]
    public void For_UnknownDataSet_ListsThoseThereAre() =>
        Should.Throw<LfaDataException>(() => PromptTemplates.ForDataset("CIFAR")).Message.ShouldContain("there are for Caltech101, ");

    [Theory]
    [InlineData("a photo.", "\"a photo.\", has 0 places")]
    [InlineData("{} or {}", "\"{} or {}\", has 2 places")]
    public void Constructor_NotOnePlace_NamesTheTemplate(string template, string problem) =>
        Should.Throw<LfaDataException>(() => new PromptTemplates(["a {}.", template])).Message.ShouldContain("template 2, " + problem);

    [Fact]
    public void Constructor_NoTemplate_Fails() => Should.Throw<LfaDataException>(() => new PromptTemplates([])).Message.ShouldContain("There is no template");

    [Fact]
    public void Fill_NameWithBraces_KeepsThem() => PromptTemplates.Default.Fill("{}").ShouldBe(["a photo of a {}."]);

    [Fact]
    public void Equals_SameTemplates_IsTrue() => new PromptTemplates(["a {}."]).ShouldBe(new PromptTemplates(["a {}."]));
}
