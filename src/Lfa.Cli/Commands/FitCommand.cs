using System.Diagnostics;
using Lfa.Classification;
using Lfa.Cli.Inputs;
using Lfa.Cli.Parsing;
using Lfa.Cli.Rendering;
using Lfa.Data;
using Lfa.Encoders;
using Lfa.Encoders.Datasets;
using Lfa.Encoders.Sources;

namespace Lfa.Cli.Commands;

/// <summary>lfa fit: fits a classifier to labeled features and class names.</summary>
internal sealed class FitCommand : Command
{
    private readonly Session _session;
    private readonly Argument<string> _train = PathArgument.Create("TRAIN", "A folder with one folder of images for each class, a .csv of file,class, a dataset by name, or a .npz file with labeled image features and the text features of the class names");
    private readonly Option<string?> _output = new("--output", "-o") { Description = "The model file to write (.safetensors); without it nothing is saved", HelpName = "file" };
    private readonly Option<string?> _test = new("--test") { Description = "Images or a .npz file of the same classes to measure the accuracy on", HelpName = "file" };
    private readonly Option<bool> _compact = OptionOf.Switch("--compact", "Leave out of the model file what `lfa update` needs to work without the images");
    private readonly FitSymbols _options;
    private readonly EncodingSymbols _encoding;
    private readonly TextSymbols _texts;
    private readonly ClassesOption _classes;
    private readonly FeatureFileSymbols _reading;
    private readonly Option<bool> _explain = OptionOf.Switch("--explain", "Also print everything that the automatic choice tried, and every fold");
    private readonly Option<double?> _coverage = OptionOf.MaybeNumber("--coverage", "Let predict find, unless told otherwise, sets of classes that contain the true one this often, such as 0.9; with --method auto", value => _ = new PredictionOptions { Coverage = value });
    private readonly Option<double?> _reject = OptionOf.MaybeNumber("--reject", "Let predict mark, unless told otherwise, images of none of the classes, and this part of the others, such as 0.05; with --method auto", value => _ = new PredictionOptions { FalseRejection = value });
    private readonly Option<bool> _json = OptionOf.Switch("--json", "Print one JSON document instead of the table");

    public FitCommand(Session session)
        : base("fit", "Fit a classifier to labeled images or image features and class names, and compare it with zero-shot classification.")
    {
        _session = session;
        Add(_train);
        Add(_output);
        Add(_test);
        Add(_compact);
        // --batch is that of the refinement.
        _encoding = new EncodingSymbols(this, trains: true, batch: "--picture-batch").AddCache(this);
        _texts = new TextSymbols(this);
        _classes = new ClassesOption(this);
        _options = new FitSymbols(this);
        _reading = new FeatureFileSymbols(this);
        Add(_explain);
        Add(_coverage);
        Add(_reject);
        Add(_json);
        SetAction(Execute);
    }

    private void Execute(ParseResult result)
    {
        var (trainPath, testPath, output) = (result.GetRequiredValue(_train), result.GetValue(_test), result.GetValue(_output));
        var known = DatasetReference.Find(trainPath)?.Dataset;
        var options = _options.Read(result, known);
        if (options.Method is not FitMethod.Auto && (result.GetValue(_coverage) ?? result.GetValue(_reject)) is not null)
            throw new BadInputException("--coverage and --reject need held-out images, which only --method auto has; leave them out, or leave the method to it.");
        var unlabeledPath = _options.Unsupervised.UnlabeledPath(result);
        CheckUnsupervised(result);
        OutputPath.Check(output, trainPath, testPath, unlabeledPath, _options.Unsupervised.SharesPath(result), _texts.FilePath(result), _classes.Path(result));
        _encoding.RefuseWithout(result, trainPath, testPath, unlabeledPath);
        LfaFit fit;
        var json = result.GetValue(_json);
        StageAccuracies? accuracies;
        using (var progress = _session.StartProgress("reading"))
        {
            var sources = _encoding.ReadSources(result, options.Threads, known) with { FeatureFiles = _reading.Read(result) };
            using var input = new FeatureInput(_session, progress, sources with { TextFeatures = _texts.Read(result, sources.Encoding.Templates, !_encoding.SkipsCache(result)) });
            var (train, test, unlabeled, load) = Load(input, result, testPath, _classes.Read(result));
            if (SourceLoader.IsImages(trainPath))
                options = _options.For(result, options, input.Model, embedsTexts: !input.HasOtherTexts);
            options = options with { Unsupervised = _options.Unsupervised.Read(result, train.ClassNames) };
            progress.Describe("aligning");
            fit = BadInputException.Naming(trainPath, () => Fit(result, train, unlabeled, options, progress));
            fit = fit with { Seconds = fit.Seconds.WithLoad(load), Classifier = WithDefaults(fit.Classifier, result) };
            accuracies = test is null && (json || _options.Unsupervised.IsUnsupervised(result)) ? null : fit.Evaluate(test ?? train, options.Threads);
        }
        _session.CancellationToken.ThrowIfCancellationRequested();
        if (output is not null)
            (result.GetValue(_compact) ? fit.Classifier.WithoutStatistics() : fit.Classifier).Save(output);
        if (json)
            FitReport.WriteJson(_session.Output, fit, accuracies);
        else
            FitReport.WriteText(_session.Output, fit, accuracies, testPath, output, result.GetValue(_explain));
    }

