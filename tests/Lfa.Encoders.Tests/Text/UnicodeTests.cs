using Lfa.Encoders.Text;

namespace Lfa.Encoders.Tests.Text;

/// <summary>Compares with Python's <c>unicodedata</c> and <c>str.lower</c> (Unicode 14).</summary>
public class UnicodeTests
{
    private static readonly Entry[] Entries = Golden.Read<Entry[]>("unicode.json");

    [Fact]
    public void Compose_Golden_IsExact() => Differing(entry => CanonicalForm.Compose(entry.Text), entry => entry.Nfc).ShouldBeEmpty();

    [Fact]
    public void Decompose_Golden_IsExact() => Differing(entry => CanonicalForm.Decompose(entry.Text), entry => entry.Nfd).ShouldBeEmpty();

    [Fact]
    public void LowerCase_Golden_IsExact() => Differing(entry => LowerCase.Of(entry.Text), entry => entry.Lower).ShouldBeEmpty();

    [Fact]
    public void Compose_ManyMarks_TakesNoQuadraticTime() => Growth.ShouldNotBeQuadratic(125_000, size =>
    {
        // One mark goes into the letter: the lower, which is sorted ahead.
        var text = "e" + new string('\u0301', size) + new string('\u0323', size);
        return () => CanonicalForm.Compose(text).Length.ShouldBe(2 * size);
    });

    // Expected of transformers' SiglipTokenizer and of tokenizers' Lowercase, which take one character at a time.
    [Theory]
    [InlineData("ΟΔΟΣ ΣΑΣ", "οδοσ σασ")]
    [InlineData("İΣ", "i\u0307σ")]
    public void LowerCase_OfEachCharacter_HasNoFinalSigma(string text, string expected) => LowerCase.OfEach(text).ShouldBe(expected);

    [Fact]
    public void LowerCase_OfAWholeText_HasFinalSigma() => LowerCase.Of("ΟΔΟΣ ΣΑΣ").ShouldBe("οδος σας");

    private static IEnumerable<string> Differing(Func<Entry, string> actual, Func<Entry, string> expected) =>
        Entries.Where(entry => actual(entry) != expected(entry)).Select(entry => $"{entry.Text}: {Codes(actual(entry))}, expected {Codes(expected(entry))}");

    private static string Codes(string text) => string.Join(' ', text.EnumerateRunes().Select(rune => rune.Value.ToString("X4", null)));

    private sealed record Entry(string Text, string Nfc, string Nfd, string Lower);
}
