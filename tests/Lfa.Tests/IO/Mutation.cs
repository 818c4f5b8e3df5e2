namespace Lfa.Tests.IO;

/// <summary>Damages bytes at random in the ways files get damaged, and in the ways an attacker would.</summary>
internal sealed class Mutation(int seed)
{
    private static readonly byte[][] Tokens = [
        "99999999999"u8.ToArray(), "-1"u8.ToArray(), "0"u8.ToArray(), "(,)"u8.ToArray(), "'|O'"u8.ToArray(), "True"u8.ToArray(), ")"u8.ToArray(),
        "[["u8.ToArray(), "\"\\ud800\""u8.ToArray(), "PK\u0001\u0002"u8.ToArray(), "<U999"u8.ToArray(), "\n"u8.ToArray(),
        [0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0xC0, 0x7F]];

    private ulong _state = (ulong)seed;

    /// <summary>Copies the content with one to three changes.</summary>
    public byte[] Damage(byte[] content)
    {
        var bytes = content.ToList();
        for (var changes = Next(3) + 1; changes > 0 && bytes.Count > 0; changes--)
            Change(bytes);
        return [.. bytes];
    }

    private void Change(List<byte> bytes)
    {
        var place = Next(bytes.Count);
        switch (Next(8))
        {
            case 0:
            case 1:
                bytes[place] ^= (byte)(1 << Next(8));
                break;
            case 2:
                bytes[place] = (byte)Next(256);
                break;
            case 3:
                bytes.RemoveRange(place, Math.Min(Next(16), bytes.Count - place));
                break;
            case 4:
                bytes.InsertRange(place, bytes.GetRange(place, Math.Min(Next(64), bytes.Count - place)));
                break;
            case 5:
                bytes.RemoveRange(place, bytes.Count - place);
                break;
            case 6:
                EditNumber(bytes, place);
                break;
            default:
                Overwrite(bytes, place, Tokens[Next(Tokens.Length)]);
                break;
        }
    }

    /// <summary>Changes the next decimal digit, which in a header stands in an extent, an offset or a type.</summary>
    private void EditNumber(List<byte> bytes, int place)
    {
        var digit = bytes.FindIndex(place, value => value is >= (byte)'0' and <= (byte)'9');
        if (digit >= 0)
            bytes[digit] = (byte)('0' + Next(10));
    }

    private static void Overwrite(List<byte> bytes, int place, byte[] token)
    {
        for (var i = 0; i < token.Length && place + i < bytes.Count; i++)
            bytes[place + i] = token[i];
    }

    // SplitMix64: the same cases on every runtime.
    private int Next(int below)
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = (_state ^ _state >> 30) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
        return (int)((mixed ^ mixed >> 31) % (ulong)below);
    }
}
