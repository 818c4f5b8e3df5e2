using System.CommandLine.Parsing;
using Lfa.Cli.Inputs;
using Lfa.Cli.Parsing;
using Lfa.Cli.Rendering;
using Lfa.Data;
using Lfa.Encoders;
using Lfa.Encoders.Datasets;
using Lfa.Encoders.Sources;
using Lfa.Methods;
using Lfa.Protocols.Comparison;

namespace Lfa.Cli.Commands;

/// <summary>lfa compare: fits known methods to one task and measures them side by side.</summary>
internal sealed class CompareCommand : Command
{
    private readonly Session _session;
    private readonly Argument<string> _train = PathArgument.Create("TRAIN", "A folder with one folder of images for each class, a .csv of file,class, a dataset by name, or a .npz file with labeled image features and the text features of the class names");
    private readonly Argument<string> _test = PathArgument.Create("TEST", "Images or a .npz file of the same classes to measure the methods on");
    private readonly Option<string[]> _methods = new("--methods")
    {
        Description = $"The methods to compare, separated by commas; without it, all, the projections between two spaces only: {string.Join(", ", MethodRegistry.Methods.Names)}",
        HelpName = "names",
        DefaultValueFactory = _ => [],
        CustomParser = ReadMethods,
    };
    private readonly Option<int> _seed = OptionOf.Integer("--seed", "The seed of everything random", new FitContext().Seed);
    private readonly Option<int> _threads = ThreadsOption.Create();
    private readonly EncodingSymbols _encoding;
    private readonly TextSymbols _texts;
    private readonly ClassesOption _classes;
    private readonly FeatureFileSymbols _reading;
    private readonly Option<bool> _json = OptionOf.Switch("--json", "Print one JSON document instead of the table");
    private readonly Option<bool> _markdown = OptionOf.Switch("--markdown", "Print the table as Markdown");

    public CompareCommand(Session session)
        : base("compare", "Fit known methods to labeled images or image features and class names, and compare their accuracy, calibration, time and memory.")
    {
        _session = session;
        Add(_train);
        Add(_test);
        foreach (Option option in new Option[] { _methods, _seed, _threads })
            Add(option);
        _encoding = new EncodingSymbols(this, trains: true).AddCache(this);
        _texts = new TextSymbols(this);
        _classes = new ClassesOption(this);
        _reading = new FeatureFileSymbols(this);
        Add(_json);
        Add(_markdown);
        Validators.Add(result =>
        {
            if (result.GetValue(_json) && result.GetValue(_markdown))
                result.AddError("--json and --markdown exclude each other");
        });
        SetAction(Execute);
    }

    private void Execute(ParseResult result)
    {
        var (trainPath, testPath) = (result.GetRequiredValue(_train), result.GetRequiredValue(_test));
        _encoding.RefuseWithout(result, trainPath, testPath);
        var rows = new List<ComparedMethod>();
        FeatureSet train, test;
        using (var progress = _session.StartProgress("reading"))
        {
            var sources = _encoding.ReadSources(result, result.Read(_threads), DatasetReference.Find(trainPath)?.Dataset) with { FeatureFiles = _reading.Read(result) };
            using var input = new FeatureInput(_session, progress, sources with { TextFeatures = _texts.Read(result, sources.Encoding.Templates, !_encoding.SkipsCache(result)) });
            var names = _classes.Read(result);
            train = input.Read(trainPath, names);
            _session.CancellationToken.ThrowIfCancellationRequested();
            test = input.Read(testPath, names ?? ClassNameList.From(train.ClassNames, $"the classes of {trainPath}"), new TextFeatures(train.ClassPrototypes, train.TextEncoder), DatasetSplit.Test);
            _session.CancellationToken.ThrowIfCancellationRequested();
            BadInputException.Naming(testPath, () => train.ThrowIfNotTestedBy(test));
            var comparison = BadInputException.Naming(trainPath, () => new MethodComparison(train, test, _session.CreateContext(result.GetValue(_seed), result.Read(_threads), progress)));
            var methods = result.IsGiven(_methods) ? [.. result.GetRequiredValue(_methods).Select(name => MethodRegistry.Find(name)!)] : comparison.Suitable;
            foreach (var method in methods)
            {
                progress.Describe(method.Name);
                progress.Report(rows.Count, methods.Count);
                rows.Add(comparison.Run(method));
            }
        }
        if (rows.TrueForAll(row => row.Evaluation is null))
            throw new BadInputException($"{trainPath}: {rows[0].Method.Name}: {rows[0].Refusal}");
        if (result.GetValue(_json))
            CompareReport.WriteJson(_session.Output, rows, train, test, result.GetValue(_seed));
        else if (result.GetValue(_markdown))
            CompareReport.WriteMarkdown(_session.Output, rows, train, test, testPath, result.GetValue(_seed));
        else
            CompareReport.WriteText(_session.Output, rows, train, test, testPath, result.GetValue(_seed));
    }

    private static string[] ReadMethods(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        var names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names.FirstOrDefault(name => MethodRegistry.Find(name) is null) is { } unknown)
            argument.AddError($"--methods {unknown}: expected names among {string.Join(", ", MethodRegistry.Methods.Names)}");
        else if (names.Length == 0)
            argument.AddError($"--methods {text}: expected one name at least");
        return [.. names.Distinct()];
    }
}
