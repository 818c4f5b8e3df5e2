namespace Lfa.IO;

/// <summary>Represents the classes of a feature file.</summary>
/// <param name="Count">The number of classes C.</param>
/// <param name="Names">The names of the classes, or null where the file has none.</param>
/// <param name="MinSamples">The images of the class with the fewest, or null where the file has no labels.</param>
/// <param name="MaxSamples">The images of the class with the most, or null where the file has no labels.</param>
public sealed record ClassReport(long Count, IReadOnlyList<string>? Names, int? MinSamples, int? MaxSamples)
{
    /// <summary>Gets the prompts of a class P. Default: 1.</summary>
    public long PromptCount { get; init; } = 1;
}
