using Lfa.Classification;

namespace Lfa.Cli.Rendering;

/// <summary>Writes predictions as comma-separated values (RFC 4180, with a header row).</summary>
internal sealed class CsvPredictions : PredictionReport
{
    private const char Separator = '|'; // of the classes of a set; in a name it stands behind a backslash, as a backslash does

    public CsvPredictions(TextWriter output, IReadOnlyList<string>? fileNames, PredictionColumns columns)
        : base(output, fileNames, columns)
    {
        output.Write($"{KeyName},class,probability");
        for (var rank = 2; rank <= columns.Top; rank++)
            output.Write(Invariant($",class_{rank},probability_{rank}"));
        if (columns.Set)
            output.Write(",set");
        if (columns.Unknown)
            output.Write(",unknown");
        output.Write(CsvField.LineEnd);
    }

    protected override void WriteRow(Prediction prediction)
    {
        Output.Write(FileName is { } name ? CsvField.Of(name) : Invariant($"{Rows}"));
        foreach (var one in prediction.Top)
            Output.Write(Invariant($",{CsvField.Of(one.ClassName)},{(float)one.Probability:R}"));
        if (Columns.Set)
            Output.Write($",{CsvField.Of(string.Join(Separator, prediction.PredictionSet!.Select(one => Escape(one.ClassName))))}");
        if (Columns.Unknown)
            Output.Write(prediction.IsUnknown ? ",true" : ",false");
        Output.Write(CsvField.LineEnd);
    }

    private static string Escape(string name) => name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal);
}
