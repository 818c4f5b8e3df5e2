using Lfa.Encoders.Hub;

namespace Lfa.Encoders.Tests.Hub;

public sealed class ModelCatalogTests
{
    [Fact]
    public void All_NamesAndRepositories_AreDistinctAndPossible()
    {
        ModelCatalog.All.SelectMany(model => new[] { model.Name, model.Repository }).ShouldBeUnique();
        foreach (var model in ModelCatalog.All)
            (RepositoryName.IsValid(model.Name), RepositoryName.IsValid(model.Repository)).ShouldBe((true, true), model.Name);
    }

    [Theory]
    [InlineData("openai/clip-vit-base-patch32")]
    [InlineData("Xenova/clip-vit-base-patch32")]
    [InlineData("OpenAI/CLIP-ViT-base-patch32")]
    public void Find_NameOrRepository_IsTheModel(string name) => ModelCatalog.Find(name)!.Repository.ShouldBe("Xenova/clip-vit-base-patch32");

    [Fact]
    public void Find_Unknown_IsNull() => ModelCatalog.Find("openai/clip").ShouldBeNull();

    [Fact]
    public void Document_HasTheTable()
    {
        Assert.SkipWhen(Repository.Root is null, "The tests run outside of a working copy.");
        var document = Repository.Read("docs/reference/models.md");
        foreach (var model in ModelCatalog.All)
            document.ShouldContain(Invariant($"| `{model.Name}` | `{model.Repository}` | {model.Dimension} | {model.ImageSize} | {model.Megabytes} | {model.GoodFor} |"));
    }
}
