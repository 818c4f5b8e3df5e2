using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Lfa.Encoders.Images;
using Lfa.Encoders.Text;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Lfa.Encoders.Models;

/// <summary>Makes the inputs of a graph from pixels or tokens; a graph with both towers gets a blank for the other one.</summary>
/// <remarks>Dispose what <see cref="ForPixels"/> and <see cref="ForTokens"/> return after the run: it holds on to the caller's arrays.</remarks>
internal sealed class GraphInputs
{
    private const string TokenTypes = "token_type_ids";
    private const string Positions = "position_ids";

    private readonly IReadOnlyDictionary<string, NodeMetadata> _inputs;
    private readonly PixelSize? _size;

    /// <summary>Checks that every input of a graph is known.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="size">The size of a preprocessed image.</param>
    /// <exception cref="LfaDataException">An input is unknown; the message names it.</exception>
    public GraphInputs(OnnxGraph graph, PixelSize? size)
    {
        (_inputs, _size) = (graph.Inputs, size);
        if (FixedBatch is > 1)
            throw graph.Bad("the graph takes only batches of one size; export it with a dynamic batch");
        foreach (var (name, node) in _inputs)
        {
            if (!IsPixels(node) && name is not ("input_ids" or "attention_mask" or TokenTypes or Positions))
                throw graph.Bad($"the input {name} is unknown; supported are images (rank 4), input_ids, attention_mask, {TokenTypes} and {Positions}");
        }
    }

    /// <summary>Gets how many inputs the graph takes at once where it takes no other number, or null.</summary>
    public int? FixedBatch => _inputs.Values.Select(node => node.Dimensions[0]).FirstOrDefault(rows => rows > 0) is > 0 and var rows ? rows : null;

    /// <summary>Gets how many tokens a text must have where the graph takes no other number, or null.</summary>
    public int? FixedTokens => _inputs.TryGetValue("input_ids", out var ids) && ids.Dimensions is [_, > 0 and var length] ? length : null;

    public bool TakesPixels => _inputs.Values.Any(IsPixels);

    public bool TakesTokens => _inputs.ContainsKey("input_ids");

    /// <summary>Makes the inputs from preprocessed crops, n × 3 × height × width.</summary>
    public RunInputs ForPixels(Memory<float> pixels, int crops) =>
        new(_inputs, (name, node) => IsPixels(node) ? Pixels(node, pixels, crops) : Integers(name, node, new long[2], new long[] { 1, 1 }, 1, 2));

    /// <summary>Makes the inputs from tokens.</summary>
    public RunInputs ForTokens(TokenBatch tokens) =>
        new(_inputs, (name, node) => IsPixels(node) ? Pixels(node, default, 1) : Integers(name, node, tokens.Ids, tokens.Mask, tokens.Count, tokens.Length));

    private static bool IsPixels(NodeMetadata node) => node.Dimensions.Length == 4 && node.ElementDataType is (TensorElementType.Float or TensorElementType.Float16);

    // Without pixels, one blank image.
    private OrtValue Pixels(NodeMetadata node, Memory<float> pixels, int crops)
    {
        var (width, height) = _size!.Value;
        long[] shape = [crops, 3, height, width];
        if (pixels.IsEmpty)
            pixels = new float[3 * height * width];
        if (node.ElementDataType == TensorElementType.Float)
            return OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, pixels, shape);
        var halves = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.Float16, shape);
        TensorPrimitives.ConvertToHalf(pixels.Span, MemoryMarshal.Cast<Float16, Half>(halves.GetTensorMutableDataAsSpan<Float16>()));
        return halves;
    }

    private static OrtValue Integers(string name, NodeMetadata node, ReadOnlyMemory<long> ids, ReadOnlyMemory<long> mask, int texts, int length)
    {
        long[] values = name switch
        {
            "attention_mask" => mask.ToArray(),
            TokenTypes => new long[ids.Length],
            Positions => [.. Enumerable.Range(0, ids.Length).Select(index => (long)(index % length))],
            _ => ids.ToArray(),
        };
        return node.ElementDataType == TensorElementType.Int32
            ? OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values, value => (int)value), [texts, length])
            : OrtValue.CreateTensorValueFromMemory(values, [texts, length]);
    }
}