    private void CheckUnsupervised(ParseResult result)
    {
        _options.Unsupervised.Check(result);
        var hasUnlabeled = _options.Unsupervised.IsUnsupervised(result) || _options.Unsupervised.UnlabeledPath(result) is not null;
        if (hasUnlabeled && (result.GetValue(_coverage) ?? result.GetValue(_reject)) is not null)
            throw new BadInputException("--coverage and --reject need to know how often held-out images are right, which images without labels do not tell; leave them out.");
    }

    private LfaFit Fit(ParseResult result, FeatureSet train, FeatureSet? unlabeled, LfaOptions options, ProgressDisplay progress) =>
        _options.Unsupervised.IsUnsupervised(result) ? LfaTrainer.FitUnlabeled(train, labeled: null, options, progress, _session.CancellationToken)
        : unlabeled is not null ? LfaTrainer.FitUnlabeled(unlabeled, train, options, progress, _session.CancellationToken)
        : LfaTrainer.Fit(train, options, progress, _session.CancellationToken);

    private LfaClassifier WithDefaults(LfaClassifier classifier, ParseResult result)
    {
        var (coverage, reject) = (result.GetValue(_coverage), result.GetValue(_reject));
        if (classifier.Confidence is { } confidence)
            return classifier.WithConfidence(confidence.WithDefaults(coverage, reject));
        return (coverage ?? reject) is null
            ? classifier
            : throw new BadInputException("--coverage and --reject need held-out images, and across a bridge one example a class leaves none; leave them out, or give more examples.");
    }

    /// <summary>Reads all sets, which must be of one task, so that nothing is found wrong after the fit.</summary>
    private (FeatureSet Train, FeatureSet? Test, FeatureSet? Unlabeled, double Seconds) Load(FeatureInput input, ParseResult result, string? testPath, ClassNameList? names)
    {
        var start = Stopwatch.GetTimestamp();
        var trainPath = result.GetRequiredValue(_train);
        var train = _options.Unsupervised.IsUnsupervised(result) ? input.ReadUnlabeled(trainPath, names) : input.Read(trainPath, names);
        _session.CancellationToken.ThrowIfCancellationRequested();
        var test = testPath is null ? null : input.Read(testPath, names ?? ClassNameList.From(train.ClassNames, $"the classes of {trainPath}"), new TextFeatures(train.ClassPrototypes, train.TextEncoder), DatasetSplit.Test);
        if (test is not null)
            BadInputException.Naming(testPath!, () => train.ThrowIfNotTestedBy(test));
        var unlabeled = _options.Unsupervised.UnlabeledPath(result) is { } path ? ReadUnlabeled(input, path, train) : null;
        _session.CancellationToken.ThrowIfCancellationRequested();
        return (train, test, unlabeled, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static FeatureSet ReadUnlabeled(FeatureInput input, string path, FeatureSet train)
    {
        var images = input.ReadImages(path);
        return BadInputException.Naming(path, () => train.WithUnlabeled(images.Features, images.Names));
    }
}
