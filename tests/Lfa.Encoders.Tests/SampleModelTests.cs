using System.Text.Json;
using Lfa.Encoders.Models;
using Lfa.Encoders.Text;
using Microsoft.Extensions.AI;

namespace Lfa.Encoders.Tests;

/// <summary>The model in samples/emoji beside what PyTorch and Pillow gave where it was trained.</summary>
public class SampleModelTests
{
    // Float32 sums in another order; the weights are the same float16 values.
    private const float Tolerance = 2e-4f;

    private static string Folder => Repository.Root is { } root
        ? Path.Combine(root, "samples", "emoji")
        : throw new DirectoryNotFoundException("The tests do not run from inside the repository.");

    [Fact]
    public void Tokens_AreThoseOfItsTraining()
    {
        var tokenizer = TextTokenizer.Open(Path.Combine(Folder, "model"));
        foreach (var row in Rows("emoji-tokens.json"))
            tokenizer.Encode(row.GetProperty("text").GetString()!).ShouldBe(row.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()), row.GetProperty("text").GetString());
    }

    [Fact]
    public async Task Embeddings_AreThoseOfPyTorch()
    {
        var model = ModelFolder.Open(Path.Combine(Folder, "model"));
        using var images = ImageEncoder.Open(model);
        using var texts = TextEncoder.Open(model);
        foreach (var row in Rows("emoji-embeddings.json"))
        {
            var embeddings = row.TryGetProperty("text", out var text)
                ? await texts.GenerateAsync([text.GetString()!], cancellationToken: TestContext.Current.CancellationToken)
                : await images.GenerateAsync([new DataContent(File.ReadAllBytes(Path.Combine(Folder, row.GetProperty("image").GetString()!)).AsMemory(), "image/png")], cancellationToken: TestContext.Current.CancellationToken);
            foreach (var (index, expected) in row.GetProperty("first").EnumerateArray().Index())
                embeddings[0].Vector.Span[index].ShouldBe(expected.GetSingle(), Tolerance);
        }
    }

    [Fact]
    public void Sample_IsSmall() =>
        new DirectoryInfo(Folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length).ShouldBeLessThan(12_000_000);

    private static JsonElement[] Rows(string file) =>
        [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", file))).RootElement.EnumerateArray()];
}
