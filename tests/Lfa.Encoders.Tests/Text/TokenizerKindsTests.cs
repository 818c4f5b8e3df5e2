using System.Diagnostics;
using System.Text.Json;
using Lfa.Encoders.Text;
using Lfa.Tests.Support;

namespace Lfa.Encoders.Tests.Text;

/// <summary>Kinds of tokenizers with small vocabularies, written here; the expected ids are worked out by hand.</summary>
public sealed class TokenizerKindsTests : IDisposable
{
    // "▁" 3, "a" 4 … scores are negative logarithms: "▁ab" beats "▁a" + "b" (−3 against −2 − 2), "cd" beats "c" + "d".
    private static readonly (string, float, int)[] Pieces =
    [
        ("<unk>", 0, 2), ("<s>", 0, 3), ("</s>", 0, 3), ("▁", -4, 1), ("▁a", -2, 1), ("b", -2, 1), ("▁ab", -3, 1), ("c", -3, 1), ("d", -3, 1), ("cd", -5, 1), ("▁x", -2, 5),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("abcd", new[] { 6, 9, 2 })]
    [InlineData("a  b ", new[] { 4, 3, 5, 2 })]
    // Unknown characters beside each other are one token; a piece that is unused is not made.
    [InlineData("aé😀c", new[] { 4, 0, 7, 2 })]
    [InlineData("x", new[] { 3, 0, 2 })]
    [InlineData("", new[] { 2 })]
    public void Encode_SentencePieceUnigram_TakesTheBestPieces(string text, int[] expected)
    {
        _folder.Write("spiece.model", SentencePieceBytes.Make(Pieces, model: 1));
        Config("""{"model_max_length": 16, "eos_token": "</s>"}""");
        TextTokenizer.Open(_folder.FullName).Encode(text).ShouldBe(expected);
    }

    [Fact]
    public void Encode_XlmRoberta_ShiftsIds()
    {
        _folder.Write("sentencepiece.bpe.model", SentencePieceBytes.Make(Pieces, model: 1));
        Config("""{"tokenizer_class": "XLMRobertaTokenizer", "model_max_length": 512}""");
        var tokenizer = TextTokenizer.Open(_folder.FullName);
        tokenizer.Encode("abcdé").ShouldBe([0, 7, 10, 3, 2]);
        tokenizer.PaddingId.ShouldBe(1);
    }

    [Fact]
    public void EncodeBatch_Siglip_CleansAndPadsToContext()
    {
        _folder.Write("spiece.model", SentencePieceBytes.Make(Pieces, model: 1));
        Config("""{"tokenizer_class": "SiglipTokenizer", "model_max_length": 8, "pad_token": "</s>"}""");
        _folder.Write("config.json", """{"model_type": "siglip"}"""u8.ToArray());
        var batch = TextTokenizer.Open(_folder.FullName).EncodeBatch(["A,b!  (a)"]);
        batch.Ids.ToArray().ShouldBe([6, 4, 2, 2, 2, 2, 2, 2]);
        batch.Mask.ToArray().ShouldBe([1, 1, 1, 0, 0, 0, 0, 0]);
    }

    [Fact]
    public void Encode_SentencePiecesByPairs_JoinsByScore()
    {
        // "ab" (−1) goes before "bc" (−2): "abc" is "ab" + "c".
        (string, float, int)[] pieces = [("<unk>", 0, 2), ("<s>", 0, 3), ("</s>", 0, 3), ("▁", -9, 1), ("a", -9, 1), ("b", -9, 1), ("c", -9, 1), ("ab", -1, 1), ("bc", -2, 1)];
        _folder.Write("tokenizer.model", SentencePieceBytes.Make(pieces, model: 2));
        Config("""{"model_max_length": 16, "add_bos_token": true, "add_eos_token": false}""");
        TextTokenizer.Open(_folder.FullName).Encode("abc bc").ShouldBe([1, 3, 7, 6, 3, 8]);
    }

    [Fact]
    public void Encode_CharacterMap_ReplacesBeforeCutting()
    {
        _folder.Write("spiece.model", SentencePieceBytes.Make(Pieces, model: 1, map: SentencePieceBytes.MapOf((byte)'q', "ab")));
        Config("""{"model_max_length": 16}""");
        TextTokenizer.Open(_folder.FullName).Encode("q").ShouldBe([6, 2]);
    }

