using Lfa.IO;

namespace Lfa.Cli.Commands;

/// <summary>lfa export: writes a classifier as one matrix that anything can serve.</summary>
internal sealed class ExportCommand : Command
{
    private readonly Session _session;
    private readonly ModelSymbols _model;
    private readonly Option<string> _output = new("--output", "-o") { Description = "The file to write: .npy for the matrix alone, .npz for class_prototypes and class_names", HelpName = "file", Required = true };

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
        OutputPath.Check(output, _model.Path(result));
        var classifier = _model.Load(result);
        var prototypes = classifier.AdaptedPrototypes();
        _session.CancellationToken.ThrowIfCancellationRequested();
        if (Path.GetExtension(output).Equals(".npy", StringComparison.OrdinalIgnoreCase))
            FeatureFile.WriteMatrix(output, prototypes);
        else
            FeatureFile.WritePrototypes(output, prototypes, classifier.ClassNames);
        _session.Output.WriteLine(Invariant($"Wrote {output}: {prototypes.Rows} × {prototypes.Columns}, a row for each class."));
    }
}
