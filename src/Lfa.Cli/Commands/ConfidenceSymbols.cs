using Lfa.Classification;
using Lfa.Cli.Parsing;
using Lfa.Model;

namespace Lfa.Cli.Commands;

/// <summary>The options by which commands ask for sets of classes and for rejection of unknown images.</summary>
internal sealed class ConfidenceSymbols
{
    private readonly Option<double?> _coverage = OptionOf.MaybeNumber("--coverage", "Find a set of classes for each row that contains the true one this often, such as 0.9; needs a model fitted with --method auto", value => _ = new PredictionOptions { Coverage = value });
    private readonly Option<double?> _reject = OptionOf.MaybeNumber("--reject", "Find the rows that are of none of the classes; this part of those that are may be taken for such, as 0.05; needs a model fitted with --method auto", value => _ = new PredictionOptions { FalseRejection = value });

    /// <summary>Adds the options to a command.</summary>
    public ConfidenceSymbols(Command command)
    {
        command.Add(_coverage);
        command.Add(_reject);
    }

    /// <summary>Gets the name of the option that is given, or null where there is none.</summary>
    public string? Asked(ParseResult result) => result.GetValue(_coverage) is not null ? _coverage.Name : result.GetValue(_reject) is not null ? _reject.Name : null;

    /// <summary>Refuses the options where other classes compete than those whose held-out images the model knows.</summary>
    public void RefuseLoss(ParseResult result, LfaModel model, LfaModel competing)
    {
        if (Asked(result) is { } asked && model.Calibration is not null && competing.Calibration is null)
            throw new LfaDataException($"{asked} holds among all {model.ClassCount} classes of the model, and other classes compete here; leave {asked} out.");
    }

    /// <summary>Reads the options, which a model without confidence does not take.</summary>
    public PredictionOptions Read(ParseResult result, LfaModel model, ModelSymbols symbols)
    {
        var options = new PredictionOptions { Coverage = result.GetValue(_coverage), FalseRejection = result.GetValue(_reject) };
        if (Asked(result) is { } asked && model.Calibration is null)
        {
            var remedy = symbols.Changes(result) is { } option ? $"what held-out images told holds for the trained classes: leave out {option}" : model.Record.UnlabeledSamples > 0 ? "images without labels do not tell: fit it to labeled images" : "fit with --method auto";
            throw new BadInputException($"{symbols.Path(result)}: {asked} needs a model that knows how its scores are spread; {remedy}, or leave out {asked}.");
        }
        return options;
    }
}
