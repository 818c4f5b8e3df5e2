using Lfa.Classification;
using Lfa.Cli.Inputs;
using Lfa.Cli.Parsing;
using Lfa.Cli.Rendering;
using Lfa.Encoders.Datasets;

namespace Lfa.Cli.Commands;

/// <summary>lfa evaluate: measures a classifier on labelled features.</summary>
internal sealed class EvaluateCommand : Command
{
    private readonly Session _session;
    private readonly ModelSymbols _model;
    private readonly Argument<string> _test = PathArgument.Create("TEST", "A folder with one folder of pictures for each class, a .csv of file,class, a data set by name, or a .npz file with labelled image features");
    private readonly Option<bool> _perClass = OptionOf.Switch("--per-class", "Also report every class");
    private readonly ConfidenceSymbols _confidence;
    private readonly Option<int> _threads = ThreadsOption.Create();
    private readonly EncodingSymbols _encoding;
    private readonly ClassesOption _classes;
    private readonly FeatureFileSymbols _reading;
    private readonly Option<bool> _json = OptionOf.Switch("--json", "Print one JSON document instead of the table");

    public EvaluateCommand(Session session)
        : base("evaluate", "Measure the accuracy and the calibration of a model on labelled pictures or image features.")
    {
        _session = session;
        _model = new ModelSymbols(this);
        Add(_test);
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
        var path = result.GetRequiredValue(_test);
        _encoding.RefuseWithout(result, path);
        Evaluation evaluation;
        using (var progress = _session.StartProgress("evaluating"))
        {
            var classifier = _model.Load(result);
            var options = _confidence.Read(result, classifier, _model) with { Threads = result.GetValue(_threads) };
            using var input = new FeatureInput(_session, progress, _reading.Read(result),
                () => ModelFolders.OpenFor(classifier, _encoding.Model(result), progress, _session.CancellationToken), _encoding.Read(result, result.GetValue(_threads))) { Root = _encoding.Root(result) };
            var test = input.Read(path, _classes.Read(result) ?? ClassNameList.From(classifier.ClassNames, $"the classes of {_model.Path(result)}"), classifier.ClassPrototypes, DatasetSplit.Test);
            _session.CancellationToken.ThrowIfCancellationRequested();
            evaluation = BadInputException.Naming(path, () => classifier.Evaluate(test, options));
        }
        _session.CancellationToken.ThrowIfCancellationRequested();
        if (result.GetValue(_json))
            EvaluationReport.WriteJson(_session.Output, evaluation, result.GetValue(_perClass));
        else
            EvaluationReport.WriteText(_session.Output, evaluation, path, result.GetValue(_perClass));
    }
}