    [Fact]
    public void Encode_JsonUnigram_FollowsItsSteps()
    {
        var vocabulary = string.Join(", ", Pieces.Select(piece => JsonSerializer.Serialize(new object[] { piece.Item1, piece.Item2 })));
        Json($$$"""
            {
              "added_tokens": [{"id": 1, "content": "<s>", "special": true}, {"id": 2, "content": "</s>", "special": true}],
              "normalizer": {"type": "Sequence", "normalizers": [{"type": "Lowercase"}, {"type": "Replace", "pattern": {"Regex": "[!?]+"}, "content": ""}]},
              "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Metaspace", "replacement": "▁", "add_prefix_space": true}]},
              "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>"}}, {"Sequence": {"id": "A"}}, {"SpecialToken": {"id": "</s>"}}], "special_tokens": {"<s>": {"ids": [1]}, "</s>": {"ids": [2]} } },
              "model": {"type": "Unigram", "unk_id": 0, "vocab": [{{{vocabulary}}}]}
            }
            """);
        Config("""{"model_max_length": 16, "pad_token": "</s>"}""");
        TextTokenizer.Open(_folder.FullName).Encode(" AB!?\tacd é").ShouldBe([1, 6, 4, 9, 3, 0, 2]);
    }

    [Fact]
    public void Encode_JsonPairsWithBytes_SpellsWhatIsUnknown()
    {
        var ids = new Dictionary<string, int> { ["<pad>"] = 0, ["<eos>"] = 1, ["<unk>"] = 2, ["▁"] = 3, ["a"] = 4, ["b"] = 5, ["ab"] = 6, ["▁ab"] = 7 };
        for (var value = 0; value < 256; value++)
            ids.Add($"<0x{value:X2}>", 100 + value);
        Json($$$"""
            {
              "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
              "pre_tokenizer": {"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious"},
              "post_processor": {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A"}}, {"SpecialToken": {"id": "<eos>"}}]},
              "model": {"type": "BPE", "byte_fallback": true, "unk_token": "<unk>", "fuse_unk": true, "vocab": {{{JsonSerializer.Serialize(ids)}}}, "merges": ["a b", ["▁", "ab"]]}
            }
            """);
        Config("""{"model_max_length": 1000000000000000019884624838656, "pad_token": "<pad>"}""");
        _folder.Write("config.json", """{"model_type": "siglip2"}"""u8.ToArray());
        var tokenizer = TextTokenizer.Open(_folder.FullName);
        tokenizer.ContextLength.ShouldBe(64);
        tokenizer.Encode("AB abbé").ShouldBe([6, 7, 5, 100 + 0xC3, 100 + 0xA9, 1]);
        tokenizer.EncodeBatch(["a"]).Length.ShouldBe(64);
        tokenizer.Encode(string.Concat(Enumerable.Repeat("ab ", 300_000))).Length.ShouldBe(64);
    }

    [Theory]
    [InlineData("Unwanted,  running", new[] { 1, 3, 4, 5, 10, 6, 7, 2 })]
    [InlineData("Üné", new[] { 1, 3, 8, 2 })]
    [InlineData("未未", new[] { 1, 9, 9, 2 })]
    [InlineData("unz want", new[] { 1, 0, 0, 2 })]
    public void Encode_JsonWordPiece_CutsTheLongestPieces(string text, int[] expected)
    {
        string[] pieces = ["[UNK]", "[CLS]", "[SEP]", "un", "##want", "##ed", "runn", "##ing", "##e", "未", ",", "[PAD]"];
        Json($$$"""
            {
              "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true},
              "pre_tokenizer": {"type": "BertPreTokenizer"},
              "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 2], "cls": ["[CLS]", 1]},
              "model": {"type": "WordPiece", "unk_token": "[UNK]", "vocab": {{{JsonSerializer.Serialize(pieces.Index().ToDictionary(piece => piece.Item, piece => piece.Index))}}}}
            }
            """);
        Config("""{"model_max_length": 64}""");
        _folder.Write("config.json", """{"model_type": "align", "text_config": {"max_position_embeddings": 512}}"""u8.ToArray());
        var tokenizer = TextTokenizer.Open(_folder.FullName);
        tokenizer.Encode(text).ShouldBe(expected);
        tokenizer.PaddingId.ShouldBe(11);
        tokenizer.EncodeBatch([text]).Length.ShouldBe(64);
        File.Delete(_folder["tokenizer.json"]);
        File.WriteAllLines(_folder["vocab.txt"], pieces);
        TextTokenizer.Open(_folder.FullName).Encode(text).ShouldBe(expected);
    }

