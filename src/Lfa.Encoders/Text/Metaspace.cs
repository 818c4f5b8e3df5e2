using System.Text.Json;
using static Lfa.Encoders.Text.TokenizerFolder;

namespace Lfa.Encoders.Text;

/// <summary>The step Metaspace of a <c>tokenizer.json</c>: spaces are written as ▁, and words that begin with it are cut each by itself.</summary>
internal sealed record Metaspace
{
    /// <summary>Gets whether text is cut at white space first, which is dropped.</summary>
    private bool SplitsWords { get; init; }

    /// <summary>Gets whether a ▁ is written ahead where there is none.</summary>
    private bool AddsSpace { get; init; }

    /// <summary>Gets whether text is cut at each ▁.</summary>
    private bool Splits { get; init; }

    /// <summary>Reads the step.</summary>
    /// <exception cref="LfaDataException">It asks for what is not supported.</exception>
    public static Metaspace Read(JsonElement step, bool splitsWords)
    {
        if (Member(step, "replacement")?.GetString() is { } replacement && replacement is not [SentencePieces.Space])
            throw new LfaDataException($"its Metaspace has the replacement {replacement}; supported is {SentencePieces.Space}.");
        var scheme = Member(step, "prepend_scheme")?.GetString() ?? (Member(step, "add_prefix_space")?.GetBoolean() == false ? "never" : "always");
        if (scheme is not ("always" or "first" or "never"))
            throw new LfaDataException($"its Metaspace has the prepend_scheme {scheme}; supported are always, first and never.");
        if (splitsWords && scheme != "always")
            throw new LfaDataException($"its Metaspace after WhitespaceSplit has the prepend_scheme {scheme}; supported is always.");
        return new Metaspace { SplitsWords = splitsWords, AddsSpace = scheme != "never", Splits = Member(step, "split")?.GetBoolean() ?? true };
    }

    public List<int> Segment(Unigram unigram, string text)
    {
        var ids = new List<int>(text.Length / 2);
        foreach (var word in SplitsWords ? text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) : [text])
            SegmentWord(unigram, word, ids);
        return ids;
    }

    private void SegmentWord(Unigram unigram, string text, List<int> ids)
    {
        text = text.Replace(' ', SentencePieces.Space);
        if (AddsSpace && text.Length > 0 && text[0] != SentencePieces.Space)
            text = SentencePieces.Space + text;
        for (var start = 0; start < text.Length;)
        {
            var next = Splits ? text.IndexOf(SentencePieces.Space, start + 1) : -1;
            var end = next < 0 ? text.Length : next;
            unigram.Encode(text.AsSpan(start, end - start), ids);
            start = end;
        }
    }
}
