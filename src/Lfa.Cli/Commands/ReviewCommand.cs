using Lfa.Cli.Inputs;
using Lfa.Cli.Parsing;
using Lfa.Cli.Rendering;
using Lfa.Encoders.Sources;
using Lfa.Review;

namespace Lfa.Cli.Commands;

/// <summary>lfa review: lists labels in doubt, duplicates, and what to label next.</summary>
internal sealed class ReviewCommand : Command
{
    private static readonly ReviewOptions Defaults = new();

    private readonly Session _session;
    private readonly Argument<string> _labeled = PathArgument.Create("LABELED", "A folder with one folder of images for each class, a .csv of file,class, a dataset by name, or a .npz file with labeled image features and the text features of the class names");
    private readonly Option<string?> _unlabeled = new("--unlabeled") { Description = "Images, or a .npy or .npz file, to choose from what to label next; images that are in both are listed, so a test set may be given, too", HelpName = "file|folder" };
    private readonly Option<string?> _output = new("--output", "-o") { Description = "The file to write the whole lists to, .csv or .json", HelpName = "file" };

    private readonly Option<int> _top = OptionOf.Integer("--top", "The number of images to list at most of each kind but those to label; 0 for 10 in the text and all elsewhere", 0, value =>
    {
        if (value < 0)
            throw new ArgumentException("expected 0 or more.");
    });

    private readonly Option<int> _label = OptionOf.Integer("--label", "The number of unlabeled images to propose for labeling", Defaults.ToLabel, value => _ = new ReviewOptions { ToLabel = value });

    private readonly Option<double> _duplicateCosine = OptionOf.Number("--duplicate-cosine", "The cosine from which two images count as duplicates", Defaults.DuplicateCosine, value => _ = new ReviewOptions { DuplicateCosine = value });

    private readonly Option<int> _seed = OptionOf.Integer("--seed", "The seed of the folds", new FitContext().Seed);
    private readonly Option<int> _threads = ThreadsOption.Create();
    private readonly EncodingSymbols _encoding;
    private readonly ClassesOption _classes;
    private readonly FeatureFileSymbols _reading;
    private readonly Option<bool> _json = OptionOf.Switch("--json", "Print one JSON document instead of the tables");

    public ReviewCommand(Session session)
        : base("review", "List labeled images whose label is likely wrong, images that are there twice, and the unlabeled images to label next.")
    {
        _session = session;
        Add(_labeled);
        foreach (var option in new Option[] { _unlabeled, _output, _top, _label, _duplicateCosine, _seed, _threads })
            Add(option);
        _encoding = new EncodingSymbols(this, trains: true).AddCache(this);
        _classes = new ClassesOption(this);
        _reading = new FeatureFileSymbols(this);
        Add(_json);
        SetAction(Execute);
    }

    private void Execute(ParseResult result)
    {
        var (path, unlabeledPath, output) = (result.GetRequiredValue(_labeled), result.GetValue(_unlabeled), result.GetValue(_output));
        if (output is not null)
            OutputPath.RequireExtension(output, ".csv", ".json");
        OutputPath.Check(output, path, unlabeledPath, _classes.Path(result));
        _encoding.RefuseWithout(result, path, unlabeledPath);
        ReviewListing listing;
        using (var progress = _session.StartProgress("reading"))
        {
            var options = ReadOptions(result);
            using var input = new FeatureInput(_session, progress, _encoding.ReadSources(result, result.Read(_threads), DatasetReference.Find(path)?.Dataset) with { FeatureFiles = _reading.Read(result) });
            var labeled = input.Read(path, _classes.Read(result));
            _session.CancellationToken.ThrowIfCancellationRequested();
            var unlabeled = unlabeledPath is null ? null : input.ReadImages(unlabeledPath);
            if (unlabeled is { Features: var others } && others.Columns != labeled.Dimension)
                throw new BadInputException(Invariant($"{unlabeledPath}: its features are {others.Rows} × {others.Columns} but those of {path} are {labeled.SampleCount} × {labeled.Dimension}; both must come from the same encoder."));
            _session.CancellationToken.ThrowIfCancellationRequested();
            progress.Describe("reviewing");
            var review = BadInputException.Naming(path, () => FeatureReview.Run(labeled, unlabeled?.Features, options, _session.CreateContext(result.GetValue(_seed), result.Read(_threads), progress)));
            listing = new ReviewListing(review, options, result.GetValue(_seed), labeled, unlabeled?.Features.Rows, unlabeled?.Names, result.GetValue(_top) is > 0 and var top ? top : null);
        }
        _session.CancellationToken.ThrowIfCancellationRequested();
        if (output is not null)
            Save(output, listing);
        if (result.GetValue(_json))
            JsonReview.Write(_session.Output, listing);
        else
            TextReview.Write(_session.Output, listing, path, unlabeledPath, output);
    }

    private ReviewOptions ReadOptions(ParseResult result) => new()
    {
        DuplicateCosine = result.GetValue(_duplicateCosine),
        ToLabel = result.GetValue(_label),
    };

    private static void Save(string output, ReviewListing listing) => AtomicFile.Write(output, stream =>
    {
        using var writer = new StreamWriter(stream);
        if (Path.GetExtension(output).Equals(".json", StringComparison.OrdinalIgnoreCase))
            JsonReview.Write(writer, listing);
        else
            CsvReview.Write(writer, listing);
    });
}
