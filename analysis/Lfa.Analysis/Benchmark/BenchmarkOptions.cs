using Lfa.Methods;

namespace Lfa.Analysis.Benchmark;

/// <summary>What the command line asks of the benchmark.</summary>
internal sealed record BenchmarkOptions
{
    /// <summary>The names of the methods to run, beside zero-shot and auto; none for all.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>A part of the names of the columns to run; null for all.</summary>
    public string? Columns { get; init; }

    /// <summary>The file that the results are written to.</summary>
    public string? Save { get; init; }

    /// <summary>The file that the results of methods that are not named are taken from.</summary>
    public string? Reuse { get; init; }

    /// <summary>Whether to run the made-up problem of 5000 classes too.</summary>
    public bool Large { get; init; }

    public static BenchmarkOptions Parse(ReadOnlySpan<string> args) => args switch
    {
        [] => new BenchmarkOptions(),
        ["--columns", var text, .. var rest] => Parse(rest) with { Columns = text },
        ["--save", var path, .. var rest] => Parse(rest) with { Save = path },
        ["--reuse", var path, .. var rest] => Parse(rest) with { Reuse = path },
        ["--large", .. var rest] => Parse(rest) with { Large = true },
        [var name, .. var rest] => Parse(rest).WithMethod((MethodRegistry.Find(name) ?? MethodRegistry.Methods.Get(name)).Name),
    };

    private BenchmarkOptions WithMethod(string name) => this with { Methods = [name, .. Methods] };
}
