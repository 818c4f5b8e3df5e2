using System.Text.Json;

namespace Lfa.Encoders.Tests.Text;

/// <summary>A small tokenizer.json of each kind.</summary>
internal static class SmallTokenizers
{
    public static IReadOnlyDictionary<string, string> Json { get; } = new Dictionary<string, string>
    {
        ["unigram"] = """
            {
              "added_tokens": [{"id": 1, "content": "</s>", "special": true}],
              "normalizer": {"type": "Sequence", "normalizers": [{"type": "Lowercase"}, {"type": "Replace", "pattern": {"String": "!"}, "content": ""}, {"type": "Strip", "strip_left": true}]},
              "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true}]},
              "post_processor": {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A"}}, {"SpecialToken": {"id": "</s>"}}], "special_tokens": {"</s>": {"ids": [1]} } },
              "padding": {"pad_id": 1},
              "model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0], ["</s>", 0.0], ["▁", -2.5], ["a", -3.5], ["ab", -1.5]]}
            }
            """,
        ["word pieces"] = """
            {
              "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true},
              "pre_tokenizer": {"type": "BertPreTokenizer"},
              "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 2], "cls": ["[CLS]", 1]},
              "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "a": 3, "##b": 4, "e": 5}}
            }
            """,
        ["pairs"] = $$$"""
            {
              "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
              "pre_tokenizer": {"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious", "invert": false},
              "post_processor": {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A"}}, {"SpecialToken": {"id": "a"}}]},
              "model": {"type": "BPE", "byte_fallback": true, "vocab": {{{JsonSerializer.Serialize(WithBytes(["a", "b", "ab", "▁", "▁ab"]))}}}, "merges": ["a b", ["▁", "ab"]]}
            }
            """,
        ["clip"] = """
            {
              "model": {"type": "BPE", "unk_token": "<|endoftext|>", "end_of_word_suffix": "</w>", "vocab": {"a": 0, "b": 1, "a</w>": 2, "b</w>": 3, "ab</w>": 4, "<|startoftext|>": 5, "<|endoftext|>": 6}, "merges": ["a b</w>"]}
            }
            """,
    };

    private static Dictionary<string, int> WithBytes(string[] pieces) =>
        pieces.Concat(Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>")).Index().ToDictionary(piece => piece.Item, piece => piece.Index);
}
