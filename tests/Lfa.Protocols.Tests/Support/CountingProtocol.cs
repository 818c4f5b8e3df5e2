using System.Collections.Concurrent;
using Lfa.Encoders.Datasets;

namespace Lfa.Protocols.Tests.Support;

/// <summary>A kind of experiment that computes nothing, tells what it was asked for and has an outcome that its input determines.</summary>
internal sealed class CountingProtocol : IProtocol
{
    public ConcurrentQueue<CellInput> Runs { get; } = [];

    /// <summary>Gets or sets what happens in a cell before its outcome.</summary>
    public Action<CellInput> Meanwhile { get; set; } = _ => { };

    public string Name => "counting";

    public string About => "how often a cell runs";

    public IReadOnlyList<string> Methods => ["plain", "refined", "refuses"];

    public IReadOnlyList<Shots> PublishedShots { get; } = [new(1), new(2)];

    public bool HasTargets => false;

    public int PublishedIterations(DatasetDescription? known) => 7;

    public string DescribeOptions(string method, int iterations) => method == "refined" ? Invariant($"{iterations} iterations") : "";

    public CellOutcome Run(CellInput input, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Meanwhile(input);
        Runs.Enqueue(input);
        if (input.Method == "refuses")
            return new CellOutcome { Refusal = "not | today" };
        var top1 = input.Seed + (10.0 * input.Train.SampleCount) + (input.Method == "plain" ? 0.5 : 0);
        return new CellOutcome { Seconds = 1.5, PeakBytes = 77, Chosen = "a \"word\", quoted", Measurements = [new("base", 10, 5, top1 / 100, 1, double.PositiveInfinity, 0.25), new("new", 20, 4, top1 / 300)] };
    }
}
