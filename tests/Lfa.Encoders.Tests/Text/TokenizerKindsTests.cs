using System.Text.Json;
using Lfa.Encoders.Text;

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
        // The model was trained without a mask.
        batch.Mask.ToArray().ShouldBe([1, 1, 1, 1, 1, 1, 1, 1]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t")]
    [InlineData("?!")]
    [InlineData("▁")]
    public void Encode_SiglipNothingToRead_GivesTheEndOnly(string text)
    {
        _folder.Write("spiece.model", SentencePieceBytes.Make(Pieces, model: 1));
        Config("""{"tokenizer_class": "SiglipTokenizer", "model_max_length": 8}""");
        TextTokenizer.Open(_folder.FullName).Encode(text).ShouldBe([2]);
    }

    [Fact]
    public void Encode_SiglipCapitals_AreMadeSmallOneByOne()
    {
        (string, float, int)[] pieces = [("<unk>", 0, 2), ("</s>", 0, 3), ("▁", -1, 1), ("σ", -1, 1), ("ς", -1, 1)];
        _folder.Write("spiece.model", SentencePieceBytes.Make(pieces, model: 1));
        Config("""{"tokenizer_class": "SiglipTokenizer", "model_max_length": 8}""");
        TextTokenizer.Open(_folder.FullName).Encode("ΣΣ").ShouldBe([2, 3, 3, 1]);
    }

    // "<x>" is chosen: it beats "▁<" and "x>b", is not made "ab" by the map of its "x", and is the longest ("<x" is chosen, too).
    [Theory]
    [InlineData(1, "a<x>b", new[] { 4, 9, 5 })]
    [InlineData(2, "a<x>b", new[] { 4, 9, 5 })]
    [InlineData(1, "<x>", new[] { 3, 9 })]
    [InlineData(1, "<xx", new[] { 3, 10, 4, 5 })]
    public void Encode_PiecesChosenByTheMaker_AreFoundFirst(int model, string text, int[] expected)
    {
        (string, float, int)[] pieces =
        [
            ("<unk>", 0, 2), ("<s>", 0, 3), ("</s>", 0, 3), ("▁", -4, 1), ("a", -4, 1), ("b", -4, 1), ("a<", -1, 1), ("<", -4, 1), (">b", -1, 1), ("<x>", -50, 4), ("<x", -50, 4),
        ];
        _folder.Write("tokenizer.model", SentencePieceBytes.Make(pieces, model, map: SentencePieceBytes.MapOf((byte)'x', "ab")));
        Config("""{"model_max_length": 16, "add_eos_token": false}""");
        var ids = TextTokenizer.Open(_folder.FullName).Encode(text);
        ids.SkipWhile(id => id == 3).ShouldBe(expected.SkipWhile(id => id == 3));
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

    [Fact]
    public void Encode_WordThatDoesNotFit_IsCutWithin()
    {
        File.WriteAllLines(_folder["vocab.txt"], ["[UNK]", "[PAD]", "[CLS]", "[SEP]", "un", "##want", "##ed", "x"]);
        Config("""{"model_max_length": 4}""");
        TextTokenizer.Open(_folder.FullName).Encode("x unwanted").ShouldBe([2, 7, 4, 3]);
    }

    [Theory]
    [InlineData("x\u000By\u000Cz\u0085x", new[] { 2, 0, 3 })]
    [InlineData("x\ty\nx\ry\u2028x", new[] { 2, 4, 5, 4, 5, 4, 3 })]
    [InlineData("ΣΣ", new[] { 2, 6, 3 })]
    public void Encode_BertText_IsCleanedAsPublished(string text, int[] expected)
    {
        File.WriteAllLines(_folder["vocab.txt"], ["[UNK]", "[PAD]", "[CLS]", "[SEP]", "x", "y", "σσ"]);
        Config("""{"model_max_length": 16}""");
        TextTokenizer.Open(_folder.FullName).Encode(text).ShouldBe(expected);
    }

    [Theory]
    [InlineData("", "a b", new[] { 4, 3, 5 })]
    [InlineData(""", "prepend_scheme": "never" """, "a b", new[] { 4, 3, 5 })]
    // Cut as one: "a▁b" is a piece; cut at each ▁ it cannot be found.
    [InlineData(""", "prepend_scheme": "never", "split": false""", "a b", new[] { 6 })]
    [InlineData(""", "prepend_scheme": "first", "split": false""", "a b", new[] { 3, 6 })]
    public void Encode_JsonMetaspace_IsFollowed(string settings, string text, int[] expected)
    {
        var start = settings.Length == 0 ? [3] : Array.Empty<int>();
        Json($$$"""
            {
              "pre_tokenizer": {"type": "Metaspace", "replacement": "▁"{{{settings}}}},
              "model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0], ["<s>", -9], ["</s>", -9], ["▁", -4], ["a", -2], ["b", -2], ["a▁b", -1]]}
            }
            """);
        Config("""{"model_max_length": 16, "pad_token": "</s>"}""");
        TextTokenizer.Open(_folder.FullName).Encode(text).ShouldBe([.. start, .. expected]);
    }

    [Theory]
    [InlineData("""{"type": "Metaspace", "replacement": "_"}""", "its Metaspace has the replacement _; supported is ▁.")]
    [InlineData("""{"type": "Metaspace", "prepend_scheme": "last"}""", "its Metaspace has the prepend_scheme last")]
    [InlineData("""{"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Metaspace", "prepend_scheme": "first"}]}""", "its Metaspace after WhitespaceSplit has the prepend_scheme first")]
    [InlineData("""{"type": "Digits"}""", "its Unigram follows the pre_tokenizer Digits; supported is Metaspace")]
    public void Open_UnigramOfAnotherSplit_NamesIt(string step, string problem)
    {
        Json($$$"""{"pre_tokenizer": {{{step}}}, "model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0], ["a", -1]]}}""");
        Problem().ShouldContain(problem);
    }

    [Theory]
    [InlineData("""{"type": "Metaspace", "replacement": "▁", "split": false}""", "its BPE follows the pre_tokenizer Metaspace; supported is none, or Split")]
    [InlineData("""{"type": "Split", "pattern": {"Regex": " "}}""", "its BPE follows a pre_tokenizer Split that cuts words")]
    [InlineData("""{"type": "Split", "pattern": {"String": "a"}}""", "its BPE follows a pre_tokenizer Split that cuts words")]
    [InlineData("""{"type": "Split", "pattern": {"String": " "}, "behavior": "Isolated"}""", "its BPE follows a pre_tokenizer Split that cuts words")]
    [InlineData("""{"type": "Sequence", "pretokenizers": [{"type": "Digits"}, {"type": "ByteLevel"}]}""", "its BPE follows the pre_tokenizer Digits, ByteLevel;")]
    public void Open_PairsOfAnotherSplit_NamesIt(string step, string problem)
    {
        var ids = JsonSerializer.Serialize(Enumerable.Range(0, 256).ToDictionary(value => $"<0x{value:X2}>"));
        Json($$$"""{"pre_tokenizer": {{{step}}}, "model": {"type": "BPE", "byte_fallback": true, "vocab": {{{ids}}}, "merges": []}}""");
        Problem().ShouldContain(problem);
    }

    [Theory]
    [InlineData("""{"model": {"type": "WordLevel", "vocab": {"a": 0}}}""", "its model is of type WordLevel, which is not supported; supported are BPE")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}}""", "its model is of type BPE without byte_fallback")]
    [InlineData("""{"model": {"type": "WordPiece", "vocab": {"a": 0}}, "pre_tokenizer": {"type": "Whitespace"}}""", "its WordPiece follows the pre_tokenizer Whitespace")]
    [InlineData("""{"model": {"type": "WordPiece", "vocab": {"a": 0}}, "pre_tokenizer": {"type": "BertPreTokenizer"}, "normalizer": {"type": "NFKC"}}""", "its normalizer NFKC is not supported")]
    [InlineData("""{"model": {"type": "WordPiece", "vocab": {"a": -1}}, "pre_tokenizer": {"type": "BertPreTokenizer"}}""", "the id of a is not a number from 0")]
    [InlineData("""{"model": {"type": 3}}""", "the tokenizer cannot be made of it")]
    [InlineData("""{"model": {"type": "BPE", "end_of_word_suffix": "</w>", "vocab": {"a": 0}, "merges": [["a"]]}}""", "its merge [\"a\"] is not two pieces")]
    [InlineData("""{"model": {"type": "BPE", "end_of_word_suffix": "</w>", "vocab": {"a": 0}, "merges": [null]}}""", "its merge null is not two pieces")]
    [InlineData("""{"model": {"type": "Unigram", "unk_id": 0, "vocab": [[]]}, "pre_tokenizer": {"type": "Metaspace"}}""", "the tokenizer cannot be made of it")]
    [InlineData("""{"model": {"type": "Unigram", "unk_id": 1, "vocab": [["a", 0]]}, "pre_tokenizer": {"type": "Metaspace"}}""", "its unk_id is 1 but its vocabulary has 1 pieces")]
    [InlineData("""{"model": {"type": "Unigram", "unk_id": -1, "vocab": [["a", 0]]}, "pre_tokenizer": {"type": "Metaspace"}}""", "its unk_id is -1 but its vocabulary has 1 pieces")]
    [InlineData("""{"model": {"type": "Unigram", "unk_id": 0, "vocab": [["a", 0]]}, "pre_tokenizer": {"type": "Metaspace"}, "padding": {"pad_id": -1}}""", "is below 0")]
    [InlineData("""{"model": """, "it is not valid JSON")]
    [InlineData("[]", "it has no model")]
    public void Open_UnknownOrDamagedJson_NamesWhatAndTheFile(string json, string problem)
    {
        Json(json);
        Problem().ShouldContain(problem);
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("ab ")]
    [InlineData("é")]
    public void Encode_Megabyte_TakesNoQuadraticTime(string part)
    {
        _folder.Write("spiece.model", SentencePieceBytes.Make(Pieces, model: 1));
        Config("""{"model_max_length": 16}""");
        var pieces = TextTokenizer.Open(_folder.FullName);
        File.WriteAllLines(_folder["vocab.txt"], ["[UNK]", "[CLS]", "[SEP]", "a", "##b"]);
        var words = TextTokenizer.Open(_folder.FullName);
        foreach (var tokenizer in (TextTokenizer[])[pieces, words])
        {
            Growth.ShouldNotBeQuadratic(250_000, size =>
            {
                var text = string.Concat(Enumerable.Repeat(part, size / part.Length));
                return () => tokenizer.Encode(text).Length.ShouldBeLessThanOrEqualTo(16);
            });
        }
    }

    [Fact]
    public void Open_NoTokenizer_ListsTheFiles() =>
        Should.Throw<LfaDataException>(() => TextTokenizer.Open(_folder.FullName)).Message.ShouldContain("expected tokenizer.json, vocab.json with merges.txt");

    [Fact]
    public void Open_PairsOfAnotherClass_NamesIt()
    {
        _folder.Write("vocab.json", """{"a": 0}"""u8.ToArray());
        _folder.Write("merges.txt", []);
        Config("""{"tokenizer_class": "RobertaTokenizerFast"}""");
        Should.Throw<LfaDataException>(() => TextTokenizer.Open(_folder.FullName)).Message.ShouldContain("names a RobertaTokenizer");
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
                exception.ShouldBeOfType<LfaDataException>().Message.ShouldStartWith(_folder["spiece.model"]);
        }
    }

    [Fact]
    public void Open_NoContextLength_SaysWhatToAdd()
    {
        _folder.Write("spiece.model", SentencePieceBytes.Make(Pieces, model: 1));
        Should.Throw<LfaDataException>(() => TextTokenizer.Open(_folder.FullName)).Message.ShouldContain("says no model_max_length");
    }

    private string Problem()
    {
        var message = Should.Throw<LfaDataException>(() => TextTokenizer.Open(_folder.FullName)).Message;
        message.ShouldStartWith(_folder["tokenizer.json"]);
        message.ShouldNotContain('\n');
        return message;
    }

    private void Json(string json) => File.WriteAllText(_folder["tokenizer.json"], json);

    private void Config(string json) => File.WriteAllText(_folder["tokenizer_config.json"], json);
}
