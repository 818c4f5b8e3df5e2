namespace Lfa.Encoders.Text;

/// <summary>Splits text into the pieces of a vocabulary. Implementations are safe for use by several threads at once.</summary>
internal interface ISubwords
{
    /// <summary>Encodes text without the tokens that stand around it.</summary>
    /// <param name="text">Well-formed text of any length.</param>
    /// <param name="limit">The number of ids after which the rest may be left out, at least 1.</param>
    IReadOnlyList<int> Encode(string text, int limit);

    /// <summary>Gets the id of a token, or null if the vocabulary lacks it.</summary>
    int? IdOf(string token);
}
