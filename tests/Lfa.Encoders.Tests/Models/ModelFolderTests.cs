using Lfa.Encoders.Models;

namespace Lfa.Encoders.Tests.Models;

public sealed class ModelFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("onnx")]
    [InlineData("")]
    public void Open_NestedOrFlat_FindsBothGraphs(string graphs)
    {
        var model = ModelFolder.Open(TinyModel.Write(_folder["model"], graphs));
        Path.GetFileName(model.VisionGraph).ShouldBe("vision_model.onnx");
        Path.GetFileName(model.TextGraph).ShouldBe("text_model.onnx");
        model.Name.ShouldBe(_folder["model"]);
    }

    [Fact]
    public void Open_Variant_TakesItsGraphs()
    {
        TinyModel.Write(_folder["model"], suffix: "_quantized");
        ModelFolder.Open(_folder["model"], "quantized").VisionGraph.ShouldEndWith("vision_model_quantized.onnx");
    }

    [Fact]
    public void Open_Fp32_IsNoVariant() =>
        ModelFolder.Open(TinyModel.Write(_folder["model"]), "fp32").VisionGraph.ShouldEndWith("vision_model.onnx");

    [Fact]
    public void Open_AbsentVariant_ListsThoseThere()
    {
        TinyModel.Write(_folder["model"], suffix: "_fp16");
        TinyModel.Write(_folder["model"], suffix: "_quantized");
        var message = Should.Throw<LfaDataException>(() => ModelFolder.Open(_folder["model"])).Message;
        message.ShouldContain("no variant fp32");
        message.ShouldContain("fp16, quantized");
    }

    [Fact]
    public void Open_NoGraph_SaysWhatToDo()
    {
        Directory.CreateDirectory(_folder["model"]);
        Should.Throw<LfaDataException>(() => ModelFolder.Open(_folder["model"])).Message.ShouldContain("vision_model.onnx");
        Should.Throw<DirectoryNotFoundException>(() => ModelFolder.Open(_folder["none"])).Message.ShouldContain("ModelCatalog.All");
    }

    [Fact]
    public void Open_GraphOfBothTowers_ServesBoth()
    {
        var model = ModelFolder.Open(TinyModel.WriteCombined(_folder["model"]));
        model.TextGraph.ShouldBe(model.VisionGraph);
    }

    [Fact]
    public void LogitScale_IsTheTrainedOneOrNone()
    {
        TinyModel.Write(_folder["model"]);
        ModelFolder.Open(_folder["model"]).LogitScale.ShouldBeNull();
        TinyModel.WriteConfiguration(_folder["model"], logitScale: 50);
        ModelFolder.Open(_folder["model"]).LogitScale!.Value.ShouldBe(50, 1e-9);
    }

    [Fact]
    public void Open_DamagedConfiguration_NamesTheFile()
    {
        TinyModel.Write(_folder["model"]);
        File.WriteAllText(Path.Combine(_folder["model"], "config.json"), "{");
        Should.Throw<LfaDataException>(() => ModelFolder.Open(_folder["model"])).Message.ShouldContain("config.json");
    }

    [Fact]
    public void Fingerprint_OtherWeightsOrPreprocessing_Differs()
    {
        var model = ModelFolder.Open(TinyModel.Write(_folder["model"]));
        var before = Fingerprint();
        ModelFolder.Open(TinyModel.Write(_folder["same"])).VisionFingerprint.ShouldBe(before);

        var preprocessing = Path.Combine(_folder["model"], "preprocessor_config.json");
        File.WriteAllText(preprocessing, File.ReadAllText(preprocessing).Replace("0.4", "0.45", StringComparison.Ordinal));
        var after = Fingerprint();
        after.ShouldNotBe(before);

        File.WriteAllText(model.VisionGraph + ".data", "weights");
        var withWeights = Fingerprint();
        withWeights.ShouldNotBe(after);
        File.WriteAllText(model.VisionGraph + ".data", "others.");
        Fingerprint().ShouldNotBe(withWeights);
        File.Delete(model.VisionGraph + ".data");

        File.AppendAllText(model.VisionGraph, "x");
        Fingerprint().ShouldNotBe(after);

        string Fingerprint() => ModelFolder.Open(_folder["model"]).VisionFingerprint;
    }

    [Fact]
    public void VisionFingerprint_FilesOfOthers_DoNotCount()
    {
        var before = ModelFolder.Open(TinyModel.Write(_folder["model"])).VisionFingerprint;
        File.WriteAllText(Path.Combine(_folder["model"], "quantize_config.json"), "{}");
        File.WriteAllText(Path.Combine(_folder["model"], "tokenizer_config.json"), "{}");
        ModelFolder.Open(_folder["model"]).VisionFingerprint.ShouldBe(before);
    }
}
