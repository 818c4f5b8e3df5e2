using Lfa.Encoders.Sources;
using Lfa.Methods;
using Lfa.Transport;

namespace Lfa.Cli.Parsing;

/// <summary>The options that say which images have no labels, and how they take part; ranges and defaults are those of <see cref="TransportOptions"/>.</summary>
internal sealed class UnsupervisedSymbols
{
    private const string Uniform = "uniform";
    private const string Estimated = "estimated";

    private static readonly TransportOptions Defaults = new();

    private readonly Option<bool> _unsupervised = OptionOf.Switch("--unsupervised", "Fit without labels: those of TRAIN, if it has any, are not looked at; loose images need --classes");
    private readonly Option<string?> _unlabeled = new("--unlabeled") { Description = "More images, whose labels are not known or not looked at, to fit to beside the examples of TRAIN", HelpName = "file|folder" };
    private readonly Option<string?> _classPrior = new("--class-prior") { Description = "What part of the images without labels is of each class: uniform (the default of --method lfa), estimated (the default of auto), or a file with a line \"class name,part\" for each class", HelpName = "uniform|estimated|file" };
    private readonly Option<double> _epsilon = OptionOf.Number("--epsilon", "The entropy of the transport of images to classes: the smaller, the surer the labels", Defaults.Epsilon, value => _ = new TransportOptions { Epsilon = value });
    private readonly Option<double> _confidence = OptionOf.Number("--confidence", "Leave out images of which less than this part goes to one class, such as 0.9", Defaults.Confidence, value => _ = new TransportOptions { Confidence = value });
    private readonly Option<int> _rounds = OptionOf.Integer("--rounds", "The rounds of transport and refinement of --method lfa without labels", new UnsupervisedLfaMethod().Rounds, value => _ = new UnsupervisedLfaMethod { Rounds = value });

    /// <summary>Gets the options that say which images have no labels.</summary>
    public IReadOnlyList<Option> Images => [_unsupervised, _unlabeled];

    /// <summary>Gets the options of the transport.</summary>
    public IReadOnlyList<Option> Transport => [_classPrior, _epsilon, _confidence];

    /// <summary>Gets the option for the rounds, which only LFA has.</summary>
    public Option<int> Rounds => _rounds;

    /// <summary>Returns whether the labels of the training set are not to be looked at.</summary>
    public bool IsUnsupervised(ParseResult result) => result.GetValue(_unsupervised);

    /// <summary>Returns whether images without labels take part.</summary>
    public bool HasUnlabeled(ParseResult result) => IsUnsupervised(result) || UnlabeledPath(result) is not null;

    /// <summary>Returns where more images without labels are, or null.</summary>
    public string? UnlabeledPath(ParseResult result) => result.GetValue(_unlabeled);

    /// <summary>Returns the file that gives the class prior, or null.</summary>
    public string? ClassPriorPath(ParseResult result) => result.GetValue(_classPrior) is { } prior and not (Uniform or Estimated) ? prior : null;

    /// <summary>Refuses options that contradict each other, before anything is read.</summary>
    public void Check(ParseResult result)
    {
        if (IsUnsupervised(result) && UnlabeledPath(result) is { } path)
            throw new BadInputException($"{_unsupervised.Name} does not look at the labels of TRAIN and {_unlabeled.Name} {path} joins images to labeled ones; give one of the two.");
        if (!HasUnlabeled(result) && Transport.Append(Rounds).FirstOrDefault(result.IsGiven) is { } option)
            throw new BadInputException($"{option.Name}: this is for images without labels; give {_unsupervised.Name} or {_unlabeled.Name}, too, or leave it out.");
    }

    /// <summary>Reads the options of the transport but the class prior of a file.</summary>
    public TransportOptions Read(ParseResult result) => new()
    {
        Epsilon = result.GetValue(_epsilon),
        Confidence = result.GetValue(_confidence),
        ClassPrior = result.GetValue(_classPrior) switch
        {
            Uniform => ClassPrior.Uniform,
            Estimated => ClassPrior.Estimated,
            _ => null,
        },
    };

    /// <summary>Reads the class prior of a file, if one is given.</summary>
    /// <param name="result">What was parsed.</param>
    /// <param name="classNames">The names of the classes, by which the file gives their parts.</param>
    public ClassPrior? ReadClassPrior(ParseResult result, IReadOnlyList<string> classNames) => ClassPriorPath(result) switch
    {
        null => null,
        var path when !File.Exists(path) => throw new BadInputException($"{_classPrior.Name} {path}: there is no such file; give one, or {Uniform} or {Estimated}."),
        var path => ClassPrior.FromWeights([.. ClassPriorFile.Read(path, classNames)]),
    };
}
