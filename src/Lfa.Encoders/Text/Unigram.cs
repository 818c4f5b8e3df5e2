using System.Text;

namespace Lfa.Encoders.Text;

/// <summary>Cuts text into the pieces whose scores add up to the most (Kudo, 2018, section 3.2), by dynamic programming in the text's length.</summary>
internal sealed class Unigram
{
    // What an unknown character costs more than the worst piece, as published.
    private const double UnknownPenalty = 10;

    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _ids;
    private readonly double[] _scores;
    private readonly double _unknownScore;
    private readonly int _unknown, _longest;
    private readonly ByteTokens? _bytes;

    /// <param name="ids">The pieces that text may be cut into.</param>
    /// <param name="scores">The logarithm of the probability of each id.</param>
    /// <param name="unknown">The id of what no piece covers.</param>
    /// <param name="bytes">The tokens that spell such characters instead, or null.</param>
    public Unigram(Dictionary<string, int> ids, double[] scores, int unknown, ByteTokens? bytes)
    {
        (_ids, _scores, _unknown, _bytes) = (ids.GetAlternateLookup<ReadOnlySpan<char>>(), scores, unknown, bytes);
        _unknownScore = ids.Values.Select(id => scores[id]).DefaultIfEmpty().Min() - UnknownPenalty;
        _longest = ids.Keys.Select(piece => piece.Length).DefaultIfEmpty().Max();
    }

    public void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        var steps = FindBest(text);
        var (first, wasUnknown) = (ids.Count, false);
        for (var end = text.Length; end > 0; end = steps[end].Start)
        {
            var (start, id, _) = steps[end];
            var isUnknown = id == _unknown;
            if (isUnknown && _bytes is not null)
                _bytes.AddReversed(text[start..end], ids);
            else if (!(isUnknown && wasUnknown))
                ids.Add(id);
            wasUnknown = isUnknown;
        }
        ids.Reverse(first, ids.Count - first);
    }

    /// <summary>Finds, for each end, the last piece of the best way there.</summary>
    private Step[] FindBest(ReadOnlySpan<char> text)
    {
        var steps = new Step[text.Length + 1];
        Array.Fill(steps, new Step(-1, _unknown, double.NegativeInfinity));
        steps[0] = new Step(0, _unknown, 0);
        for (var start = 0; start < text.Length;)
        {
            Rune.DecodeFromUtf16(text[start..], out _, out var width);
            var (score, isCovered) = (steps[start].Score, false);
            for (var length = 1; length <= Math.Min(_longest, text.Length - start); length++)
            {
                if (!_ids.TryGetValue(text.Slice(start, length), out var id))
                    continue;
                isCovered |= length == width;
                Offer(ref steps[start + length], new Step(start, id, score + _scores[id]));
            }
            if (!isCovered)
                Offer(ref steps[start + width], new Step(start, _unknown, score + _unknownScore));
            start += width;
        }
        return steps;
    }

    private static void Offer(ref Step best, Step step)
    {
        if (best.Start < 0 || step.Score > best.Score)
            best = step;
    }

    private readonly record struct Step(int Start, int Id, double Score);
}
