using Lfa.IO;

namespace Lfa.Cli.Commands;

/// <summary>lfa export: writes a classifier as one matrix that anything can serve.</summary>
internal sealed class ExportCommand : Command
{
    private readonly Session _session;
    private readonly ModelSymbols _model;
    private readonly Option<string> _output = new("--output", "-o") { Description = "The file to write: .npy for the matrix alone, .npz for class_prototypes, class_names and, where the model has them, biases", HelpName = "file", Required = true };

    public ExportCommand(Session session)
        : base("export", "Write the adapted prototypes Y·Wᵀ, classes × components: their products with an embedding rank the classes as the model does.")
    {
        _session = session;
        _model = new ModelSymbols(this);
        Add(_output);
        SetAction(Execute);
    }

    private void Execute(ParseResult result)
    {
        var output = result.GetRequiredValue(_output);
        OutputPath.RequireExtension(output, ".npy", ".npz");
        OutputPath.Check(output, [.. _model.Inputs(result)]);
        var model = _model.Load(result);
        var head = BadInputException.Naming(_model.Path(result), model.ToLinearHead);
        var isMatrix = Path.GetExtension(output).Equals(".npy", StringComparison.OrdinalIgnoreCase);
        var hasBiases = head.Biases.Span.ContainsAnyExcept(0f);
        if (isMatrix && hasBiases)
            throw new BadInputException($"{output}: the model adds a bias to the score of each class, which a .npy file has no place for; write a .npz file.");
        _session.CancellationToken.ThrowIfCancellationRequested();
        if (isMatrix)
            FeatureFile.WriteMatrix(output, head.Weights);
        else
            FeatureFile.WritePrototypes(output, head.Weights, model.ClassNames, hasBiases ? head.Biases : default);
        _session.Output.WriteLine(Invariant($"Wrote {output}: {head.ClassCount} × {head.Dimension}, a row for each class{(hasBiases ? ", and its bias" : "")}."));
    }
}
