using System.Text;

namespace Lfa.Encoders.Text;

/// <summary>The tokens <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>, which spell characters that a vocabulary lacks.</summary>
internal sealed class ByteTokens
{
    private readonly int[] _ids;

    private ByteTokens(int[] ids) => _ids = ids;

    /// <summary>Finds the tokens, or returns null if one is missing.</summary>
    public static ByteTokens? Find(IReadOnlyDictionary<string, int> ids)
    {
        var found = new int[256];
        for (var value = 0; value < found.Length; value++)
        {
            if (!ids.TryGetValue(Invariant($"<0x{value:X2}>"), out found[value]))
                return null;
        }
        return new ByteTokens(found);
    }

    public void Add(ReadOnlySpan<char> text, List<int> ids)
    {
        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(2)];
        foreach (var rune in text.EnumerateRunes())
        {
            foreach (var value in bytes[..rune.EncodeToUtf8(bytes)])
                ids.Add(_ids[value]);
        }
    }

    public void AddReversed(ReadOnlySpan<char> text, List<int> ids)
    {
        var first = ids.Count;
        Add(text, ids);
        ids.Reverse(first, ids.Count - first);
    }
}
