namespace Lfa.Encoders.Text;

/// <summary>What the files of a model make a tokenizer of.</summary>
/// <param name="Subwords">The vocabulary.</param>
/// <param name="Before">The ids that begin every text.</param>
/// <param name="After">The ids that end every text.</param>
internal sealed record TokenizerParts(ISubwords Subwords, IReadOnlyList<int> Before, IReadOnlyList<int> After)
{
    /// <summary>Gets the padding that the vocabulary's own file names, if it does.</summary>
    public int? PaddingId { get; init; }
}
