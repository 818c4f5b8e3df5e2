using Lfa.Cli.Parsing;
using Lfa.IO;
using Lfa.Model;

namespace Lfa.Cli.Commands;

/// <summary>The argument and the options by which commands take a fitted classifier.</summary>
internal sealed class ModelSymbols
{
    private const string Trained = "trained";
    private const string New = "new";

    private readonly Argument<string> _path = PathArgument.Create("MODEL", "The model file that `lfa fit` wrote");
    private readonly Option<string> _transform = OptionOf.Choice("--transform", "The transform: that of the trained classes, or that for new classes and shifted domains", Trained, Trained, New);
    private readonly Option<bool> _movingAverage = OptionOf.Switch("--moving-average", "The same as --transform new");
    private readonly Option<string?> _classFeatures = new("--class-features") { Description = "A .npz file with the text features and the names of other classes, to classify among these instead of those of the model", HelpName = "file" };

    /// <summary>Adds the argument and the options to a command.</summary>
    public ModelSymbols(Command command)
    {
        command.Add(_path);
        command.Add(_transform);
        command.Add(_movingAverage);
        command.Add(_classFeatures);
    }

    public string Path(ParseResult result) => result.GetRequiredValue(_path);

    /// <summary>Gets all files that are read for the classifier.</summary>
    public IEnumerable<string> Inputs(ParseResult result) => result.GetValue(_classFeatures) is { } classes ? [Path(result), classes] : [Path(result)];

    /// <summary>Gets the name of the option by which the classifier is not used as it was fitted, or null where it is.</summary>
    public string? Changes(ParseResult result) =>
        result.GetValue(_classFeatures) is not null ? _classFeatures.Name : TakesNew(result) ? $"{_transform.Name} {New}" : null;

    /// <summary>Gets the name of an option that says how the classifier is used, or null where none is given.</summary>
    public string? Given(ParseResult result) => Changes(result) ?? (AsksForTrained(result) ? $"{_transform.Name} {Trained}" : null);

    public LfaModel Load(ParseResult result)
    {
        if (AsksForTrained(result) && result.GetValue(_movingAverage))
            throw new BadInputException($"{_transform.Name} {Trained} and {_movingAverage.Name} contradict each other; leave one of the two options out.");
        var model = LfaModel.Load(Path(result));
        if (result.GetValue(_classFeatures) is not { } path)
            return TakesNew(result) ? BadInputException.Naming(Path(result), model.ForShiftedDomain) : model;
        if (AsksForTrained(result))
            throw new BadInputException($"--transform {Trained}: the classes of {path} are new to the model, and those take its transform for new classes; leave one of the two options out.");
        var classes = FeatureFile.ReadPrototypes(path);
        return BadInputException.Naming(path, () => model.ForClasses(classes.Prototypes, classes.RequireClassNames()));
    }

    private bool AsksForTrained(ParseResult result) => result.GetResult(_transform) is { Implicit: false } && result.GetValue(_transform) == Trained;

    private bool TakesNew(ParseResult result) => result.GetValue(_transform) == New || result.GetValue(_movingAverage);
}
