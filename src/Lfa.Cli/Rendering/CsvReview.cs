using System.Globalization;

namespace Lfa.Cli.Rendering;

/// <summary>Writes a review as comma-separated values (RFC 4180, with a header row), one row an entry of any list.</summary>
internal static class CsvReview
{
    private const string Header = "kind,rank,row,file,label,suggested,label_probability,suggested_probability,score,other_row,other_file,other_label,exact";

    public static void Write(TextWriter output, ReviewListing listing)
    {
        output.Write(Header + CsvField.LineEnd);
        var (rank, names) = (0, listing.Labeled.ClassNames);
        foreach (var one in listing.Listed(listing.Issues))
            WriteRow(output, "mislabelled", ++rank, one.Row, listing.File(one.Row), names[one.Label], names[one.Suggested], Number(one.LabelProbability), Number(one.SuggestedProbability), Number(one.Score), "", "", "", "");
        rank = 0;
        foreach (var one in listing.Listed(listing.Review.Duplicates))
            WriteRow(output, one.IsConflict ? "conflict" : "duplicate", ++rank, one.Row, listing.File(one.Row), listing.LabelOf(one.Row), "", "", "", Number(one.Cosine), Row(one.Earlier), listing.File(one.Earlier), listing.LabelOf(one.Earlier), Flag(one.IsExact));
        rank = 0;
        foreach (var one in listing.Listed(listing.Review.Overlaps))
            WriteRow(output, "overlap", ++rank, one.Row, listing.UnlabeledFile(one.Row), "", "", "", "", Number(one.Cosine), Row(one.Labeled), listing.File(one.Labeled), listing.LabelOf(one.Labeled), Flag(one.IsExact));
        rank = 0;
        foreach (var one in listing.Review.ToLabel)
            WriteRow(output, "label", ++rank, one.Row, listing.UnlabeledFile(one.Row), "", names[one.Class], "", Number(one.Probability), Number(one.Score), "", "", "", "");
    }

    private static void WriteRow(TextWriter output, string kind, int rank, int row, params ReadOnlySpan<string?> fields)
    {
        output.Write(Invariant($"{kind},{rank},{row}"));
        foreach (var field in fields)
            output.Write("," + CsvField.Of(field ?? ""));
        output.Write(CsvField.LineEnd);
    }

    private static string Number(double value) => ((float)value).ToString("R", CultureInfo.InvariantCulture);

    private static string Row(int row) => row.ToString(CultureInfo.InvariantCulture);

    private static string Flag(bool value) => value ? "true" : "false";
}
