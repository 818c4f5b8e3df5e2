using Lfa.Encoders.Sources;

namespace Lfa.Encoders.Tests.Sources;

public sealed class ModelReferenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("openai/clip-vit-base-patch32", "openai/clip-vit-base-patch32", null)]
    [InlineData("openai/clip-vit-base-patch32:quantized", "openai/clip-vit-base-patch32", "quantized")]
    [InlineData("C:\\models", "C:\\models", null)]
    [InlineData("C:\\models:fp16", "C:\\models", "fp16")]
    [InlineData("a:b/c", "a:b/c", null)]
    public void Parse_Word_GivesNameAndVariant(string text, string name, string? variant)
    {
        ModelReference.Parse(text).ShouldBe(new ModelReference(name, variant));
        ModelReference.Parse(text).ToString().ShouldBe(text);
    }

    [Fact]
    public async Task OpenAsync_FolderByName_GoesAhead()
    {
        TinyModel.Write(_folder["model"]);
        TinyModel.Write(_folder["model"], suffix: "_fp16");
        using var models = new ModelLocator(folders: new Dictionary<string, string> { ["tiny"] = _folder["model"] });
        var folder = await models.OpenAsync(ModelReference.Parse("tiny:fp16"), cancellationToken: Cancellation);
        (folder.Name, folder.Path, Path.GetFileName(folder.VisionGraph)).ShouldBe(("tiny:fp16", _folder["model"], "vision_model_fp16.onnx"));
    }

    [Fact]
    public async Task OpenAsync_FolderOnTheDisk_IsNamedByItsFullPath()
    {
        TinyModel.Write(_folder["model"]);
        using var models = new ModelLocator();
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), _folder["model"]);
        (await models.OpenAsync(new ModelReference(relative), cancellationToken: Cancellation)).Name.ShouldBe(_folder["model"]);
    }

    [Fact]
    public async Task OpenAsync_NothingOfTheName_SaysWhatThereIs()
    {
        File.WriteAllText(_folder["config.json"], "{}");
        using var models = new ModelLocator(folders: new Dictionary<string, string> { ["tiny"] = _folder["model"] });
        (await Should.ThrowAsync<LfaDataException>(() => models.OpenAsync(new ModelReference(_folder["config.json"]), cancellationToken: Cancellation))).Message
            .ShouldBe($"{_folder["config.json"]}: this is a file; give the folder of the model.");
        (await Should.ThrowAsync<LfaDataException>(() => models.OpenAsync(new ModelReference("tinny"), cancellationToken: Cancellation))).Message
            .ShouldBe("tinny: there is no such folder, and models of hubs are named owner/name; ModelCatalog.All lists some, and tiny can be had by name.");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
