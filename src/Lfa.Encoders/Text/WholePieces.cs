namespace Lfa.Encoders.Text;

/// <summary>The pieces that the maker of a SentencePiece model chose (<c>USER_DEFINED</c>): they are found first, from the left the longest, and neither normalized nor cut.</summary>
/// <param name="ids">The pieces and their ids.</param>
internal sealed class WholePieces(Dictionary<string, int> ids)
{
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _ids = ids.GetAlternateLookup<ReadOnlySpan<char>>();
    private readonly int _longest = ids.Keys.Select(piece => piece.Length).DefaultIfEmpty().Max();

    /// <summary>Changes the text between such pieces.</summary>
    public string Apply(string text, Func<string, string> change) =>
        ids.Count == 0 ? change(text) : string.Concat(Split(text).Select(part => part.Id is null ? change(part.Text) : part.Text));

    /// <summary>Cuts a text into these pieces and what is between them.</summary>
    public List<int> Segment(string text, Func<string, List<int>> segment) =>
        ids.Count == 0 ? segment(text) : [.. Split(text).SelectMany(part => part.Id is { } id ? [id] : segment(part.Text))];

    private IEnumerable<(string Text, int? Id)> Split(string text)
    {
        var start = 0;
        for (var i = 0; i < text.Length;)
        {
            var length = Match(text.AsSpan(i), out var id);
            if (length == 0)
            {
                i++;
                continue;
            }
            if (i > start)
                yield return (text[start..i], null);
            yield return (text.Substring(i, length), id);
            start = i += length;
        }
        if (start < text.Length)
            yield return (text[start..], null);
    }

    private int Match(ReadOnlySpan<char> text, out int id)
    {
        for (var length = Math.Min(_longest, text.Length); length > 0; length--)
        {
            if (_ids.TryGetValue(text[..length], out id))
                return length;
        }
        id = 0;
        return 0;
    }
}
