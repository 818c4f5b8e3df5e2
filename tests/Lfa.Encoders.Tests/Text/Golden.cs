using System.Text.Json;

namespace Lfa.Encoders.Tests.Text;

/// <summary>Reads the JSON files beside the tests.</summary>
internal static class Golden
{
    public static T Read<T>(string name)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Golden", name));
        return JsonSerializer.Deserialize<T>(file, Options)!;
    }

    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
}
