using Lfa.Classification;
using Lfa.Cli.Parsing;
using Lfa.Cli.Rendering;
using Lfa.IO;

namespace Lfa.Cli.Commands;

/// <summary>lfa evaluate: measures a classifier on labelled features.</summary>
internal sealed class EvaluateCommand : Command
{
    private readonly Session _session;
    private readonly ModelSymbols _model;
    private readonly Argument<string> _test = PathArgument.Create("TEST", "The .npz file with labelled image features of the same classes");
    private readonly Option<bool> _perClass = OptionOf.Switch("--per-class", "Also report every class");
    private readonly Option<int> _threads = ThreadsOption.Create();
    private readonly FeatureFileSymbols _reading;
    private readonly Option<bool> _json = OptionOf.Switch("--json", "Print one JSON document instead of the table");

    public EvaluateCommand(Session session)
        : base("evaluate", "Measure the accuracy and the calibration of a model on labelled image features.")
    {
        _session = session;
        _model = new ModelSymbols(this);
        Add(_test);
        Add(_perClass);
        Add(_threads);
        _reading = new FeatureFileSymbols(this);
        Add(_json);
        SetAction(Execute);
    }

    private void Execute(ParseResult result)
    {
        var path = result.GetRequiredValue(_test);
        Evaluation evaluation;
        using (_session.StartProgress("evaluating"))
        {
            var classifier = _model.Load(result);
            var test = FeatureFile.Read(path, _reading.Read(result));
            _session.CancellationToken.ThrowIfCancellationRequested();
            evaluation = BadInputException.Naming(path, () => classifier.Evaluate(test, result.GetValue(_threads)));
        }
        _session.CancellationToken.ThrowIfCancellationRequested();
        if (result.GetValue(_json))
            EvaluationReport.WriteJson(_session.Output, evaluation, result.GetValue(_perClass));
        else
            EvaluationReport.WriteText(_session.Output, evaluation, path, result.GetValue(_perClass));
    }
}
