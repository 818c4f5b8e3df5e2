using System.Diagnostics;
using Lfa.Classification;
using Lfa.Cli.Inputs;
using Lfa.Cli.Parsing;
using Lfa.Cli.Rendering;
using Lfa.Data;
using Lfa.Encoders;
using Lfa.Encoders.Datasets;
using Lfa.Encoders.Sources;
using Lfa.Methods;
using Lfa.Model;

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
        _encoding = new EncodingSymbols(this, trains: true).AddCache(this);
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
        var method = _options.Read(result, known?.Iterations?.FewShot);
        CheckConfidence(result, method);
        if (result.GetValue(_explain) && method is not AutoMethod && !_options.Unsupervised.HasUnlabeled(result))
            throw new BadInputException($"{_explain.Name} tells what the automatic choice tried, and --method {method.Name} tries nothing; leave it out.");
        var unlabeledPath = _options.Unsupervised.UnlabeledPath(result);
        OutputPath.Check(output, trainPath, testPath, unlabeledPath, _options.Unsupervised.ClassPriorPath(result), _texts.FilePath(result), _classes.Path(result));
        _encoding.RefuseWithout(result, trainPath, testPath, unlabeledPath);
        if (SourceLoader.IsImages(trainPath))
            _options.RefuseEncoder(result);
        MethodFit fit;
        LfaModel model;
        TimeSpan load;
        var json = result.GetValue(_json);
        IReadOnlyList<StageAccuracy>? accuracies;
        using (var progress = _session.StartProgress("reading"))
        {
            var context = _session.CreateContext(_options.Seed(result), _options.Threads(result), progress);
            var sources = _encoding.ReadSources(result, context.MaxDegreeOfParallelism, known) with { FeatureFiles = _reading.Read(result) };
            using var input = new FeatureInput(_session, progress, sources with { TextFeatures = _texts.Read(result, sources.Encoding.Templates, !_encoding.SkipsCache(result)) });
            (var train, var test, var unlabeled, load) = Load(input, result, testPath, _classes.Read(result));
            CheckExamples(result, train, unlabeled);
            progress.Describe("aligning");
            fit = BadInputException.Naming(trainPath, () => WithClassPrior(method, result, train).Fit(Task(result, train, unlabeled), context));
            model = WithDefaults(LfaModel.FromFit(fit), result);
            accuracies = test is null && (json || !train.IsLabeled || _options.Unsupervised.IsUnsupervised(result)) ? null : fit.Evaluate(test ?? train, context.MaxDegreeOfParallelism);
        }
        _session.CancellationToken.ThrowIfCancellationRequested();
        if (output is not null)
            (result.GetValue(_compact) ? model.WithoutStatistics() : model).Save(output);
        var report = new FitReport(fit, accuracies, load);
        if (json)
            report.WriteJson(_session.Output);
        else
            report.WriteText(_session.Output, testPath, output, result.GetValue(_explain));
    }

    private void CheckConfidence(ParseResult result, IMethod method)
    {
        if ((result.GetValue(_coverage) ?? result.GetValue(_reject)) is null)
            return;
        if (_options.Unsupervised.IsUnsupervised(result))
            throw new BadInputException("--coverage and --reject need to know how often held-out images are right, which images without labels do not tell; leave them out.");
        if (method is not (AutoMethod or UnsupervisedAutoMethod))
            throw new BadInputException("--coverage and --reject need held-out images, which only --method auto has; leave them out, or leave the method to it.");
    }

    private void CheckExamples(ParseResult result, FeatureSet train, FeatureSet? unlabeled)
    {
        if (unlabeled is not null && (result.GetValue(_coverage) ?? result.GetValue(_reject)) is not null && train.Labels.ToArray().Distinct().Count() < train.ClassCount)
            throw NoHeldOutImages("beside images without labels a class without a labeled one");
    }

    private static BadInputException NoHeldOutImages(string where) => new($"--coverage and --reject need held-out images, and {where} leaves none; leave them out, or give more examples.");

    private FitTask Task(ParseResult result, FeatureSet train, FeatureSet? unlabeled) =>
        _options.Unsupervised.IsUnsupervised(result) ? new FitTask(unlabeled: train)
        : unlabeled is null ? train // What lacks labels is for the method to say.
        : new FitTask(train, unlabeled);

    private IMethod WithClassPrior(IMethod method, ParseResult result, FeatureSet train) =>
        method is ITransportMethod one && _options.Unsupervised.ReadClassPrior(result, train.ClassNames) is { } prior ? one.WithTransport(one.Transport with { ClassPrior = prior }) : method;

    private LfaModel WithDefaults(LfaModel model, ParseResult result)
    {
        var (coverage, reject) = (result.GetValue(_coverage), result.GetValue(_reject));
        if (model.Calibration is { } calibration)
            return model.WithCalibration(calibration.WithDefaults(coverage, reject));
        return (coverage ?? reject) is null
            ? model
            : throw NoHeldOutImages("across two spaces one example a class");
    }

    /// <summary>Reads all sets, which must be of one task, so that nothing is found wrong after the fit.</summary>
    private (FeatureSet Train, FeatureSet? Test, FeatureSet? Unlabeled, TimeSpan Time) Load(FeatureInput input, ParseResult result, string? testPath, ClassNameList? names)
    {
        var start = Stopwatch.GetTimestamp();
        var trainPath = result.GetRequiredValue(_train);
        var train = _options.Describe(result, _options.Unsupervised.IsUnsupervised(result) ? input.ReadUnlabeled(trainPath, names) : input.Read(trainPath, names));
        _session.CancellationToken.ThrowIfCancellationRequested();
        var test = testPath is null ? null : input.Read(testPath, names ?? ClassNameList.From(train.ClassNames, $"the classes of {trainPath}"), new TextFeatures(train.ClassPrototypes, train.TextEncoder), DatasetSplit.Test);
        if (test is not null)
            BadInputException.Naming(testPath!, () => train.ThrowIfNotTestedBy(test));
        var unlabeled = _options.Unsupervised.UnlabeledPath(result) is { } path ? ReadUnlabeled(input, path, train) : null;
        _session.CancellationToken.ThrowIfCancellationRequested();
        return (train, test, unlabeled, Stopwatch.GetElapsedTime(start));
    }

    private static FeatureSet ReadUnlabeled(FeatureInput input, string path, FeatureSet train)
    {
        var images = input.ReadImages(path);
        return BadInputException.Naming(path, () => train.WithUnlabeled(images.Features, images.Names));
    }
}
