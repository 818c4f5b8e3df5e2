using System.Text.Json;
using System.Text.Json.Serialization;
using Lfa.Protocols.Comparison;

namespace Lfa.Analysis.Benchmark;

/// <summary>What one fit of a method to a column gave on the test images.</summary>
internal sealed record BenchmarkResult
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public required string Column { get; init; }

    public required int Seed { get; init; }

    public required string Method { get; init; }

    /// <summary>The fraction of the test images whose class has the highest score, from 0 to 1.</summary>
    public double Top1 { get; init; }

    public double LogLoss { get; init; }

    public double Ece { get; init; }

    public double Seconds { get; init; }

    /// <summary>For each test image, 1 where its class has the highest score, else 0.</summary>
    public string Correct { get; init; } = "";

    /// <summary>Why the method refuses the task; null where it does not.</summary>
    public string? Refusal { get; init; }

    public static BenchmarkResult FromOutcome(string column, int seed, ComparedMethod outcome)
    {
        var result = new BenchmarkResult { Column = column, Seed = seed, Method = outcome.Method.Name, Refusal = outcome.Refusal };
        return outcome.Evaluation is not { } evaluation ? result : result with
        {
            Top1 = evaluation.Top1Accuracy,
            LogLoss = evaluation.LogLoss,
            Ece = evaluation.Ece,
            Seconds = outcome.Time.TotalSeconds,
            Correct = string.Concat(evaluation.Labels.ToArray().Zip(evaluation.Predicted.ToArray(), (label, predicted) => label == predicted ? '1' : '0')),
        };
    }

    /// <summary>Reads a file of results: a JSON object a line.</summary>
    public static BenchmarkResult[] Read(string path) => [.. File.ReadLines(path).Select(line => JsonSerializer.Deserialize<BenchmarkResult>(line, Json)!)];

    /// <summary>Returns the result as a line of such a file.</summary>
    public string ToLine() => JsonSerializer.Serialize(this, Json);
}
