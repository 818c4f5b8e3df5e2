using Lfa.Classification;
using Lfa.Model;

namespace Lfa.Cli.Rendering;

/// <summary>Renders an approximation of learned prototypes.</summary>
internal static class ApproximateReport
{
    /// <summary>Writes how well the transform fits, and the accuracies.</summary>
    /// <param name="output">Takes the text.</param>
    /// <param name="approximation">The approximation.</param>
    /// <param name="accuracies">The accuracies on the test set, if there is one.</param>
    /// <param name="testPath">The name of the test set.</param>
    /// <param name="outputPath">The file that was written, if any.</param>
    public static void WriteText(TextWriter output, PromptApproximation approximation, PromptAccuracies? accuracies, string? testPath, string? outputPath)
    {
        output.WriteLine(Invariant($"Residual {approximation.Residual:F4} of the length of the learned prototypes, ridge {approximation.Ridge:G7}"));
        output.WriteLine("Mean cosine with the learned prototypes");
        var cosines = new TextTable();
        cosines.Add("class names as they are", Invariant($"{approximation.NamesCosine:F4}"));
        cosines.Add("transformed", Invariant($"{approximation.Cosine:F4}"));
        cosines.Add("transformed, each class left out of the fit", Invariant($"{approximation.LeftOutCosine:F4}"));
        cosines.Write(output);
        output.WriteLine(Invariant($"Of the classes left out, {100 * approximation.LeftOutAccuracy:F2} % are nearest to their own learned prototype."));
        if (accuracies is not null)
        {
            output.WriteLine();
            output.WriteLine($"Accuracy in per cent on {testPath}");
            var table = new TextTable();
            table.Add("", "top-1", "top-5");
            foreach (var (_, name, accuracy) in Rows(accuracies))
                table.Add(name, Per.Cent(accuracy.Top1), Per.Cent(accuracy.Top5));
            table.Write(output);
        }
        output.WriteLine();
        output.WriteLine(outputPath is null ? "Nothing was saved; give -o to keep the transform." : $"Wrote {outputPath}.");
    }

    /// <summary>Writes one JSON document.</summary>
    /// <param name="output">Takes the document.</param>
    /// <param name="approximation">The approximation.</param>
    /// <param name="accuracies">The accuracies on the test set, if there is one.</param>
    public static void WriteJson(TextWriter output, PromptApproximation approximation, PromptAccuracies? accuracies) => JsonReport.Write(output, json =>
    {
        json.WriteNumber("ridge", approximation.Ridge);
        json.WriteNumber("residual", approximation.Residual);
        json.WriteNumber("cosine", approximation.Cosine);
        json.WriteNumber("namesCosine", approximation.NamesCosine);
        json.WriteNumber("leftOutCosine", approximation.LeftOutCosine);
        json.WriteNumber("leftOutAccuracy", approximation.LeftOutAccuracy);
        json.WriteNumber("leftOutTop1", 100 * approximation.LeftOutAccuracy); // in per cent, as before
        if (accuracies is null)
        {
            json.WriteNull("test");
            return;
        }
        json.WriteStartObject("test");
        foreach (var (property, _, accuracy) in Rows(accuracies))
            json.WriteAccuracy(property, accuracy);
        json.WriteEndObject();
    });

    private static (string Property, string Name, Accuracy Accuracy)[] Rows(PromptAccuracies accuracies) =>
    [
        ("names", "class names", accuracies.Names),
        ("learned", "learned prototypes", accuracies.Learned),
        ("approximated", "approximated", accuracies.Approximated),
        ("leftOut", "approximated, left out", accuracies.LeftOut),
    ];
}
