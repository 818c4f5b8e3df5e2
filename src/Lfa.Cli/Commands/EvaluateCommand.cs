using Lfa.Classification;
using Lfa.Cli.Inputs;
using Lfa.Cli.Parsing;
using Lfa.Cli.Rendering;
using Lfa.Data;
using Lfa.Encoders;
using Lfa.Encoders.Datasets;
using Lfa.Encoders.Sources;
using Lfa.Model;

namespace Lfa.Cli.Commands;

/// <summary>lfa evaluate: measures a classifier on labeled features, or both of its transforms on several sets.</summary>
internal sealed class EvaluateCommand : Command
{
    private readonly Session _session;
    private readonly ModelSymbols _model;
    private readonly Argument<string[]> _tests = PathArgument.CreateMany("TEST", "A folder with one folder of images for each class, a .csv of file,class, a dataset by name, or a .npz file with labeled image features, of the model's classes or some of them; of several, both transforms are measured on each");
    private readonly Option<bool> _newClasses = OptionOf.Switch("--new-classes", "The classes of TEST are new to the model: they compete among themselves, by its transform for new classes");
    private readonly Option<bool> _perClass = OptionOf.Switch("--per-class", "Also report every class");
    private readonly ConfidenceSymbols _confidence;
    private readonly Option<int> _threads = ThreadsOption.Create();
    private readonly EncodingSymbols _encoding;
    private readonly ClassesOption _classes;
    private readonly FeatureFileSymbols _reading;
    private readonly Option<bool> _json = OptionOf.Switch("--json", "Print one JSON document instead of the table");

    public EvaluateCommand(Session session)
        : base("evaluate", "Measure the accuracy and the calibration of a model on labeled images or image features.")
    {
        _session = session;
        _model = new ModelSymbols(this);
        Add(_tests);
        Add(_newClasses);
        Add(_perClass);
        _confidence = new ConfidenceSymbols(this);
        Add(_threads);
        _encoding = new EncodingSymbols(this, trains: false).AddCache(this);
        _classes = new ClassesOption(this);
        _reading = new FeatureFileSymbols(this);
        Add(_json);
        SetAction(Execute);
    }

    private void Execute(ParseResult result)
    {
        var paths = result.GetRequiredValue(_tests);
        _encoding.RefuseWithout(result, paths);
        if (paths is [var path])
            EvaluateOne(result, path);
        else
            EvaluateDomains(result, paths);
    }

    private void EvaluateOne(ParseResult result, string path)
    {
        Evaluation evaluation;
        using (var progress = _session.StartProgress("evaluating"))
        {
            var model = Load(result);
            var options = _confidence.Read(result, model, _model) with { MaxDegreeOfParallelism = result.Read(_threads) };
            using var input = OpenInput(result, model, progress, DatasetReference.Find(path)?.Dataset);
            var areNew = result.GetValue(_newClasses);
            var test = areNew ? input.Read(path, _classes.Read(result), split: DatasetSplit.Test) : Read(result, input, model, path);
            _session.CancellationToken.ThrowIfCancellationRequested();
            evaluation = BadInputException.Naming(path, () =>
            {
                var competing = areNew ? model.ForClasses(test.ClassPrototypes, test.ClassNames) : model.SelectClasses(test.ClassNames);
                _confidence.RefuseLoss(result, model, competing);
                return competing.Evaluate(test, options);
            });
        }
        _session.CancellationToken.ThrowIfCancellationRequested();
        if (result.GetValue(_json))
            EvaluationReport.WriteJson(_session.Output, evaluation, result.GetValue(_perClass));
        else
            EvaluationReport.WriteText(_session.Output, evaluation, path, result.GetValue(_perClass));
    }

    private void EvaluateDomains(ParseResult result, string[] paths)
    {
        var single = result.GetValue(_perClass) ? "--per-class" : result.GetValue(_newClasses) ? "--new-classes" : _confidence.Asked(result) ?? _model.Given(result);
        if (single is not null)
            throw new BadInputException($"{single}: of several sets the accuracy by either transform is measured; give one TEST, or leave {single} out.");
        var sets = new List<DomainReport.Row>();
        using (var progress = _session.StartProgress("evaluating"))
        {
            var model = Load(result);
            using var input = OpenInput(result, model, progress);
            foreach (var path in paths)
            {
                var test = Read(result, input, model, path);
                _session.CancellationToken.ThrowIfCancellationRequested();
                sets.Add(new DomainReport.Row(path, test.SampleCount, test.ClassCount, BadInputException.Naming(path, () => DomainAccuracies.FromModel(model, test, result.Read(_threads)))));
            }
        }
        if (result.GetValue(_json))
            DomainReport.WriteJson(_session.Output, sets);
        else
            DomainReport.WriteText(_session.Output, sets);
    }

    private LfaModel Load(ParseResult result)
    {
        if (result.GetValue(_newClasses) && _model.Given(result) is { } option)
            throw new BadInputException($"--new-classes: the new classes are those of TEST, which take the transform for new classes; leave {option} out.");
        return _model.Load(result);
    }

    private FeatureInput OpenInput(ParseResult result, LfaModel model, ProgressDisplay progress, DatasetDescription? known = null) =>
        new(_session, progress, _encoding.ReadSources(result, result.Read(_threads), known) with { FeatureFiles = _reading.Read(result) }, model);

    // A dataset by name may have some of the classes only, as variants of ImageNet do.
    private FeatureSet Read(ParseResult result, FeatureInput input, LfaModel model, string path) => DatasetReference.Find(path) is not null
        ? input.ReadForFitted(path, _classes.Read(result), DatasetSplit.Test)
        : input.Read(path, _classes.Read(result) ?? ClassNameList.From(model.ClassNames, $"the classes of {_model.Path(result)}"), model.ClassPrototypes is { } prototypes ? new TextFeatures(prototypes, model.Record.TextEncoder) : null);
}
