using System.Text.Json;

namespace Lfa.Cli.Rendering;

/// <summary>Writes a review as one JSON document.</summary>
internal static class JsonReview
{
    public static void Write(TextWriter output, ReviewListing listing) => JsonReport.Write(output, json =>
    {
        var (review, names) = (listing.Review, listing.Labeled.ClassNames);
        json.WriteNumber("samples", listing.Labeled.SampleCount);
        json.WriteNumber("classes", listing.Labeled.ClassCount);
        json.WriteNumberOrNull("unlabelled", listing.UnlabeledCount);
        json.WriteNumber("seed", listing.Seed);
        json.WriteNumber("duplicateCosine", listing.Options.DuplicateCosine);
        json.WriteNumber("gaussianWeight", review.GaussianWeight);
        json.WriteNumber("temperature", review.Temperature);
        json.WriteNumber("issues", listing.Issues.Count);
        json.WriteNumber("conflicts", listing.Conflicts);
        WriteList(json, "mislabelled", listing.Listed(listing.Issues), one =>
        {
            WriteImage(json, "", one.Row, listing.File(one.Row));
            json.WriteString("label", names[one.Label]);
            json.WriteString("suggested", names[one.Suggested]);
            json.WriteNumber("labelProbability", (float)one.LabelProbability);
            json.WriteNumber("suggestedProbability", (float)one.SuggestedProbability);
            json.WriteNumber("score", (float)one.Score);
        });
        WriteList(json, "duplicates", listing.Listed(review.Duplicates), one =>
        {
            WriteImage(json, "", one.Row, listing.File(one.Row));
            json.WriteString("label", listing.LabelOf(one.Row));
            WriteImage(json, "other", one.Earlier, listing.File(one.Earlier));
            json.WriteString("otherLabel", listing.LabelOf(one.Earlier));
            json.WriteNumber("cosine", (float)one.Cosine);
            json.WriteBoolean("exact", one.IsExact);
            json.WriteBoolean("conflict", one.IsConflict);
        });
        WriteList(json, "overlaps", listing.Listed(review.Overlaps), one =>
        {
            WriteImage(json, "", one.Row, listing.UnlabeledFile(one.Row));
            WriteImage(json, "other", one.Labeled, listing.File(one.Labeled));
            json.WriteString("otherLabel", listing.LabelOf(one.Labeled));
            json.WriteNumber("cosine", (float)one.Cosine);
            json.WriteBoolean("exact", one.IsExact);
        });
        WriteList(json, "toLabel", review.ToLabel, one =>
        {
            WriteImage(json, "", one.Row, listing.UnlabeledFile(one.Row));
            json.WriteString("suggested", names[one.Class]);
            json.WriteNumber("suggestedProbability", (float)one.Probability);
            json.WriteNumber("uncertainty", (float)one.Uncertainty);
            json.WriteNumber("distance", (float)one.Distance);
            json.WriteNumber("score", (float)one.Score);
        });
    });

    private static void WriteList<T>(Utf8JsonWriter json, string name, IEnumerable<T> list, Action<T> writeProperties)
    {
        json.WriteStartArray(name);
        foreach (var one in list)
        {
            json.WriteStartObject();
            writeProperties(one);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>Writes the row of an image, and its file where that is known.</summary>
    private static void WriteImage(Utf8JsonWriter json, string prefix, int row, string? file)
    {
        json.WriteNumber(prefix.Length == 0 ? "row" : $"{prefix}Row", row);
        if (file is not null)
            json.WriteString(prefix.Length == 0 ? "file" : $"{prefix}File", file);
    }
}
