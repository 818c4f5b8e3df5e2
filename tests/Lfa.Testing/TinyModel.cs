using System.Text.Json;

namespace Lfa.Testing;

/// <summary>
/// Writes the folder of a model without training: an image's embedding is its colours on a grid of 4 × 4 cells, and a
/// text's the mean of its tokens' rows of a fixed table.
/// </summary>
public static class TinyModel
{
    public const int Size = 8;
    public const int Dimension = 48;

    /// <summary>Writes a model folder as hubs publish CLIP.</summary>
    public static string Write(string folder, string graphs = "onnx", string suffix = "", int pixelType = OnnxBuilder.Float, int tokenType = OnnxBuilder.Int64, bool masked = false)
    {
        Directory.CreateDirectory(Path.Combine(folder, graphs));
        File.WriteAllBytes(Path.Combine(folder, graphs, $"vision_model{suffix}.onnx"), Vision(new OnnxBuilder(), pixelType).Build());
        File.WriteAllBytes(Path.Combine(folder, graphs, $"text_model{suffix}.onnx"), Text(new OnnxBuilder(), tokenType, masked).Build());
        WriteConfiguration(folder);
        return folder;
    }

    /// <summary>Writes a model folder with one graph for both towers.</summary>
    public static string WriteCombined(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), Text(Vision(new OnnxBuilder(), OnnxBuilder.Float), OnnxBuilder.Int64, masked: true).Build());
        WriteConfiguration(folder);
        return folder;
    }

    public static OnnxBuilder Vision(OnnxBuilder graph, int pixelType, string input = "pixel_values", string output = "image_embeds", int batch = -1)
    {
        long[] cell = [Size / 4, Size / 4];
        return graph
            .Input(input, pixelType, batch, 3, Size, Size)
            .Node("AveragePool", [input], "cells", ("kernel_shape", cell), ("strides", cell))
            .Node("Flatten", ["cells"], output)
            .Output(output, pixelType, batch, Dimension);
    }

    /// <summary>The same with its result rounded to 8 bits, by one scale for all images of a batch.</summary>
    public static OnnxBuilder QuantizedVision() => Vision(new OnnxBuilder(), OnnxBuilder.Float, output: "exact")
        .Node("DynamicQuantizeLinear", ["exact"], ["bytes", "scale", "zero"])
        .Node("DequantizeLinear", ["bytes", "scale", "zero"], "image_embeds")
        .Output("image_embeds", OnnxBuilder.Float, -1, Dimension);

    public static OnnxBuilder Text(OnnxBuilder graph, int tokenType, bool masked)
    {
        graph.Input("input_ids", tokenType, -1, -1)
            .Constant("table", Table(), Vocabulary.Count, Dimension)
            .Node("Gather", ["table", "input_ids"], "rows");
        if (masked)
        {
            graph.Input("attention_mask", tokenType, -1, -1)
                .Node("Cast", ["attention_mask"], "mask", ("to", [OnnxBuilder.Float]))
                .Node("Unsqueeze", ["mask"], "weights", ("axes", [2]))
                .Node("Mul", ["rows", "weights"], "weighted");
        }
        return graph.Node("ReduceSum", [masked ? "weighted" : "rows"], "text_embeds", ("axes", [1]), ("keepdims", [0]))
            .Output("text_embeds", OnnxBuilder.Float, -1, Dimension);
    }

    public static void WriteConfiguration(string folder, double? logitScale = null)
    {
        File.WriteAllText(Path.Combine(folder, "vocab.json"), JsonSerializer.Serialize(Vocabulary));
        File.WriteAllText(Path.Combine(folder, "merges.txt"), "#version: 0.2\n");
        File.WriteAllText(Path.Combine(folder, "config.json"), logitScale is null
            ? """{"model_type": "clip", "text_config": {"max_position_embeddings": 16}, "logit_scale_init_value": 2.6592}"""
            : Invariant($$"""{"model_type": "clip", "text_config": {"max_position_embeddings": 16}, "logit_scale": {{Math.Log(logitScale.Value)}}}"""));
        File.WriteAllText(Path.Combine(folder, "preprocessor_config.json"), $$"""
            {"image_processor_type": "CLIPImageProcessor", "size": {"shortest_edge": {{Size}}}, "crop_size": {"height": {{Size}}, "width": {{Size}}},
             "resample": 3, "image_mean": [0.4, 0.5, 0.6], "image_std": [0.2, 0.3, 0.4], "do_convert_rgb": true}
            """);
    }

    // Rows without a pattern, so that texts with other tokens get other embeddings.
    private static float[] Table() => [.. Enumerable.Range(0, Vocabulary.Count * Dimension).Select(index => MathF.Sin(index * 1.7f + index / Dimension))];

    // The bytes as CLIP writes them, alone and at the end of a word, and the two marks.
    private static readonly Dictionary<string, int> Vocabulary = CreateVocabulary();

    private static Dictionary<string, int> CreateVocabulary()
    {
        var visible = Enumerable.Range(0, 256).Where(value => value is (>= '!' and <= '~') or (>= 0xa1 and <= 0xac) or (>= 0xae and <= 0xff)).ToList();
        var hidden = Enumerable.Range(0, 256).Except(visible).Select((_, index) => 256 + index);
        string[] symbols = [.. visible.Concat(hidden).Select(value => ((char)value).ToString())];
        string[] all = [.. symbols, .. symbols.Select(symbol => symbol + "</w>"), "<|startoftext|>", "<|endoftext|>"];
        return all.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
    }
}
