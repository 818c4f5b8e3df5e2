using System.Diagnostics;
using Lfa.Cli.Parsing;
using Lfa.Cli.Rendering;
using Lfa.Data;
using Lfa.IO;

namespace Lfa.Cli.Commands;

/// <summary>lfa fit: fits a classifier to labelled features and class names.</summary>
internal sealed class FitCommand : Command
{
    private readonly Session _session;
    private readonly Argument<string> _train = PathArgument.Create("TRAIN", "The .npz file with labelled image features and the text features of the class names");
    private readonly Option<string?> _output = new("--output", "-o") { Description = "The model file to write (.safetensors); without it nothing is saved", HelpName = "file" };
    private readonly Option<string?> _test = new("--test") { Description = "A .npz file of the same classes to measure the accuracy on", HelpName = "file" };
    private readonly FitSymbols _options;
    private readonly FeatureFileSymbols _reading;
    private readonly Option<bool> _json = OptionOf.Switch("--json", "Print one JSON document instead of the table");

    public FitCommand(Session session)
        : base("fit", "Fit a classifier to labelled image features and class names, and compare it with zero-shot classification.")
    {
        _session = session;
        Add(_train);
        Add(_output);
        Add(_test);
        _options = new FitSymbols(this);
        _reading = new FeatureFileSymbols(this);
        Add(_json);
        SetAction(Execute);
    }

    private void Execute(ParseResult result)
    {
        var (trainPath, testPath, output) = (result.GetRequiredValue(_train), result.GetValue(_test), result.GetValue(_output));
        var options = _options.Read(result);
        OutputPath.Check(output, trainPath, testPath);
        LfaFit fit;
        var json = result.GetValue(_json);
        StageAccuracies? accuracies;
        using (var progress = _session.StartProgress("reading"))
        {
            var (train, test, load) = Load(trainPath, testPath, _reading.Read(result));
            progress.Describe("aligning");
            fit = BadInputException.Naming(trainPath, () => LfaTrainer.Fit(train, options, progress, _session.CancellationToken));
            fit = fit with { Seconds = fit.Seconds.WithLoad(load) };
            accuracies = json && test is null ? null : fit.Evaluate(test ?? train, options.Threads);
        }
        _session.CancellationToken.ThrowIfCancellationRequested();
        if (output is not null)
            fit.Classifier.Save(output);
        if (json)
            FitReport.WriteJson(_session.Output, fit, accuracies);
        else
            FitReport.WriteText(_session.Output, fit, accuracies!, testPath, output);
    }

    /// <summary>Reads both sets, which must be of one task, so that nothing is found wrong after the fit.</summary>
    private (FeatureSet Train, FeatureSet? Test, double Seconds) Load(string trainPath, string? testPath, FeatureFileOptions options)
    {
        var start = Stopwatch.GetTimestamp();
        var train = FeatureFile.Read(trainPath, options);
        _session.CancellationToken.ThrowIfCancellationRequested();
        var test = testPath is null ? null : FeatureFile.Read(testPath, options);
        if (test is not null)
            BadInputException.Naming(testPath!, () => train.ThrowIfNotTestedBy(test));
        _session.CancellationToken.ThrowIfCancellationRequested();
        return (train, test, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