    [Theory]
    [InlineData("""{"model": {"type": "WordLevel", "vocab": {"a": 0}}}""", "its model is of type WordLevel, which is not supported; supported are BPE")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}}""", "its model is of type BPE without byte_fallback")]
    [InlineData("""{"model": {"type": "WordPiece", "vocab": {"a": 0}}, "pre_tokenizer": {"type": "Whitespace"}}""", "its WordPiece follows the pre_tokenizer Whitespace")]
    [InlineData("""{"model": {"type": "WordPiece", "vocab": {"a": 0}}, "pre_tokenizer": {"type": "BertPreTokenizer"}, "normalizer": {"type": "NFKC"}}""", "its normalizer NFKC is not supported")]
    [InlineData("""{"model": {"type": "WordPiece", "vocab": {"a": -1}}, "pre_tokenizer": {"type": "BertPreTokenizer"}}""", "the id of a is not a number from 0")]
    [InlineData("""{"model": {"type": 3}}""", "the tokenizer cannot be made of it")]
    [InlineData("""{"model": """, "it is not valid JSON")]
    [InlineData("[]", "it has no model")]
    public void Open_UnknownOrDamagedJson_NamesWhatAndTheFile(string json, string problem)
    {
        Json(json);
        var message = Should.Throw<InvalidDataException>(() => TextTokenizer.Open(_folder.FullName)).Message;
        message.ShouldStartWith(_folder["tokenizer.json"]);
        message.ShouldContain(problem);
        message.ShouldNotContain('\n');
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("ab ")]
    [InlineData("é")]
    public void Encode_Megabyte_TakesNoQuadraticTime(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, 1_000_000 / part.Length));
        var watch = Stopwatch.StartNew();
        _folder.Write("spiece.model", SentencePieceBytes.Make(Pieces, model: 1));
        Config("""{"model_max_length": 16}""");
        TextTokenizer.Open(_folder.FullName).Encode(text).Length.ShouldBeLessThanOrEqualTo(16);
        File.WriteAllLines(_folder["vocab.txt"], ["[UNK]", "[CLS]", "[SEP]", "a", "##b"]);
        TextTokenizer.Open(_folder.FullName).Encode(text).Length.ShouldBeLessThanOrEqualTo(16);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Open_NoTokenizer_ListsTheFiles() =>
        Should.Throw<InvalidDataException>(() => TextTokenizer.Open(_folder.FullName)).Message.ShouldContain("expected tokenizer.json, vocab.json with merges.txt");

    [Fact]
    public void Open_PairsOfAnotherClass_NamesIt()
    {
        _folder.Write("vocab.json", """{"a": 0}"""u8.ToArray());
        _folder.Write("merges.txt", []);
        Config("""{"tokenizer_class": "RobertaTokenizerFast"}""");
        Should.Throw<InvalidDataException>(() => TextTokenizer.Open(_folder.FullName)).Message.ShouldContain("names a RobertaTokenizer");
    }

    [Fact]
    public void Open_DamagedSentencePieceModel_NamesTheFile()
    {
        var model = SentencePieceBytes.Make(Pieces, model: 1);
        Config("""{"model_max_length": 16}""");
        for (var length = 0; length < model.Length; length++)
        {
            _folder.Write("spiece.model", model[..length]);
            var exception = Record.Exception(() => TextTokenizer.Open(_folder.FullName));
            if (exception is not null)
                exception.ShouldBeOfType<InvalidDataException>().Message.ShouldStartWith(_folder["spiece.model"]);
        }
    }

    [Fact]
    public void Open_NoContextLength_SaysWhatToAdd()
    {
        _folder.Write("spiece.model", SentencePieceBytes.Make(Pieces, model: 1));
        Should.Throw<InvalidDataException>(() => TextTokenizer.Open(_folder.FullName)).Message.ShouldContain("says no model_max_length");
    }

    private void Json(string json) => File.WriteAllText(_folder["tokenizer.json"], json);

    private void Config(string json) => File.WriteAllText(_folder["tokenizer_config.json"], json);
}
