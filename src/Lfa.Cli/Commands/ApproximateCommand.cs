using Lfa.Cli.Parsing;
using Lfa.Cli.Rendering;
using Lfa.IO;
using Lfa.Model;

namespace Lfa.Cli.Commands;

/// <summary>lfa approximate: approximates learned prototypes by a transform of those of the class names.</summary>
internal sealed class ApproximateCommand : Command
{
    private static readonly PromptApproximationOptions Defaults = new();

    private readonly Session _session;
    private readonly Argument<string> _names = PathArgument.Create("PROTOTYPES", "A .npz file with the text features of the class names (class_prototypes, text_features or arr_0), or a .npy matrix");
    private readonly Argument<string> _learned = PathArgument.Create("LEARNED", "The prototypes learned for the same classes, likewise, such as `lfa learn` writes");
    private readonly Option<string?> _output = new("--output", "-o") { Description = "The file to write: .safetensors for a classifier, which predict, evaluate and update --add-classes take; .npy for the transform W", HelpName = "file" };
    private readonly Option<string?> _test = new("--test") { Description = "A .npz file with labeled images of the same classes, to measure the prototypes on", HelpName = "file" };
    private readonly Option<double?> _ridge = OptionOf.MaybeNumber("--ridge", "The penalty; without it, the one that serves classes left out best", value => _ = new PromptApproximationOptions { Ridge = value });
    private readonly Option<string> _towards = OptionOf.Choice("--towards", "What the penalty holds W to: the identity, or zero as plain least squares", "identity", "identity", "zero");
    private readonly Option<int> _folds = OptionOf.Integer("--folds", "The parts of the classes, each left out in turn", Defaults.Folds, value => _ = new PromptApproximationOptions { Folds = value });
    private readonly Option<int> _seed = OptionOf.Integer("--seed", "The seed of the parts", new FitContext().Seed);
    private readonly Option<int> _threads = ThreadsOption.Create();
    private readonly FeatureFileSymbols _reading;
    private readonly Option<bool> _json = OptionOf.Switch("--json", "Print one JSON document instead of the table");

    public ApproximateCommand(Session session)
        : base("approximate", "Approximate prototypes that prompt tuning learned by one transform of the class names' text features, which then serves any class name.")
    {
        _session = session;
        Add(_names);
        Add(_learned);
        foreach (Option option in new Option[] { _output, _test, _ridge, _towards, _folds, _seed, _threads })
            Add(option);
        _reading = new FeatureFileSymbols(this);
        Add(_json);
        SetAction(Execute);
    }

    private void Execute(ParseResult result)
    {
        var (namesPath, learnedPath, output, testPath) = (result.GetRequiredValue(_names), result.GetRequiredValue(_learned), result.GetValue(_output), result.GetValue(_test));
        if (output is not null)
            OutputPath.RequireExtension(output, ".safetensors", ".npy");
        OutputPath.Check(output, namesPath, learnedPath, testPath);
        var (names, learned) = (FeatureFile.ReadPrototypes(namesPath), FeatureFile.ReadPrototypes(learnedPath));
        BadInputException.Naming(learnedPath, () => names.ThrowIfNotPairedWith(learned));
        var test = testPath is null ? null : FeatureFile.Read(testPath, _reading.Read(result));
        PromptApproximation approximation;
        using (var progress = _session.StartProgress("approximating"))
            approximation = BadInputException.Naming(learnedPath, () => PromptApproximation.Fit(names.Prototypes, learned.Prototypes, ReadOptions(result), _session.CreateContext(result.GetValue(_seed), result.Read(_threads), progress)));
        var accuracies = test is null ? null : BadInputException.Naming(testPath!, () => approximation.Evaluate(test, result.Read(_threads)));
        _session.CancellationToken.ThrowIfCancellationRequested();
        Save(output, approximation, names.ClassNames ?? learned.ClassNames ?? test?.ClassNames);
        if (result.GetValue(_json))
            ApproximateReport.WriteJson(_session.Output, approximation, accuracies);
        else
            ApproximateReport.WriteText(_session.Output, approximation, accuracies, testPath, output);
    }

    private PromptApproximationOptions ReadOptions(ParseResult result) => new()
    {
        Ridge = result.GetValue(_ridge),
        ShrinksToZero = result.GetValue(_towards) == "zero",
        Folds = result.GetValue(_folds),
    };

    private static void Save(string? output, PromptApproximation approximation, IReadOnlyList<string>? classNames)
    {
        if (output is null)
            return;
        if (Path.GetExtension(output).Equals(".npy", StringComparison.OrdinalIgnoreCase))
            FeatureFile.WriteMatrix(output, approximation.Transform.Matrix);
        else
            approximation.ToModel(classNames ?? throw new BadInputException($"{output}: a classifier needs the names of its classes, which neither file has; add class_names to one, or write a .npy file.")).Save(output);
    }
}
