using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Lfa.Encoders.Models;

/// <summary>A loaded graph with one embedding to take from it.</summary>
/// <remarks>Safe for use by several threads at once.</remarks>
internal sealed class OnnxGraph : IDisposable
{
    private readonly string _path;
    private readonly InferenceSession _session;
    private readonly string _output;

    private OnnxGraph(string path, InferenceSession session, IReadOnlyList<string> outputs) =>
        (_path, _session, _output, IsDependentOnBatch) = (path, session, FindOutput(path, session, outputs), QuantizesDynamically(path));

    /// <summary>Gets the inputs by name.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> Inputs => _session.InputMetadata;

    /// <summary>Gets the number of components of an embedding, or null where the graph leaves it open.</summary>
    public int? Dimension => _session.OutputMetadata[_output].Dimensions[^1] is > 0 and var dimension ? dimension : null;

    /// <summary>Gets whether the embedding of an input depends on the inputs that it is run with.</summary>
    public bool IsDependentOnBatch { get; }

    /// <summary>Loads a graph.</summary>
    /// <param name="path">The path of the graph.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="outputs">The names that the embedding may have, the preferred first; the only matrix among the outputs will do too.</param>
    /// <exception cref="LfaDataException">The runtime cannot load the file, or no output is an embedding.</exception>
    public static OnnxGraph Load(string path, EncoderOptions options, params IReadOnlyList<string> outputs)
    {
        using var session = OnnxSession.Options(path, options);
        try
        {
            return new OnnxGraph(path, new InferenceSession(path, session), outputs);
        }
        catch (OnnxRuntimeException e)
        {
            throw new LfaDataException($"{path}: the runtime cannot load this graph ({OnnxSession.FirstLine(e)}); download or export it again.", e);
        }
    }

    /// <summary>Runs the graph.</summary>
    /// <param name="inputs">The inputs by name.</param>
    /// <param name="rows">The number of embeddings n to expect.</param>
    /// <returns>The embeddings, n × d, as the graph gives them.</returns>
    /// <exception cref="LfaDataException">The graph refuses the inputs, or gives another number of rows.</exception>
    public float[] Run(IReadOnlyDictionary<string, OrtValue> inputs, int rows)
    {
        try
        {
            using var options = new RunOptions();
            using var results = _session.Run(options, inputs, [_output]);
            return Rows(results[0], rows);
        }
        catch (OnnxRuntimeException e)
        {
            throw Bad($"the graph does not accept its inputs ({OnnxSession.FirstLine(e)})");
        }
    }

    /// <summary>Makes the exception for a graph that does not do what it should.</summary>
    public LfaDataException Bad(string problem) => new($"{_path}: {problem}; its inputs are {Describe(_session.InputMetadata)}, its outputs {Describe(_session.OutputMetadata)}.");

    public void Dispose() => _session.Dispose();

    // This operator takes one scale for a whole tensor, all inputs of a batch together. Its name stands in the file as it is.
    private static bool QuantizesDynamically(string path)
    {
        var name = "DynamicQuantizeLinear"u8;
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        var buffer = new byte[1 << 20];
        var kept = 0;
        for (int read; (read = stream.Read(buffer, kept, buffer.Length - kept)) > 0;)
        {
            var part = buffer.AsSpan(0, kept + read);
            if (part.IndexOf(name) >= 0)
                return true;
            // A name may lie across two reads.
            kept = Math.Min(name.Length - 1, part.Length);
            part[^kept..].CopyTo(buffer);
        }
        return false;
    }

    private static string FindOutput(string path, InferenceSession session, IReadOnlyList<string> names)
    {
        var outputs = session.OutputMetadata;
        if (names.FirstOrDefault(outputs.ContainsKey) is { } named)
            return named;
        string[] matrices = [.. outputs.Where(output => output.Value.Dimensions.Length == 2).Select(output => output.Key)];
        if (matrices.Length == 1)
            return matrices[0];
        session.Dispose();
        throw new LfaDataException($"{path}: no output of the graph is an embedding; expected {string.Join(" or ", names)}, or one matrix, but the outputs are {Describe(outputs)}.");
    }

    private float[] Rows(OrtValue output, int rows)
    {
        var shape = output.GetTensorTypeAndShape();
        if (shape.Shape is not [var first, _] || first != rows)
            throw Bad(Invariant($"{rows} inputs gave an output {_output} of shape [{string.Join(", ", shape.Shape)}]"));
        if (shape.ElementDataType != TensorElementType.Float16)
            return output.GetTensorDataAsSpan<float>().ToArray();
        var halves = MemoryMarshal.Cast<Float16, Half>(output.GetTensorDataAsSpan<Float16>());
        var values = new float[halves.Length];
        TensorPrimitives.ConvertToSingle(halves, values);
        return values;
    }

    private static string Describe(IReadOnlyDictionary<string, NodeMetadata> nodes) =>
        string.Join(", ", nodes.Select(node => $"{node.Key} [{string.Join(", ", node.Value.Dimensions)}]"));
}
