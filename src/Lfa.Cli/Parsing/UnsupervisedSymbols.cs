using Lfa.Encoders.Sources;
using Lfa.Transport;

namespace Lfa.Cli.Parsing;

/// <summary>The options that say which images have no labels, and how they take part; ranges and defaults are those of <see cref="UnsupervisedOptions"/>.</summary>
internal sealed class UnsupervisedSymbols
{
    private const string Uniform = "uniform";
    private const string Estimated = "estimated";

    private static readonly UnsupervisedOptions Defaults = new();

    private readonly Option<bool> _unsupervised = OptionOf.Switch("--unsupervised", "Fit without labels: those of TRAIN, if it has any, are not looked at; loose images need --classes");
    private readonly Option<string?> _unlabeled = new("--unlabelled") { Description = "More images, whose labels are not known or not looked at, to fit to beside the examples of TRAIN", HelpName = "file|folder" };
    private readonly Option<string?> _shares = new("--shares") { Description = "What part of the images without labels is of each class: uniform (the default of --method lfa), estimated (the default of auto), or a file with a line \"class name,share\" for each class", HelpName = "uniform|estimated|file" };
    private readonly Option<double> _epsilon = OptionOf.Number("--epsilon", "The entropy of the transport of images to classes: the smaller, the surer the labels", Defaults.Epsilon, value => _ = new UnsupervisedOptions { Epsilon = value });
    private readonly Option<double> _confidence = OptionOf.Number("--confidence", "Leave out images of which less than this part goes to one class, such as 0.9", Defaults.Confidence, value => _ = new UnsupervisedOptions { Confidence = value });

    /// <summary>Adds the options to a command.</summary>
    public UnsupervisedSymbols(Command command)
    {
        foreach (Option option in new Option[] { _unsupervised, _unlabeled, _shares, _epsilon, _confidence, Rounds })
            command.Add(option);
    }

    /// <summary>Gets the option for the rounds, which only --method lfa has.</summary>
    public Option<int> Rounds { get; } = OptionOf.Integer("--rounds", "The rounds of transport and refinement of --method lfa without labels", Defaults.Rounds, value => _ = new UnsupervisedOptions { Rounds = value });

    /// <summary>Returns whether the labels of the training set are not to be looked at.</summary>
    public bool IsUnsupervised(ParseResult result) => result.GetValue(_unsupervised);

    /// <summary>Returns where more images without labels are, or null.</summary>
    public string? UnlabeledPath(ParseResult result) => result.GetValue(_unlabeled);

    /// <summary>Returns the file that gives the shares, or null.</summary>
    public string? SharesPath(ParseResult result) => result.GetValue(_shares) is { } shares and not (Uniform or Estimated) ? shares : null;

    /// <summary>Refuses options that contradict each other, before anything is read.</summary>
    public void Check(ParseResult result)
    {
        var path = UnlabeledPath(result);
        if (IsUnsupervised(result) && path is not null)
            throw new BadInputException($"--unsupervised does not look at the labels of TRAIN and --unlabelled {path} joins images to labeled ones; give one of the two.");
        if (IsUnsupervised(result) || path is not null)
            return;
        if (new Option[] { _shares, _epsilon, _confidence, Rounds }.FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } option)
            throw new BadInputException($"{option.Name}: this is for images without labels; give --unsupervised or --unlabelled, too, or leave it out.");
    }

    /// <summary>Reads the options.</summary>
    /// <param name="result">What was parsed.</param>
    /// <param name="classNames">The names of the classes, by which a file gives shares.</param>
    public UnsupervisedOptions Read(ParseResult result, IReadOnlyList<string> classNames) => new()
    {
        Epsilon = result.GetValue(_epsilon),
        Confidence = result.GetValue(_confidence),
        Rounds = result.GetValue(Rounds),
        Shares = result.GetValue(_shares) switch
        {
            null => null,
            Uniform => ClassShares.Uniform,
            Estimated => ClassShares.Estimated,
            var path when !File.Exists(path) => throw new BadInputException($"--shares {path}: there is no such file; give one, or uniform or estimated."),
            var path => ClassShares.Of([.. ClassPriorFile.Read(path, classNames)]),
        },
    };
}
