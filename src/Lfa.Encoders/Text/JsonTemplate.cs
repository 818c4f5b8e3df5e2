using System.Text.Json;
using static Lfa.Encoders.Text.TokenizerFolder;

namespace Lfa.Encoders.Text;

/// <summary>Reads which tokens stand around a text from the post-processor of a <c>tokenizer.json</c>.</summary>
internal static class JsonTemplate
{
    public static (IReadOnlyList<int> Before, IReadOnlyList<int> After) Read(JsonElement? processor, ISubwords subwords) => Member(processor, "type")?.GetString() switch
    {
        null or "ByteLevel" => ([], []),
        "TemplateProcessing" => ReadTemplate(processor!.Value, subwords),
        "RobertaProcessing" or "BertProcessing" => ([IdOf(processor, "cls")], [IdOf(processor, "sep")]),
        "Sequence" => Member(processor, "processors")!.Value.EnumerateArray().Select(step => Read(step, subwords)).LastOrDefault(around => around is not ({ Count: 0 }, { Count: 0 }), ([], [])),
        var type => throw new LfaDataException($"its post_processor {type} is not supported; supported are TemplateProcessing, RobertaProcessing, BertProcessing, ByteLevel and Sequence."),
    };

    private static (IReadOnlyList<int>, IReadOnlyList<int>) ReadTemplate(JsonElement template, ISubwords subwords)
    {
        var (before, after, isAfter) = (new List<int>(), new List<int>(), false);
        foreach (var part in Member(template, "single")!.Value.EnumerateArray())
        {
            if (Member(Member(part, "SpecialToken"), "id")?.GetString() is { } token)
                (isAfter ? after : before).AddRange(IdsOf(template, token, subwords));
            else
                isAfter = true;
        }
        return (before, after);
    }

    private static IEnumerable<int> IdsOf(JsonElement template, string token, ISubwords subwords) =>
        Member(Member(Member(template, "special_tokens"), token), "ids") is { } ids
            ? ids.EnumerateArray().Select(id => id.GetInt32())
            : [TokenizerKinds.Require(subwords, token)];

    private static int IdOf(JsonElement? processor, string key) =>
        Member(processor, key) is { ValueKind: JsonValueKind.Array } pair ? pair[1].GetInt32() : throw new LfaDataException($"its post_processor names no {key}; get the file again.");
}
