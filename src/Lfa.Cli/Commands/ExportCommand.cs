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
        var classifier = _model.Load(result);
        var isMatrix = Path.GetExtension(output).Equals(".npy", StringComparison.OrdinalIgnoreCase);
        if (isMatrix && classifier.HasBiases)
            throw new BadInputException($"{output}: the model adds a bias to the score of each class, which a .npy file has no place for; write a .npz file.");
        var prototypes = classifier.AdaptedPrototypes();
        var biases = classifier.HasBiases ? classifier.Residual!.Biases : default;
        _session.CancellationToken.ThrowIfCancellationRequested();
        if (isMatrix)
            FeatureFile.WriteMatrix(output, prototypes);
        else
            FeatureFile.WritePrototypes(output, prototypes, classifier.ClassNames, biases);
        _session.Output.WriteLine(Invariant($"Wrote {output}: {prototypes.Rows} × {prototypes.Columns}, a row for each class{(biases.Length > 0 ? ", and its bias" : "")}."));
    }
}
