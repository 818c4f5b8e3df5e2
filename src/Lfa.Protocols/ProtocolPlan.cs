using Lfa.Encoders.Datasets;

namespace Lfa.Protocols;

/// <summary>An experiment to run: every dataset with every number of shots, seed and method.</summary>
public sealed record ProtocolPlan
{
    /// <summary>Gets the kind of experiment.</summary>
    public required IProtocol Protocol { get; init; }

    /// <summary>Gets the folder for the results and the journal; made where there is none.</summary>
    public required string Output { get; init; }

    /// <summary>Gets the datasets, of different names.</summary>
    public required IReadOnlyList<ProtocolData> Data { get; init; }

    /// <summary>Gets what embeds images: the folder of a model, or its name; null where all datasets are files. Default: null.</summary>
    public string? Model { get; init; }

    /// <summary>Gets whether <see cref="EmbeddedImages.EmbedAsync"/> has work to do before a run.</summary>
    public bool HasImages => Data.SelectMany(data => data.Files).Any(file => file.Images is not null);

    /// <summary>Gets how many images of each class the fits get.</summary>
    public required IReadOnlyList<Shots> Shots { get; init; }

    /// <summary>Gets the seeds: of the images drawn, and of the fits.</summary>
    public required IReadOnlyList<int> Seeds { get; init; }

    /// <summary>Gets the methods, among those of <see cref="Protocol"/>.</summary>
    public required IReadOnlyList<string> Methods { get; init; }

    /// <summary>Gets the iterations of the refinement, at least 1, where a dataset tells none; null for the published ones. Default: null.</summary>
    public int? Iterations { get; init; }

    /// <summary>Gets the cells, in the order of the results.</summary>
    public IEnumerable<ProtocolCell> Cells =>
        from data in Data
        from shots in Shots
        from seed in Seeds
        from method in Methods
        select new ProtocolCell(data, shots, seed, method, Protocol.DescribeOptions(method, IterationsOf(data)));

    /// <summary>Returns the iterations of the refinement on a dataset: its own, else those of the plan, else the published ones.</summary>
    /// <param name="data">The dataset.</param>
    public int IterationsOf(ProtocolData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.Iterations ?? Iterations ?? Protocol.PublishedIterations(DatasetCatalog.Find(data.Name));
    }
}

/// <summary>One fit of an experiment.</summary>
/// <param name="Data">The dataset.</param>
/// <param name="Shots">How many images of each class the fit gets.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Method">The method.</param>
/// <param name="Options">The options of the method, in words.</param>
public sealed record ProtocolCell(ProtocolData Data, Shots Shots, int Seed, string Method, string Options)
{
    /// <summary>Returns what tells the cell from the others of its plan.</summary>
    public override string ToString() => Invariant($"{Data.Name}, {Shots.InWords}, seed {Seed}, {Method}");
}
