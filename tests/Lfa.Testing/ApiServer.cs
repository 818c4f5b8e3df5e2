using System.Globalization;
using System.Text.Json;

namespace Lfa.Testing;

/// <summary>An embeddings API on this machine, whose answers a test may spoil.</summary>
public sealed class ApiServer : LoopbackServer
{
    public const int Dimension = 6;

    /// <summary>Gets the base of the addresses, as a user gives it.</summary>
    public Uri Base => new(Endpoint, "/v1");

    /// <summary>Gets the texts of each request.</summary>
    public IReadOnlyList<string[]> Batches => [.. Requests.Select(Texts)];

    /// <summary>Returns the embedding of a text: no two of the tests' texts have the same.</summary>
    public static float[] Embedding(string text, int dimension = Dimension) =>
        [.. Enumerable.Range(0, dimension).Select(component => (float)Math.Round(Math.Sin(component + text.Index().Sum(letter => (letter.Index + 1) * letter.Item * 0.01)), 5))];

    public static string[] Texts(ServerRequest request) => [.. Json(request).GetProperty("input").EnumerateArray().Select(text => text.GetString()!)];

    public static JsonElement Json(ServerRequest request)
    {
        using var document = JsonDocument.Parse(request.Body);
        return document.RootElement.Clone();
    }

    public static ServerAnswer Data(IEnumerable<string> entries) => ServerAnswer.Text(200, $$"""{"object": "list", "data": [{{string.Join(", ", entries)}}]}""");

    public static string Entry(int index, IEnumerable<float> embedding) =>
        $$"""{"object": "embedding", "index": {{index.ToString(CultureInfo.InvariantCulture)}}, "embedding": [{{string.Join(", ", embedding.Select(value => value.ToString(CultureInfo.InvariantCulture)))}}]}""";

    // The last text first: clients must look at the index.
    protected override ServerAnswer Answer(ServerRequest request)
    {
        if (request.Path != "/v1/embeddings")
            return ServerAnswer.Text(404, """{"error": {"message": "Not Found"}}""");
        var dimension = Json(request).TryGetProperty("dimensions", out var asked) ? asked.GetInt32() : Dimension;
        return Data(Texts(request).Index().Reverse().Select(text => Entry(text.Index, Embedding(text.Item, dimension))));
    }
}
