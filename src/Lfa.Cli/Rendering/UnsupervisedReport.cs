using System.Text.Json;
using Lfa.Methods;
using Lfa.Transport;

namespace Lfa.Cli.Rendering;

/// <summary>Renders how images without labels took part in a fit.</summary>
internal static class UnsupervisedReport
{
    /// <summary>Writes it in a few lines; with a line for each round, if asked for.</summary>
    /// <param name="output">Takes the text.</param>
    /// <param name="unsupervised">How the images got labels.</param>
    /// <param name="selection">How much they have to say beside labeled images; null where these do not judge.</param>
    /// <param name="explains">Whether to tell of each round.</param>
    public static void WriteText(TextWriter output, TransportReport unsupervised, UnlabeledSelection? selection, bool explains)
    {
        var (first, last) = (unsupervised.Rounds[0], unsupervised.Rounds[^1]);
        var joined = unsupervised.LabeledImages > 0 ? $", which join {Counted.Of(unsupervised.LabeledImages, "labeled one", "labeled ones")}" : "";
        output.WriteLine(Invariant($"Labels: given by transport to {Counted.Of(unsupervised.Images, "image", "images")}{joined}; class prior {Prior(unsupervised.ClassPrior, first)}; {100 * first.Agreement:F1} % are those of the nearest class names."));
        if (last.Kept < 1)
            output.WriteLine(Invariant($"Left out as not sure enough: {100 * (1 - last.Kept):F1} % of these images."));
        if (unsupervised.ClassesWithoutImages > 0)
            output.WriteLine($"No such image was given to {Counted.Classes(unsupervised.ClassesWithoutImages)}; where no labeled image is of it either, the name alone speaks for a class.");
        if (!unsupervised.Converged)
            output.WriteLine(Invariant($"The class prior does not hold: a class misses its part by {100 * unsupervised.Rounds.Max(round => round.MarginalError):F1} %; give a larger --epsilon."));
        output.WriteLine(selection is null ? "Probabilities are as sure as those of zero-shot, on average; without labels nobody can tell how often they are right." : Describe(selection));
        if (explains)
            WriteRounds(output, unsupervised.Rounds);
        if (selection is not null)
            output.WriteLine("The choice for the labeled images alone:");
    }

    /// <summary>Writes the property "unsupervised".</summary>
    public static void WriteJson(Utf8JsonWriter json, TransportReport unsupervised, UnlabeledSelection? selection)
    {
        json.WriteStartObject("unsupervised");
        json.WriteNumber("images", unsupervised.Images);
        json.WriteNumber("labeledImages", unsupervised.LabeledImages);
        json.WriteString("classPrior", unsupervised.ClassPrior.ToString());
        json.WriteNumber("labelledImages", unsupervised.LabeledImages); // these two by their former names
        json.WriteString("shares", unsupervised.ClassPrior.ToString());
        json.WriteBoolean("converged", unsupervised.Converged);
        json.WriteNumber("classesWithoutImages", unsupervised.ClassesWithoutImages);
        json.WriteBoolean("equalSharesFit", unsupervised.EqualSharesFit);
        if (selection is not null)
            Write(json, selection);
        json.WriteStartArray("rounds");
        foreach (var round in unsupervised.Rounds)
        {
            json.WriteStartObject();
            json.WriteNumber("passes", round.Iterations);
            json.WriteNumberOrNull("marginalError", round.MarginalError);
            json.WriteBoolean("converged", round.Converged);
            json.WriteNumberOrNull("uniformity", round.Uniformity);
            json.WriteNumber("agreement", round.Agreement);
            json.WriteNumber("kept", round.Kept);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Describe(UnlabeledSelection selection) => selection.Reason switch
    {
        UnlabeledReason.Gains => Invariant($"Images without labels have {100 * selection.Part:0} % of the say: of {Counted.Of(selection.Images, "labeled image", "labeled images")} held out, {100 * selection.Accuracy:F1} % are right with them and {100 * selection.LabeledAccuracy:F1} % without."),
        UnlabeledReason.OneExample => Invariant($"Images without labels have {100 * selection.Part:0} % of the say, by their number: one labeled image a class leaves none to hold out."),
        UnlabeledReason.NothingLearned => "Images without labels have no say: by themselves they do not speak for leaving zero-shot.",
        UnlabeledReason.FewerRight => Invariant($"Images without labels have no say: with them fewer of {Counted.Of(selection.Images, "labeled image", "labeled images")} held out are right."),
        _ => Invariant($"Images without labels have no say: with them the log-loss of {Counted.Of(selection.Images, "labeled image", "labeled images")} held out changes by {-selection.Gain:+0.0000;-0.0000;0.0000} ± {selection.GainError:F4} nats, no fall beyond noise."),
    };

    private static void Write(Utf8JsonWriter json, UnlabeledSelection selection)
    {
        json.WriteNumber("part", selection.Part);
        json.WriteString("reason", JsonNamingPolicy.CamelCase.ConvertName(selection.Reason.ToString()));
        json.WriteNumber("heldOutImages", selection.Images);
        json.WriteNumber("gain", selection.Gain);
        json.WriteNumber("gainError", selection.GainError);
        json.WriteNumberOrNull("labeledAccuracy", selection.LabeledAccuracy);
        json.WriteNumberOrNull("accuracy", selection.Accuracy);
    }

    private static string Prior(ClassPrior prior, TransportRound round) => (prior.IsEstimated, round.Uniformity) switch
    {
        (true, 1) => "estimated: uniform",
        (true, { } uniformity) => Invariant($"estimated: {100 * uniformity:0} % uniform, the rest as zero-shot finds them"),
        _ => prior.ToString(),
    };

    private static void WriteRounds(TextWriter output, IReadOnlyList<TransportRound> rounds)
    {
        output.WriteLine();
        output.WriteLine("Rounds of transport: per cent of the labels that are those of the round before (the nearest class names before the first), and of the images that took part");
        var table = new TextTable();
        table.Add("", "passes", "same label", "took part");
        foreach (var (round, i) in rounds.Select((round, i) => (round, i + 1)))
            table.Add(Invariant($"{i}"), Invariant($"{round.Iterations}"), Invariant($"{100 * round.Agreement:F2}"), Invariant($"{100 * round.Kept:F2}"));
        table.Write(output);
        output.WriteLine();
    }
}
