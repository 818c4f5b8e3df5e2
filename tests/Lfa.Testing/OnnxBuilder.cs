using System.Text;

namespace Lfa.Testing;

/// <summary>Writes small ONNX graphs: the few messages of the format that tests need, as protocol buffers.</summary>
public sealed class OnnxBuilder
{
    public const int Float = 1;
    public const int Int32 = 6;
    public const int Int64 = 7;
    public const int Float16 = 10;

    private const int OpsetVersion = 12;
    private const int IrVersion = 7;

    private readonly Message _graph = new();

    /// <summary>Adds an input or an output; a size below 0 is open.</summary>
    public OnnxBuilder Input(string name, int type, params int[] shape) => Value(11, name, type, shape);

    public OnnxBuilder Output(string name, int type, params int[] shape) => Value(12, name, type, shape);

    /// <summary>Adds a constant tensor of floats.</summary>
    public OnnxBuilder Constant(string name, float[] values, params int[] shape)
    {
        var tensor = new Message();
        foreach (var size in shape)
            tensor.Integer(1, size);
        var raw = new byte[values.Length * sizeof(float)];
        Buffer.BlockCopy(values, 0, raw, 0, raw.Length);
        _graph.Nested(5, tensor.Integer(2, Float).Text(8, name).Bytes(9, raw));
        return this;
    }

    /// <summary>Adds a node with one output.</summary>
    public OnnxBuilder Node(string operation, string[] inputs, string output, params (string Name, long[] Values)[] attributes) =>
        Node(operation, inputs, [output], attributes);

    public OnnxBuilder Node(string operation, string[] inputs, string[] outputs, params (string Name, long[] Values)[] attributes)
    {
        var node = new Message();
        foreach (var input in inputs)
            node.Text(1, input);
        foreach (var output in outputs)
            node.Text(2, output);
        node.Text(4, operation);
        foreach (var (name, values) in attributes)
            node.Nested(5, Attribute(name, values));
        _graph.Nested(1, node);
        return this;
    }

    public byte[] Build()
    {
        var opset = new Message().Text(1, "").Integer(2, OpsetVersion);
        return new Message().Integer(1, IrVersion).Nested(7, _graph.Text(2, "graph")).Nested(8, opset).ToArray();
    }

    private OnnxBuilder Value(int field, string name, int type, int[] shape)
    {
        var sizes = new Message();
        foreach (var size in shape)
            sizes.Nested(1, size < 0 ? new Message().Text(2, "open") : new Message().Integer(1, size));
        var tensor = new Message().Integer(1, type).Nested(2, sizes);
        _graph.Nested(field, new Message().Text(1, name).Nested(2, new Message().Nested(1, tensor)));
        return this;
    }

    // One value is an integer, several are a list; so the operators of these tests want it.
    private static Message Attribute(string name, long[] values)
    {
        const int integer = 2, integers = 7;
        var attribute = new Message().Text(1, name);
        if (values is [var single] && name is not "axes")
            return attribute.Integer(3, single).Integer(20, integer);
        foreach (var value in values)
            attribute.Integer(8, value);
        return attribute.Integer(20, integers);
    }

    private sealed class Message
    {
        private readonly List<byte> _bytes = [];

        public Message Integer(int field, long value)
        {
            Variable(field << 3);
            Variable(value);
            return this;
        }

        public Message Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

        public Message Nested(int field, Message message) => Bytes(field, message.ToArray());

        public Message Bytes(int field, byte[] value)
        {
            Variable((field << 3) | 2);
            Variable(value.Length);
            _bytes.AddRange(value);
            return this;
        }

        public byte[] ToArray() => [.. _bytes];

        private void Variable(long value)
        {
            for (var rest = (ulong)value; ;)
            {
                var low = (byte)(rest & 0x7f);
                rest >>= 7;
                _bytes.Add(rest == 0 ? low : (byte)(low | 0x80));
                if (rest == 0)
                    return;
            }
        }
    }
}
