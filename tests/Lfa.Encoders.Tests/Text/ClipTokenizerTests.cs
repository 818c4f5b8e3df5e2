using Lfa.Encoders.Text;

namespace Lfa.Encoders.Tests.Text;

public class ClipTokenizerTests
{
    [Fact]
    public void Encode_GoldenStrings_AreExact()
    {
        using var folder = Published();
        var tokenizer = TextTokenizer.Open(folder.FullName);
        var golden = Golden.Read<Entry[]>("tokens.json");
        golden.Length.ShouldBe(731);
        golden.Where(entry => !tokenizer.Encode(entry.Text).SequenceEqual(entry.InputIds)).Select(entry => entry.Text).ShouldBeEmpty();
    }

    // Written by Golden/make_tokens.py: letters, numbers and signs of all planes at random.
    [Fact]
    public void Encode_GoldenStringsOfAllPlanes_AreExact()
    {
        using var folder = Published();
        var tokenizer = TextTokenizer.Open(folder.FullName);
        var golden = Golden.Read<Entry[]>("tokens-planes.json");
        golden.Where(entry => !tokenizer.Encode(entry.Text).SequenceEqual(entry.InputIds)).Select(entry => entry.Text).ShouldBeEmpty();
    }

    [Fact]
    public void Encode_DecomposedLetters_EqualComposedOnes()
    {
        using var folder = Published();
        var tokenizer = TextTokenizer.Open(folder.FullName);
        tokenizer.Encode("cafe\u0301").ShouldBe(tokenizer.Encode("café"));
    }

    [Fact]
    public void Encode_ManyThreads_GivesTheSame()
    {
        using var folder = Published();
        var tokenizer = TextTokenizer.Open(folder.FullName);
        var golden = Golden.Read<Entry[]>("tokens.json");
        Parallel.ForEach(Enumerable.Range(0, 8).SelectMany(_ => golden), entry => tokenizer.Encode(entry.Text).ShouldBe(entry.InputIds));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("word ")]
    [InlineData("!")]
    [InlineData("'")]
    [InlineData("Σ'")]
    [InlineData("&amp;")]
    [InlineData("\u0301")]
    [InlineData("\U0001F600")]
    public void Encode_Megabyte_TakesNoQuadraticTime(string part)
    {
        using var folder = Published();
        var tokenizer = TextTokenizer.Open(folder.FullName);
        Growth.ShouldNotBeQuadratic(250_000, size =>
        {
            var text = string.Concat(Enumerable.Repeat(part, size / part.Length));
            return () => tokenizer.Encode(text).Length.ShouldBeLessThanOrEqualTo(77);
        });
    }

    [Fact]
    public void EncodeBatch_Clip_PadsToContextWithEndToken()
    {
        using var folder = Published();
        var batch = TextTokenizer.Open(folder.FullName).EncodeBatch(["hi", "a photo of a cat"]);
        (batch.Count, batch.Length).ShouldBe((2, 77));
        batch.Ids.ToArray().ShouldBe([49406, 1883, .. Enumerable.Repeat(49407L, 75), 49406, 320, 1125, 539, 320, 2368, .. Enumerable.Repeat(49407L, 71)]);
        batch.Mask.ToArray().ShouldBe([1, 1, 1, .. new long[74], 1, 1, 1, 1, 1, 1, 1, .. new long[70]]);
    }

    [Theory]
    [InlineData(2, new long[] { 49406, 49407 })]
    [InlineData(4, new long[] { 49406, 320, 1125, 49407 })]
    [InlineData(9, new long[] { 49406, 320, 1125, 539, 320, 2368, 49407, 49407, 49407 })]
    public void EncodeBatch_GivenLength_CutsAndPadsToIt(int length, long[] expected)
    {
        using var folder = Published();
        var batch = TextTokenizer.Open(folder.FullName).EncodeBatch(["a photo of a cat"], length);
        batch.Length.ShouldBe(length);
        batch.Ids.ToArray().ShouldBe(expected);
        batch.Mask.Span.Count(1).ShouldBe(Math.Min(length, 7));
    }

    [Fact]
    public void EncodeBatch_LengthAboveTheContext_CutsThereOnly()
    {
        using var folder = Published();
        TextTokenizer.Open(folder.FullName).EncodeBatch([string.Concat(Enumerable.Repeat("cat ", 200))], 100).Ids.Span.Count(2368).ShouldBe(98);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void EncodeBatch_LengthBelowTwo_Fails(int length)
    {
        using var folder = Published();
        Should.Throw<ArgumentOutOfRangeException>(() => TextTokenizer.Open(folder.FullName).EncodeBatch(["a"], length)).ParamName.ShouldBe("length");
    }

    // As regex 2026.5.9 of Python cuts with the published expression.
    [Theory]
    [InlineData("a𠮷b", "a𠮷b")]
    [InlineData("𝟘𝟙a", "𝟘|𝟙|a")]
    [InlineData("😀𠮷!", "😀|𠮷|!")]
    [InlineData("a😀b", "a|😀|b")]
    [InlineData("😀!?", "😀!?")]
    [InlineData("𐐀𐐨1", "𐐀𐐨|1")]
    [InlineData("ª²½Ⅷ〇\U00010107", "ª|²|½|Ⅷ|〇|\U00010107")]
    [InlineData("\u0301a\u0301", "\u0301|a|\u0301")]
    [InlineData("e\U000E0100x", "e|\U000E0100|x")]
    [InlineData("''s'tt don't it'ſ they'LL", "''|s|'t|t|don|'t|it|'ſ|they|'LL")]
    [InlineData(" a  b ", "a|b")]
    public void PreTokenize_AnyPlane_CutsAsPython(string text, string expected) =>
        string.Join('|', new ClipWords([]).PreTokenize(text).Select(word => text.Substring(word.Offset, word.Length))).ShouldBe(expected);

    [Fact]
    public void PreTokenize_SpecialTokens_StandAlone() =>
        new ClipWords(["<end>"]).PreTokenize("a!<end><b").ShouldBe([(0, 1), (1, 1), (2, 5), (7, 1), (8, 1)]);

    [Theory]
    [InlineData("")]
    [InlineData(" \t\n")]
    public void Encode_NothingToRead_GivesStartAndEnd(string text)
    {
        using var folder = Published();
        TextTokenizer.Open(folder.FullName).Encode(text).ShouldBe([49406, 49407]);
    }

    [Fact]
    public void Encode_HalfASurrogatePair_DoesNotFail()
    {
        using var folder = Published();
        TextTokenizer.Open(folder.FullName).Encode("a\uD83D b\0c").Length.ShouldBeGreaterThan(3);
    }

    /// <summary>A folder with the published vocabulary, or a skipped test.</summary>
    private static TemporaryFolder Published()
    {
        var (vocabulary, merges) = (SharedFolder.Require("clip/vocab.json"), SharedFolder.Require("clip/merges.txt"));
        var folder = new TemporaryFolder();
        File.Copy(vocabulary, folder["vocab.json"]);
        File.Copy(merges, folder["merges.txt"]);
        File.WriteAllText(folder["tokenizer_config.json"], """{"tokenizer_class": "CLIPTokenizer", "model_max_length": 77, "pad_token": "<|endoftext|>"}""");
        return folder;
    }

    private sealed record Entry(string Text, int[] InputIds);
}
