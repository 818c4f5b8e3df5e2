using Microsoft.ML.OnnxRuntime;

namespace Lfa.Encoders.Models;

/// <summary>The inputs of one run.</summary>
internal sealed class RunInputs(IReadOnlyDictionary<string, NodeMetadata> nodes, Func<string, NodeMetadata, OrtValue> create) : IDisposable
{
    public IReadOnlyDictionary<string, OrtValue> Values { get; } = nodes.ToDictionary(node => node.Key, node => create(node.Key, node.Value));

    public void Dispose()
    {
        foreach (var value in Values.Values)
            value.Dispose();
    }
}
