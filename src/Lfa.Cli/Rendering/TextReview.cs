namespace Lfa.Cli.Rendering;

/// <summary>Writes a review as short tables.</summary>
internal static class TextReview
{
    // The whole lists are for files.
    private const int Shown = 10;

    /// <summary>Writes the tables.</summary>
    /// <param name="output">Takes the text.</param>
    /// <param name="listing">What to write.</param>
    /// <param name="path">Where the labeled images come from.</param>
    /// <param name="unlabeledPath">Where the unlabeled ones come from, if any.</param>
    /// <param name="outputPath">The file that the whole lists were written to, if any.</param>
    public static void Write(TextWriter output, ReviewListing listing, string path, string? unlabeledPath, string? outputPath)
    {
        var labeled = listing.Labeled;
        var model = listing.Review.GaussianWeight == 0 ? "zero-shot classification" : Invariant($"zero-shot classification with Gaussians of weight {listing.Review.GaussianWeight}");
        output.WriteLine(Invariant($"{path}: {Images(labeled.SampleCount)} of {Counted.Classes(labeled.ClassCount)}, judged by {model}, seed {listing.Seed}"));
        WriteIssues(output, listing);
        WriteDuplicates(output, listing);
        if (unlabeledPath is not null)
        {
            WriteOverlaps(output, listing, unlabeledPath);
            WriteToLabel(output, listing, unlabeledPath);
        }
        output.WriteLine();
        output.WriteLine(outputPath is null ? "Nothing was saved; give -o to keep the whole lists." : $"Wrote {outputPath}.");
    }

    private static void WriteIssues(TextWriter output, ReviewListing listing)
    {
        var names = listing.Labeled.ClassNames;
        var title = listing.Labeled.ClassCount == 1 ? "Likely mislabeled: none, for there is one class only" : $"Likely mislabeled: {Images(listing.Issues.Count)}";
        WriteSection(output, title, ["image", "label", "suggested", "probability", "of label"], listing.Issues.Count,
            listing.Listed(listing.Issues, Shown).Select(one => new[] { Name(listing.File(one.Row), one.Row), names[one.Label], names[one.Suggested], Invariant($"{one.SuggestedProbability:F4}"), Invariant($"{one.LabelProbability:F4}") }));
    }

    private static void WriteDuplicates(TextWriter output, ReviewListing listing)
    {
        var list = listing.Review.Duplicates;
        var title = Invariant($"Duplicates, cosine {listing.Options.DuplicateCosine} or more: {Images(list.Count)}, {listing.Exact} of them exact, {listing.Conflicts} with another label");
        WriteSection(output, title, ["image", "label", "duplicate of", "label", "cosine"], list.Count,
            listing.Listed(list, Shown).Select(one => new[] { Name(listing.File(one.Row), one.Row), listing.LabelOf(one.Row), Name(listing.File(one.Earlier), one.Earlier), listing.LabelOf(one.Earlier), Cosine(one.Cosine, one.IsExact) }));
    }

    private static void WriteOverlaps(TextWriter output, ReviewListing listing, string path)
    {
        var list = listing.Review.Overlaps;
        WriteSection(output, Invariant($"In {path}, too: {Images(list.Count)} of {listing.UnlabeledCount}"), ["image", "same as", "label", "cosine"], list.Count,
            listing.Listed(list, Shown).Select(one => new[] { Name(listing.UnlabeledFile(one.Row), one.Row), Name(listing.File(one.Labeled), one.Labeled), listing.LabelOf(one.Labeled), Cosine(one.Cosine, one.IsExact) }));
    }

    private static void WriteToLabel(TextWriter output, ReviewListing listing, string path)
    {
        var (list, names) = (listing.Review.ToLabel, listing.Labeled.ClassNames);
        WriteSection(output, $"To label next of {path}: {Images(list.Count)}", ["image", "suggested", "probability", "uncertainty", "distance"], list.Count,
            list.Select(one => new[] { Name(listing.UnlabeledFile(one.Row), one.Row), names[one.Class], Invariant($"{one.Probability:F4}"), Invariant($"{one.Uncertainty:F4}"), Invariant($"{one.Distance:F4}") }));
    }

    private static void WriteSection(TextWriter output, string title, string[] header, int count, IEnumerable<string[]> rows)
    {
        output.WriteLine();
        output.WriteLine(title);
        var (table, shown) = (new TextTable(), 0);
        table.Add(header);
        foreach (var row in rows)
        {
            table.Add(row);
            shown++;
        }
        if (shown > 0)
            table.Write(output);
        if (shown < count)
            output.WriteLine(Invariant($"… and {count - shown} more"));
    }

    private static string Images(int count) => Counted.Of(count, "image", "images");

    private static string Name(string? file, int row) => file is null ? Invariant($"row {row}") : OneLine.Of(file);

    private static string Cosine(double cosine, bool isExact) => isExact ? "exact" : Invariant($"{cosine:F4}");
}
