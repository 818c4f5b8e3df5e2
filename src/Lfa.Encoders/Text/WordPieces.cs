using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace Lfa.Encoders.Text;

/// <summary>The word pieces of BERT (Devlin et al., 2019): text is cut at spaces and punctuation, words into the longest pieces of the vocabulary.</summary>
internal sealed class WordPieces : ISubwords
{
    private readonly IReadOnlyDictionary<string, int> _ids;
    private readonly WordPieceTokenizer _pieces;
    private readonly Func<string, string> _normalize;
    private readonly int _longestWord;

    public WordPieces(IReadOnlyDictionary<string, int> ids, Func<string, string> normalize, string unknown, string prefix, int longestWord)
    {
        (_ids, _normalize, _longestWord) = (ids, normalize, longestWord);
        _pieces = WordPieceTokenizer.Create(Lines(ids), new WordPieceOptions
        {
            PreTokenizer = PreTokenizer.CreateWhiteSpace(),
            UnknownToken = unknown,
            ContinuingSubwordPrefix = prefix,
            MaxInputCharsPerWord = longestWord,
        });
    }

    public int? IdOf(string token) => _ids.TryGetValue(token, out var id) ? id : null;

    // The library leaves out a word that does not fit as a whole; a word has no more pieces than characters.
    public IReadOnlyList<int> Encode(string text, int limit) => _pieces.EncodeToIds(SpacePunctuation(_normalize(text)), limit + _longestWord, out _, out _);

    /// <summary>The vocabulary as the library reads it: line i holds the piece of id i.</summary>
    private static MemoryStream Lines(IReadOnlyDictionary<string, int> ids)
    {
        var pieces = new string[ids.Values.Max() + 1];
        foreach (var (piece, id) in ids)
            pieces[id] = piece;
        for (var i = 0; i < pieces.Length; i++)
            pieces[i] ??= Invariant($"\u0001unused{i}");
        return new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', pieces)));
    }

    /// <summary>Stands every punctuation mark alone: what is not a letter or number in ASCII, and the categories P… of Unicode.</summary>
    private static string SpacePunctuation(string text)
    {
        var spaced = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
                spaced.Append(' ');
            else if (IsPunctuation(rune))
                spaced.Append(' ').Append(rune).Append(' ');
            else
                spaced.Append(rune);
        }
        return spaced.ToString();
    }

    private static bool IsPunctuation(Rune rune) => rune.IsAscii
        ? !Rune.IsLetterOrDigit(rune) && !Rune.IsControl(rune)
        : Rune.GetUnicodeCategory(rune) is >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation;
}
