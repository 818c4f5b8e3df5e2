namespace Lfa.Cli.Parsing;

/// <summary>Symbols that the help shows under one title.</summary>
/// <param name="Title">The title.</param>
/// <param name="Names">The names of the commands or options.</param>
/// <param name="IsRare">Whether only --help-all shows them.</param>
internal sealed record HelpGroup(string Title, string[] Names, bool IsRare = false);

/// <summary>The order in which the help shows commands and options.</summary>
internal static class HelpGroups
{
    /// <summary>Gets the groups of commands, by task.</summary>
    public static IReadOnlyList<HelpGroup> Commands { get; } =
    [
        new("Try", ["demo"]),
        new("Features", ["embed", "inspect"]),
        new("Fit", ["fit", "compare", "update"]),
        new("Use", ["predict", "evaluate", "export"]),
        new("Data and models", ["review", "datasets", "models"]),
        new("Research", ["protocol", "learn", "approximate"]),
    ];

    /// <summary>Gets the groups of options; those in none come last.</summary>
    public static IReadOnlyList<HelpGroup> Options { get; } =
    [
        new("Data", ["--test", "--classes", "--class-features", "--new-classes", "--unsupervised", "--unlabeled", "--with", "--add-class", "--add-classes", "--remove-class", "--root"]),
        new("Encoder", ["--model", "--template"]),
        new("Method", ["--method", "--methods", "--together", "--seed", "--threads"]),
        new("Output", ["--output", "--in-place", "--json", "--markdown", "--explain", "--per-class", "--top", "--coverage", "--reject"]),
        new("Images and their model", ["--variant", "--provider", "--image-batch", "--frames", "--frame-pooling", "--apply-orientation", "--crops", "--no-cache"], IsRare: true),
        new("Text features from elsewhere", ["--text-features", "--text-api", "--text-model", "--text-dimensions", "--text-key-variable"], IsRare: true),
        new("Feature files", ["--middle-axis", "--no-normalize", "--encoder", "--temperature"], IsRare: true),
        new("Two spaces (auto, lfa, procrustes, beta-procrustes, least-squares)", ["--projection", "--components"], IsRare: true),
        new("Closed form (lfa, beta-procrustes)", ["--beta", "--stratified"], IsRare: true),
        new("Least squares (least-squares)", ["--ridge"], IsRare: true),
        new("Refinement (lfa)", ["--iterations", "--loss", "--knn", "--scale", "--learning-rate", "--weight-decay", "--noise", "--dropout", "--batch", "--mix", "--orthogonalize", "--clip"], IsRare: true),
        new("Images without labels (auto, lfa)", ["--class-prior", "--epsilon", "--confidence", "--rounds"], IsRare: true),
        new("Model file", ["--compact"], IsRare: true),
    ];
}
