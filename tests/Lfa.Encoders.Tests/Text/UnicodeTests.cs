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
    public void Compose_MillionMarks_TakesNoQuadraticTime() =>
        CanonicalForm.Compose("e" + new string('\u0301', 500_000) + new string('\u0323', 500_000)).Length.ShouldBe(1_000_000);

    private static IEnumerable<string> Differing(Func<Entry, string> actual, Func<Entry, string> expected) =>
        Entries.Where(entry => actual(entry) != expected(entry)).Select(entry => $"{entry.Text}: {Codes(actual(entry))}, expected {Codes(expected(entry))}");

    private static string Codes(string text) => string.Join(' ', text.EnumerateRunes().Select(rune => rune.Value.ToString("X4", null)));

    private sealed record Entry(string Text, string Nfc, string Nfd, string Lower);
}
