using System.Buffers;
using Lfa.Classification;

namespace Lfa.Cli.Rendering;

/// <summary>Writes predictions as comma-separated values (RFC 4180, with a header row).</summary>
internal sealed class CsvPredictions : PredictionReport
{
    private const string LineEnd = "\r\n";

    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    public CsvPredictions(TextWriter output, IReadOnlyList<string>? fileNames, int top)
        : base(output, fileNames)
    {
        output.Write($"{KeyName},class,probability");
        for (var rank = 2; rank <= top; rank++)
            output.Write(Invariant($",class_{rank},probability_{rank}"));
        output.Write(LineEnd);
    }

    protected override void WriteRow(Prediction prediction)
    {
        Output.Write(FileName is { } name ? Field(name) : Invariant($"{Rows}"));
        foreach (var one in prediction.Top)
            Output.Write(Invariant($",{Field(one.ClassName)},{(float)one.Probability:R}"));
        Output.Write(LineEnd);
    }

    private static string Field(string text) =>
        text.AsSpan().ContainsAny(Quoted) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
