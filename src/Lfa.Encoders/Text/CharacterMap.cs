using System.Buffers.Binary;
using System.Text;

namespace Lfa.Encoders.Text;

/// <summary>The map of characters that SentencePiece models carry (<c>precompiled_charsmap</c>): a double array of their UTF-8 bytes, then the replacements.</summary>
internal sealed class CharacterMap
{
    private readonly uint[] _units;
    private readonly byte[] _replacements;

    private CharacterMap(uint[] units, byte[] replacements) => (_units, _replacements) = (units, replacements);

    /// <summary>Reads a map.</summary>
    /// <exception cref="LfaDataException">The bytes are no such map.</exception>
    public static CharacterMap? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return null;
        if (bytes.Length < 4 || BinaryPrimitives.ReadUInt32LittleEndian(bytes) is var size && (size > bytes.Length - 4 || size % 4 != 0))
            throw new LfaDataException("the map of characters is damaged; get the file again.");
        var units = new uint[size / 4];
        for (var i = 0; i < units.Length; i++)
            units[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 + (4 * i))..]);
        return new CharacterMap(units, bytes[(4 + (int)size)..].ToArray());
    }

    /// <summary>Replaces, from the left, the longest sequences that the map holds.</summary>
    public string Apply(string text)
    {
        var input = Encoding.UTF8.GetBytes(text).AsSpan();
        var output = new List<byte>(input.Length + 16);
        while (!input.IsEmpty)
        {
            var (length, start) = FindLongest(input);
            if (length > 0)
            {
                var replacement = _replacements.AsSpan(start);
                output.AddRange(replacement[..Math.Max(0, replacement.IndexOf((byte)0))]);
            }
            else
            {
                Rune.DecodeFromUtf8(input, out _, out length);
                output.AddRange(input[..length]);
            }
            input = input[length..];
        }
        return Encoding.UTF8.GetString([.. output]);
    }

    private (int Length, int Start) FindLongest(ReadOnlySpan<byte> input)
    {
        var (longest, position) = ((0, 0), Offset(0));
        for (var i = 0; i < input.Length; i++)
        {
            position ^= input[i];
            if (position >= _units.Length || (_units[position] & 0x800000FF) != input[i])
                break;
            var hasLeaf = ((_units[position] >> 8) & 1) == 1;
            position ^= Offset(position);
            if (hasLeaf && position < _units.Length && (int)(_units[position] & 0x7FFFFFFF) is var start && start < _replacements.Length)
                longest = (i + 1, start);
        }
        return longest;
    }

    private uint Offset(uint position) => position < _units.Length ? (_units[position] >> 10) << (int)((_units[position] & (1u << 9)) >> 6) : 0;
}
