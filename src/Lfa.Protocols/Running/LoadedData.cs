using Lfa.Data;
using Lfa.Encoders.Sources;
using Lfa.Protocols.Results;

namespace Lfa.Protocols.Running;

/// <summary>A dataset in memory, on which its cells run.</summary>
internal sealed class LoadedData
{
    private readonly ProtocolPlan _plan;
    private readonly ProtocolData _data;
    private readonly IReadOnlyDictionary<string, string> _digests;
    private readonly FeatureSet _train;
    private readonly FeatureSet _test;
    private readonly (string Name, FeatureSet Set)[] _targets;

    /// <summary>Reads the files of a dataset.</summary>
    /// <param name="plan">The experiment.</param>
    /// <param name="data">The dataset.</param>
    /// <param name="digests">The sums of the files, by their paths.</param>
    public LoadedData(ProtocolPlan plan, ProtocolData data, IReadOnlyDictionary<string, string> digests)
    {
        (_plan, _data, _digests) = (plan, data, digests);
        using var texts = data.Text is { } text ? TextFeatureSource.FromFile(text.Path) : null;
        using var loader = new SourceLoader(new SourceLoaderOptions { TextFeatures = texts });
        _train = Read(loader, data.Train);
        _test = Read(loader, data.Test);
        _targets = [.. data.Targets.Select(target => (target.Name, Read(loader, target.Test)))];
    }

    /// <summary>Runs a cell.</summary>
    /// <param name="cell">The cell, of this dataset.</param>
    /// <param name="jobs">The number of cells that run side by side.</param>
    /// <param name="command">The command under way.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>Its rows: one a part, or one with the reason where the method refuses the task.</returns>
    public IReadOnlyList<ResultRow> Run(ProtocolCell cell, int jobs, string command, CancellationToken cancellationToken)
    {
        var threads = Math.Max(1, Environment.ProcessorCount / jobs);
        var train = Naming(() => _plan.Protocol.SelectTraining(cell.Shots.Draw(_train, cell.Seed)));
        var input = new CellInput { Method = cell.Method, Train = train, Test = _test, Targets = _targets, Seed = cell.Seed, Iterations = _plan.IterationsOf(_data), MaxDegreeOfParallelism = threads };
        var outcome = Naming(() => _plan.Protocol.Run(input, cancellationToken));
        var blank = Blank(cell, train, outcome, command) with { Threads = threads, PeakBytes = jobs == 1 && outcome.Refusal is null ? outcome.PeakBytes : null };
        return outcome.Measurements.Count == 0 ? [blank] : [.. outcome.Measurements.Select(measurement => Fill(blank, measurement))];
    }

    private static FeatureSet Read(SourceLoader loader, DataFile file) => loader.LoadAsync(file.Path).GetAwaiter().GetResult().Features;

    private T Naming<T>(Func<T> step)
    {
        try
        {
            return step();
        }
        catch (LfaDataException e)
        {
            throw new LfaDataException($"{_data.Name} ({string.Join(", ", _data.Files.Select(file => file.Name))}): {e.Message}", e);
        }
    }

    private ResultRow Blank(ProtocolCell cell, FeatureSet train, CellOutcome outcome, string command) => new()
    {
        Protocol = _plan.Protocol.Name,
        Data = _data.Name,
        Shots = cell.Shots.ToString(),
        Seed = cell.Seed,
        Method = cell.Method,
        Chosen = outcome.Chosen,
        Refusal = outcome.Refusal,
        UsesTestImages = outcome.UsesTestImages,
        Options = cell.Options,
        Classes = train.ClassCount,
        TrainImages = train.SampleCount,
        ShortClasses = cell.Shots.CountShortClasses(train),
        ImageWidth = train.Dimension,
        TextWidth = train.ClassPrototypes.Columns,
        TrainFile = _data.Train.Name,
        TrainSha256 = _digests[_data.Train.Path],
        TestFile = _data.Test.Name,
        TestSha256 = _digests[_data.Test.Path],
        TextFile = _data.Text?.Name,
        TextSha256 = _data.Text is { } text ? _digests[text.Path] : null,
        Version = RunEnvironment.Version,
        Command = command,
        Runtime = RunEnvironment.Runtime,
        Processor = RunEnvironment.Processor,
        Threads = 0,
        Seconds = outcome.Refusal is null ? outcome.Seconds : null,
    };

    private ResultRow Fill(ResultRow blank, Measurement measurement)
    {
        var file = _data.MeasuredOn(measurement.Part);
        return blank with
        {
            Part = measurement.Part,
            Top1Accuracy = measurement.Top1Accuracy,
            Top5Accuracy = measurement.Top5Accuracy,
            LogLoss = measurement.LogLoss is { } loss && double.IsFinite(loss) ? loss : null,
            Ece = measurement.Ece,
            Classes = measurement.Classes,
            TestImages = measurement.Images,
            TestFile = file.Name,
            TestSha256 = _digests[file.Path],
        };
    }
}
