namespace Lfa.Encoders.Text;

/// <summary>Byte-pair encoding over characters, as SentencePiece does it: the pair of the lowest rank is joined first, the leftmost of equals.</summary>
/// <param name="ids">The pieces that characters are spelt with and that joins make.</param>
/// <param name="merges">The pairs that are joined.</param>
/// <param name="spell">Adds what stands for a character that no piece is.</param>
internal sealed class BytePairMerges(IReadOnlyDictionary<string, int> ids, Dictionary<(int Left, int Right), (int Rank, int Id)> merges, Action<string, List<int>> spell)
{
    private const int None = -1;

    /// <summary>Encodes text in a time of order n log n.</summary>
    public List<int> Encode(string text)
    {
        var tokens = Spell(text);
        var (next, previous) = (new int[tokens.Count], new int[tokens.Count]);
        var queue = new PriorityQueue<(int At, int Left, int Right), (int Rank, int At)>();
        for (var i = 0; i < tokens.Count; i++)
            (previous[i], next[i]) = (i - 1, i + 1 < tokens.Count ? i + 1 : None);
        for (var i = 0; i + 1 < tokens.Count; i++)
            Enqueue(i);
        while (queue.TryDequeue(out var pair, out _))
        {
            // A pair is stale once one of its tokens took part in another.
            if (tokens[pair.At] != pair.Left || next[pair.At] is var right && (right == None || tokens[right] != pair.Right))
                continue;
            tokens[pair.At] = merges[(pair.Left, pair.Right)].Id;
            tokens[right] = None;
            next[pair.At] = next[right];
            if (next[right] != None)
                previous[next[right]] = pair.At;
            Enqueue(pair.At);
            Enqueue(previous[pair.At]);
        }
        tokens.RemoveAll(token => token == None);
        return tokens;

        void Enqueue(int at)
        {
            if (at != None && next[at] != None && merges.TryGetValue((tokens[at], tokens[next[at]]), out var merge))
                queue.Enqueue((at, tokens[at], tokens[next[at]]), (merge.Rank, at));
        }
    }

    private List<int> Spell(string text)
    {
        var tokens = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var character = rune.ToString();
            if (ids.TryGetValue(character, out var id))
                tokens.Add(id);
            else
                spell(character, tokens);
        }
        return tokens;
    }
}
