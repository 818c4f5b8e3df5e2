using Lfa.Cli.Inputs;
using Lfa.Cli.Parsing;
using Lfa.Cli.Rendering;
using Lfa.Data;
using Lfa.Encoders.Datasets;
using Lfa.Model;

namespace Lfa.Cli.Commands;

/// <summary>lfa predict: classifies features, however many.</summary>
internal sealed class PredictCommand : Command
{
    private readonly Session _session;
    private readonly ModelSymbols _model;
    private readonly Argument<string[]> _features = PathArgument.CreateMany("INPUT", "A folder of images, a list of them (.csv, .txt), a dataset by name or any number of images; or a .npy or .npz file with image features");
    private readonly Option<string?> _output = new("--output", "-o") { Description = "The file to write, .csv or .jsonl; without it, CSV goes to stdout", HelpName = "file" };

    private readonly Option<int> _top = OptionOf.Integer("--top", "The number of most probable classes to list", 1, value =>
    {
        if (value < 1)
            throw new ArgumentException("expected 1 or more.");
    });

    private readonly ConfidenceSymbols _confidence;
    private readonly Option<bool> _together = OptionOf.Switch("--together", "Classify all images of the call together (StatA): each prediction then depends on the others; for images of few of the classes, or more than twenty of each");
    private readonly Option<int> _threads = ThreadsOption.Create();
    private readonly EncodingSymbols _encoding;
    private readonly FeatureFileSymbols _reading;

    public PredictCommand(Session session)
        : base("predict", "Classify images or image features: the class, its probability and the next likely ones of each row.")
    {
        _session = session;
        _model = new ModelSymbols(this);
        Add(_features);
        Add(_output);
        Add(_top);
        _confidence = new ConfidenceSymbols(this);
        Add(_together);
        Add(_threads);
        _encoding = new EncodingSymbols(this, trains: false).AddCache(this);
        _reading = new FeatureFileSymbols(this);
        SetAction(Execute);
    }

    private void Execute(ParseResult result)
    {
        var (paths, output) = (result.GetRequiredValue(_features), result.GetValue(_output));
        var path = paths[0];
        if (output is not null)
            OutputPath.RequireExtension(output, ".csv", ".jsonl");
        OutputPath.Check(output, [.. _model.Inputs(result), .. paths]);
        _encoding.RefuseWithout(result, path);
        using var progress = _session.StartProgress("classifying");
        var model = _model.Load(result);
        var batch = PrepareBatch(result, model);
        var options = _confidence.Read(result, model, _model) with { TopK = result.GetValue(_top), MaxDegreeOfParallelism = result.Read(_threads) };
        using var input = new FeatureInput(_session, progress, _encoding.ReadSources(result, result.Read(_threads)) with { FeatureFiles = _reading.Read(result) }, model);
        using var features = input.OpenBlocks(paths, DatasetSplit.Test);
        var names = new List<string>();
        Write(features.HasNames ? names : null, input.ReadBlocks(features, names), features.Count);
        if (batch is not null)
            progress.Tell($"lfa: {_together.Name}: the images were classified together; each prediction depends on which others were given.");

        void Write(IReadOnlyList<string>? fileNames, IEnumerable<Matrix> blocks, long count)
        {
            if (output is null)
                WriteTo(_session.Output);
            else
            {
                AtomicFile.Write(output, stream =>
                {
                    using var writer = new StreamWriter(stream);
                    WriteTo(writer);
                });
                _session.Output.WriteLine($"Wrote {output}.");
            }

            void WriteTo(TextWriter writer)
            {
                var report = PredictionReport.Create(writer, output, fileNames, batch is null ? PredictionColumns.Of(model, options) : PredictionColumns.OfBatch(model, options));
                BadInputException.Naming(path, () =>
                {
                    foreach (var prediction in batch?.Predict(blocks, options, _session.CancellationToken) ?? model.Predict(blocks, options))
                    {
                        _session.CancellationToken.ThrowIfCancellationRequested();
                        report.Write(prediction);
                        progress.Report(report.Rows, count);
                    }
                });
            }
        }
    }

    /// <summary>Prepares the model to classify images together where that is asked for.</summary>
    private BatchAdaptation? PrepareBatch(ParseResult result, LfaModel model)
    {
        if (!result.GetValue(_together))
            return null;
        if (_confidence.Asked(result) is { } asked)
            throw new BadInputException($"{asked} holds for images classified one at a time; leave out {asked} or {_together.Name}.");
        return BadInputException.Naming(_model.Path(result), () => BatchAdaptation.FromModel(model));
    }
}
