using Lfa.Cli.Inputs;
using Lfa.Cli.Parsing;
using Lfa.Cli.Rendering;
using Lfa.Data;
using Lfa.Encoders.Sources;
using Lfa.Model;

namespace Lfa.Cli.Commands;

/// <summary>lfa update: changes a fitted model without starting again.</summary>
internal sealed class UpdateCommand : Command
{
    private readonly Session _session;
    private readonly Argument<string> _model = PathArgument.Create("MODEL", "The model file that `lfa fit` wrote");
    private readonly Argument<string?> _new = PathArgument.CreateOptional("NEW", "New examples, of known classes or new ones: images or a .npz file, as for `lfa fit`; may be left out where classes are removed, or added by their names");
    private readonly Option<string?> _output = new("--output", "-o") { Description = "The model file to write (.safetensors)", HelpName = "file" };
    private readonly Option<bool> _inPlace = OptionOf.Switch("--in-place", "Replace MODEL instead of writing another file");

    private readonly Option<string[]> _removed = new("--remove-class") { Description = "The name of a class to remove; may be given several times", HelpName = "name", DefaultValueFactory = _ => [] };

    private readonly Option<string[]> _with = new("--with")
    {
        Description = "The examples that the model was fitted to, where they are at hand: then everything is fitted again, to these and the new ones; may be given several times",
        HelpName = "file|folder",
        DefaultValueFactory = _ => [],
    };

    private readonly AddedClassSymbols _added;
    private readonly Option<int> _threads = ThreadsOption.Create();
    private readonly EncodingSymbols _encoding;
    private readonly ClassesOption _classes;
    private readonly FeatureFileSymbols _reading;
    private readonly Option<bool> _json = OptionOf.Switch("--json", "Print one JSON document instead of the table");

    public UpdateCommand(Session session)
        : base("update", "Add examples or classes to a model, or remove classes, without the examples that it was fitted to.")
    {
        _session = session;
        Add(_model);
        Add(_new);
        Add(_output);
        Add(_inPlace);
        Add(_removed);
        _added = new AddedClassSymbols(this);
        Add(_with);
        Add(_threads);
        _encoding = new EncodingSymbols(this, trains: true, knowsModel: true).AddCache(this);
        _classes = new ClassesOption(this);
        _reading = new FeatureFileSymbols(this);
        Add(_json);
        SetAction(Execute);
    }

    private void Execute(ParseResult result)
    {
        var (modelPath, newPath, earlier) = (result.GetRequiredValue(_model), result.GetValue(_new), result.GetRequiredValue(_with));
        _added.Check(result, isAlone: newPath is null && earlier.Length == 0 && result.GetRequiredValue(_removed).Length == 0);
        var output = Output(result, modelPath, [newPath, .. earlier, _added.File(result), _classes.Path(result)]);
        string[] read = [.. new[] { newPath, _added.File(result) }.OfType<string>(), .. earlier];
        if (read.Length > 0)
            _encoding.RefuseWithout(result, read);
        ModelUpdate update;
        using (var progress = _session.StartProgress("reading"))
        {
            var model = LfaModel.Load(modelPath);
            var sources = _encoding.ReadSources(result, result.Read(_threads), newPath is null ? null : DatasetReference.Find(newPath)?.Dataset) with { FeatureFiles = _reading.Read(result) };
            using var input = new FeatureInput(_session, progress, sources, model);
            update = _added.AreGiven(result) ? AddClasses(result, modelPath, model, input) : Update(result, modelPath, model, input, progress);
        }
        _session.CancellationToken.ThrowIfCancellationRequested();
        update.Model.Save(output);
        if (result.GetValue(_json))
            UpdateReport.WriteJson(_session.Output, update, output);
        else
            UpdateReport.WriteText(_session.Output, update, modelPath, output);
    }

    private ModelUpdate AddClasses(ParseResult result, string modelPath, LfaModel model, FeatureInput input)
    {
        var classes = _added.Read(result, input);
        return BadInputException.Naming(_added.File(result) ?? modelPath, () => ModelUpdater.AddClasses(model, classes.Prototypes, classes.RequireClassNames()));
    }

    private ModelUpdate Update(ParseResult result, string modelPath, LfaModel model, FeatureInput input, ProgressDisplay progress)
    {
        var (newPath, names) = (result.GetValue(_new), _classes.Read(result));
        FeatureSet Read(string path)
        {
            _session.CancellationToken.ThrowIfCancellationRequested();
            return input.ReadForFitted(path, names);
        }
        var images = newPath is null ? null : Read(newPath);
        var options = new UpdateOptions { RemovedClasses = result.GetRequiredValue(_removed), EarlierImages = [.. result.GetRequiredValue(_with).Select(Read)] };
        var context = _session.CreateContext(new FitContext().Seed, result.Read(_threads), progress);
        progress.Describe("updating");
        try
        {
            return ModelUpdater.Update(model, images, options, context);
        }
        catch (LfaDataException e)
        {
            // The new images are wrong, or else the model, or what is asked of it.
            throw new BadInputException($"{(e.Subject == nameof(images) ? newPath : modelPath)}: {e.Message}", e);
        }
    }

    /// <summary>Finds out where to write, before the work.</summary>
    private string Output(ParseResult result, string modelPath, string?[] inputs)
    {
        var (output, inPlace) = (result.GetValue(_output), result.GetValue(_inPlace));
        if (inPlace == output is not null)
            throw new BadInputException(inPlace ? "-o and --in-place contradict each other; give one of them." : "give -o and the name of a file for the updated model, or --in-place to replace the model.");
        if (output is not null && Path.GetFullPath(output) == Path.GetFullPath(modelPath))
            throw new BadInputException($"{output}: the output would replace the model; give -o another name, or --in-place.");
        OutputPath.Check(output ?? modelPath, [inPlace ? null : modelPath, .. inputs]);
        return output ?? modelPath;
    }
}
