using System.Buffers.Binary;
using Google.Protobuf;

namespace Lfa.Encoders.Tests.Text;

/// <summary>Writes small SentencePiece models.</summary>
internal static class SentencePieceBytes
{
    /// <summary>Writes a model of pieces with their scores and types (1 text, 2 unknown, 3 control, 5 unused).</summary>
    public static byte[] Make((string Text, float Score, int Type)[] pieces, int model, byte[]? map = null)
    {
        using var stream = new MemoryStream();
        using var output = new CodedOutputStream(stream);
        foreach (var (text, score, type) in pieces)
        {
            output.WriteTag(1, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(Message(piece =>
            {
                piece.WriteTag(1, WireFormat.WireType.LengthDelimited);
                piece.WriteString(text);
                piece.WriteTag(2, WireFormat.WireType.Fixed32);
                piece.WriteFloat(score);
                piece.WriteTag(3, WireFormat.WireType.Varint);
                piece.WriteEnum(type);
            }));
        }
        output.WriteTag(2, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(Message(training =>
        {
            training.WriteTag(3, WireFormat.WireType.Varint);
            training.WriteEnum(model);
        }));
        if (map is not null)
        {
            output.WriteTag(3, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(Message(normalization =>
            {
                normalization.WriteTag(2, WireFormat.WireType.LengthDelimited);
                normalization.WriteBytes(ByteString.CopyFrom(map));
            }));
        }
        output.Flush();
        return stream.ToArray();
    }

    /// <summary>Writes the map of one byte to a text: a double array of a root, a node with a leaf, and the leaf.</summary>
    public static byte[] MapOf(byte from, string to)
    {
        // The root's children begin at 256, so that none lies on the root; the leaf's unit stands at 256 ^ from ^ 1.
        var units = new uint[512];
        units[0] = 256u << 10;
        units[256 ^ from] = (1u << 10) | (1u << 8) | from;
        units[256 ^ from ^ 1] = 0x80000000;
        var bytes = new byte[4 + (4 * units.Length)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, 4 * units.Length);
        for (var i = 0; i < units.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 + (4 * i)), units[i]);
        return [.. bytes, .. System.Text.Encoding.UTF8.GetBytes(to), 0];
    }

    private static ByteString Message(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using var output = new CodedOutputStream(stream);
        write(output);
        output.Flush();
        return ByteString.CopyFrom(stream.ToArray());
    }
}
