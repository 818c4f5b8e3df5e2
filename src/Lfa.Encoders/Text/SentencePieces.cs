namespace Lfa.Encoders.Text;

/// <summary>The pieces of SentencePiece (Kudo and Richardson, 2018): spaces become ▁ and are cut like letters.</summary>
/// <param name="ids">The ids of all pieces, control pieces among them.</param>
/// <param name="normalize">Brings text to the form in which it is cut.</param>
/// <param name="segment">Cuts it.</param>
internal sealed class SentencePieces(IReadOnlyDictionary<string, int> ids, Func<string, string> normalize, Func<string, List<int>> segment) : ISubwords
{
    internal const char Space = '▁';

    public int? IdOf(string token) => ids.TryGetValue(token, out var id) ? id : null;

    public IReadOnlyList<int> Encode(string text, int limit) => segment(normalize(text));

    /// <summary>Makes the segmentation that a model describes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prepare">What is done to text first.</param>
    /// <param name="addsPrefix">Whether text begins with a space that is not there.</param>
    /// <param name="toId">Gives the id of the piece at an index.</param>
    public static SentencePieces From(SentencePieceModel model, Func<string, string> prepare, bool addsPrefix, Func<int, int> toId)
    {
        var (all, textual, chosen) = (NewIds(), NewIds(), NewIds());
        for (var i = 0; i < model.Pieces.Count; i++)
        {
            var piece = model.Pieces[i];
            all.TryAdd(piece.Text, i);
            if (piece.Type == SentencePieceModel.PieceType.Normal)
                textual.TryAdd(piece.Text, i);
            else if (piece.Type == SentencePieceModel.PieceType.UserDefined && piece.Text.Length > 0)
                chosen.TryAdd(piece.Text, i);
        }
        var unknown = model.Pieces.FindIndex(piece => piece.Type == SentencePieceModel.PieceType.Unknown);
        if (unknown < 0)
            throw new LfaDataException("it has no piece for what is unknown; get the file again.");
        var bytes = model.ByteFallback ? ByteTokens.Find(all) ?? throw new LfaDataException("it lacks pieces for bytes; get the file again.") : null;
        var scores = model.Pieces.ConvertAll(piece => (double)piece.Score).ToArray();
        var segment = model.Kind switch
        {
            SegmentationKind.Unigram => ToSegment(new Unigram(textual, scores, unknown, bytes)),
            SegmentationKind.BytePairs => new BytePairMerges(textual, MergesOf(textual, scores), ToSpell(unknown, bytes)).Encode,
            _ => throw new LfaDataException($"its pieces are {model.Kind}; supported are Unigram and BytePairs."),
        };
        var whole = new WholePieces(chosen);
        return new SentencePieces(
            all.ToDictionary(entry => entry.Key, entry => toId(entry.Value)),
            text => Normalize(prepare(text), model, whole, addsPrefix),
            text => whole.Segment(text, segment).ConvertAll(id => toId(id)));

        static Dictionary<string, int> NewIds() => new(StringComparer.Ordinal);
    }

    /// <summary>Removes extra spaces as the model says, writes spaces as ▁ and adds one ahead.</summary>
    private static string Normalize(string text, SentencePieceModel model, WholePieces whole, bool addsPrefix)
    {
        if (model.Map is { } map)
            text = whole.Apply(text, map.Apply);
        if (model.RemovesExtraSpaces)
            text = string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        text = text.Replace(' ', Space);
        if (addsPrefix && text.Length > 0)
            text = Space + text;
        // At the end, a ▁ that was written in the text counts as a space, too.
        return model.RemovesExtraSpaces ? text.TrimEnd(Space) : text;
    }

    private static Func<string, List<int>> ToSegment(Unigram unigram) => text =>
    {
        var ids = new List<int>(text.Length / 2);
        unigram.Encode(text, ids);
        return ids;
    };

    /// <summary>Spells a character in bytes, or makes it unknown, together with unknown ones before it.</summary>
    private static Action<string, List<int>> ToSpell(int unknown, ByteTokens? bytes)
    {
        if (bytes is not null)
            return (character, tokens) => bytes.Add(character, tokens);
        return (_, tokens) =>
        {
            if (tokens.Count == 0 || tokens[^1] != unknown)
                tokens.Add(unknown);
        };
    }

    /// <summary>Finds every pair whose join is a piece; the higher the score of the join, the sooner it is made.</summary>
    private static Dictionary<(int, int), (int Rank, int Id)> MergesOf(Dictionary<string, int> ids, double[] scores)
    {
        var lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        var merges = new Dictionary<(int, int), (int Rank, int Id)>();
        var ranked = ids.OrderByDescending(entry => scores[entry.Value]).ToArray();
        var rank = 0;
        for (var i = 0; i < ranked.Length; i++)
        {
            var (piece, id) = ranked[i];
            if (i > 0 && scores[ranked[i - 1].Value] > scores[id])
                rank++;
            for (var cut = 1; cut < piece.Length; cut++)
            {
                if (lookup.TryGetValue(piece.AsSpan(0, cut), out var left) && lookup.TryGetValue(piece.AsSpan(cut), out var right))
                    merges[(left, right)] = (rank, id);
            }
        }
        return merges;
    }
}
