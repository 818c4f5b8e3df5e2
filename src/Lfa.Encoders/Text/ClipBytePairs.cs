using System.Net;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace Lfa.Encoders.Text;

/// <summary>The byte pairs of CLIP: words end in <c>&lt;/w&gt;</c>, text is cleaned and made small as published (Radford et al., 2021, <c>simple_tokenizer.py</c>, without its repair of broken encodings).</summary>
internal sealed partial class ClipBytePairs : ISubwords
{
    private readonly IReadOnlyDictionary<string, int> _ids;
    private readonly BpeTokenizer _pairs;
    private readonly int _longest;

    public ClipBytePairs(IReadOnlyDictionary<string, int> ids, IEnumerable<string> merges, string unknown)
    {
        _ids = ids;
        _longest = ids.Keys.Max(token => token.Length);
        var special = ids.Where(entry => entry.Key is "<|startoftext|>" or "<|endoftext|>").ToDictionary();
        _pairs = BpeTokenizer.Create(new BpeOptions(ids)
        {
            Merges = merges,
            ByteLevel = true,
            EndOfWordSuffix = "</w>",
            UnknownToken = unknown,
            SpecialTokens = special,
            PreTokenizer = new ClipWords([.. special.Keys]),
        });
    }

    public int? IdOf(string token) => _ids.TryGetValue(token, out var id) ? id : null;

    public IReadOnlyList<int> Encode(string text, int limit) => _pairs.EncodeToIds(Cut(Clean(text), limit), limit, out _, out _, considerNormalization: false);

    /// <summary>Cuts a text behind all that can reach the first tokens: the library takes quadratic time in the length of a word.</summary>
    private string Cut(string text, int limit)
    {
        // A token covers no more characters than it has, and a space ahead; pairs beyond twice that are out of reach.
        var length = 2L * limit * (_longest + 1);
        if (text.Length <= length)
            return text;
        return text[..(int)(char.IsHighSurrogate(text[(int)length - 1]) ? length - 1 : length)];
    }

    private static string Clean(string text)
    {
        // The published code resolves "&amp;lt;" too, hence twice.
        var plain = WebUtility.HtmlDecode(WebUtility.HtmlDecode(text));
        return LowerCase.Of(WhiteSpace().Replace(CanonicalForm.Compose(plain), " ").Trim(' '));
    }

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex WhiteSpace();
}
