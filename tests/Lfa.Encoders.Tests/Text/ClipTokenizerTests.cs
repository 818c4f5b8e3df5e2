using System.Diagnostics;
using Lfa.Encoders.Text;
using Lfa.Tests.Support;

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
        var watch = Stopwatch.StartNew();
        tokenizer.Encode(string.Concat(Enumerable.Repeat(part, 1_000_000 / part.Length))).Length.ShouldBeLessThanOrEqualTo(77);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void EncodeBatch_Clip_PadsToLongestWithEndToken()
    {
        using var folder = Published();
        var batch = TextTokenizer.Open(folder.FullName).EncodeBatch(["hi", "a photo of a cat"]);
        (batch.Count, batch.Length).ShouldBe((2, 7));
        batch.Ids.ToArray().ShouldBe([49406, 1883, 49407, 49407, 49407, 49407, 49407, 49406, 320, 1125, 539, 320, 2368, 49407]);
        batch.Mask.ToArray().ShouldBe([1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1]);
    }

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
