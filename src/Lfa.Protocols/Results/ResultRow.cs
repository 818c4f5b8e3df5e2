namespace Lfa.Protocols.Results;

/// <summary>A row of the results: the figures of one part of a cell, and what it takes to repeat them.</summary>
/// <remarks>The properties are the columns of the files, in this order, their names in lower case with underscores. Those of time, memory and threads, which may differ from run to run, stand last.</remarks>
public sealed record ResultRow
{
    /// <summary>Gets the kind of experiment.</summary>
    public required string Protocol { get; init; }

    /// <summary>Gets the dataset.</summary>
    public required string Data { get; init; }

    /// <summary>Gets how many images of each class were asked for: a number, or "all".</summary>
    public required string Shots { get; init; }

    /// <summary>Gets the seed of the images drawn and of the fit.</summary>
    public required int Seed { get; init; }

    /// <summary>Gets the method.</summary>
    public required string Method { get; init; }

    /// <summary>Gets what was measured, such as "test", "base" or the name of a domain; null where the method refused the task.</summary>
    public string? Part { get; init; }

    /// <summary>Gets the part of the images whose class comes first, from 0 to 1.</summary>
    public double? Top1Accuracy { get; init; }

    /// <summary>Gets the part of the images whose class is among the first five, from 0 to 1.</summary>
    public double? Top5Accuracy { get; init; }

    /// <summary>Gets the mean of −log p of the true class, in nats; null where it is not finite.</summary>
    public double? LogLoss { get; init; }

    /// <summary>Gets the expected calibration error, from 0 to 1.</summary>
    public double? Ece { get; init; }

    /// <summary>Gets what the method chose, in words.</summary>
    public string? Chosen { get; init; }

    /// <summary>Gets why the method refused the task.</summary>
    public string? Refusal { get; init; }

    /// <summary>Gets whether the method looked at all test images, without their labels, before it classified any.</summary>
    public required bool UsesTestImages { get; init; }

    /// <summary>Gets the options of the method, in words; empty for those of the version.</summary>
    public required string Options { get; init; }

    /// <summary>Gets the number of classes that the images were told apart from.</summary>
    public required int Classes { get; init; }

    /// <summary>Gets the number of images of the fit.</summary>
    public required int TrainImages { get; init; }

    /// <summary>Gets the number of classes that had fewer images than shots, and gave all.</summary>
    public required int ShortClasses { get; init; }

    /// <summary>Gets the number of images measured on.</summary>
    public int? TestImages { get; init; }

    /// <summary>Gets the number of components of an image's embedding.</summary>
    public required int ImageWidth { get; init; }

    /// <summary>Gets the number of components of a text's embedding.</summary>
    public required int TextWidth { get; init; }

    /// <summary>Gets the file of the fit, as it was written down.</summary>
    public required string TrainFile { get; init; }

    /// <summary>Gets its SHA-256 sum.</summary>
    public required string TrainSha256 { get; init; }

    /// <summary>Gets the file measured on, as it was written down.</summary>
    public required string TestFile { get; init; }

    /// <summary>Gets its SHA-256 sum.</summary>
    public required string TestSha256 { get; init; }

    /// <summary>Gets the file with the text features, as it was written down; null where they are those of the other files.</summary>
    public string? TextFile { get; init; }

    /// <summary>Gets its SHA-256 sum.</summary>
    public string? TextSha256 { get; init; }

    /// <summary>Gets the version of the library.</summary>
    public required string Version { get; init; }

    /// <summary>Gets the command that computed the row.</summary>
    public required string Command { get; init; }

    /// <summary>Gets the runtime and the operating system.</summary>
    public required string Runtime { get; init; }

    /// <summary>Gets the processor.</summary>
    public required string Processor { get; init; }

    /// <summary>Gets the number of threads of the fit; the figures do not depend on it.</summary>
    public required int Threads { get; init; }

    /// <summary>Gets the time of the fit in seconds, the choice of parameters included.</summary>
    public double? Seconds { get; init; }

    /// <summary>Gets the largest managed heap during the fit, in bytes above that before it; null where cells ran side by side.</summary>
    public long? PeakBytes { get; init; }
}
