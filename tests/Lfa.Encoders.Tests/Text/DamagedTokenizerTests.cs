using System.Text;
using System.Text.Json.Nodes;
using Lfa.Encoders.Text;

namespace Lfa.Encoders.Tests.Text;

/// <summary>Files of tokenizers that are damaged everywhere: each works or is refused in a line that names it.</summary>
public sealed class DamagedTokenizerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Files => [.. SmallTokenizers.Json.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Files))]
    public void Open_DamagedJson_WorksOrNamesTheFile(string kind)
    {
        // What changes the meaning of a JSON file rather than just breaking it stands among the bytes more than once.
        var likely = " 0123456789-.[]{}\",: aabbn\\</w>null\u0000\u00ff"u8.ToArray();
        var whole = Encoding.UTF8.GetBytes(SmallTokenizers.Json[kind]);
        Config("""{"model_max_length": 8}""");
        OpenAndEncode(whole).ShouldBeTrue();
        for (var length = 0; length < whole.Length; length++)
            OpenAndEncode(whole[..length]).ShouldBeFalse();
        var state = 12345u;
        for (var round = 0; round < 500; round++)
        {
            var changed = (byte[])whole.Clone();
            for (var change = 0; change <= round % 3; change++)
                changed[Next(changed.Length)] = likely[Next(likely.Length)];
            OpenAndEncode(changed);
        }

        int Next(int below) => (int)(((state = (state * 1664525) + 1013904223) >> 8) % (uint)below);
    }

    [Theory, MemberData(nameof(Files))]
    public void Open_AnyValueOfJsonReplaced_WorksOrNamesTheFile(string kind)
    {
        Config("""{"model_max_length": 8}""");
        var root = JsonNode.Parse(SmallTokenizers.Json[kind])!;
        foreach (var (node, replace) in Values(root))
        {
            foreach (var other in (string[])["null", "[]", "{}", "[[]]", "[null]", "\"\"", "\"a\"", "true", "-1", "1.5", "300", "1e99"])
            {
                replace(JsonNode.Parse(other));
                OpenAndEncode(Encoding.UTF8.GetBytes(root.ToJsonString()));
            }
            replace(node);
        }
        OpenAndEncode(Encoding.UTF8.GetBytes(root.ToJsonString())).ShouldBeTrue();
    }

    /// <summary>Gets the values within a value, and how each is replaced; of long objects the first ones only.</summary>
    private static IEnumerable<(JsonNode? Node, Action<JsonNode?> Replace)> Values(JsonNode? parent)
    {
        const int Most = 20;
        var values = parent switch
        {
            JsonObject members => members.Select(member => (member.Value, Replace: (Action<JsonNode?>)(value => members[member.Key] = value))).Take(Most),
            JsonArray items => items.Select((item, i) => (item, Replace: (Action<JsonNode?>)(value => items[i] = value))).Take(Most),
            _ => [],
        };
        return values.ToArray().SelectMany(value => Values(value.Item1).Prepend(value));
    }

    // Any other exception fails the test.
    private bool OpenAndEncode(byte[] json)
    {
        _folder.Write("tokenizer.json", json);
        try
        {
            TextTokenizer.Open(_folder.FullName).EncodeBatch(["ab  é\n𠮷 AB", ""]);
            return true;
        }
        catch (LfaDataException e)
        {
            e.Message.ShouldStartWith(_folder.FullName);
            e.Message.ShouldNotContain('\n');
            return false;
        }
    }

    private void Config(string json) => File.WriteAllText(_folder["tokenizer_config.json"], json);
}
