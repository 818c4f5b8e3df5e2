namespace Lfa.Cli.Parsing;

/// <summary>The option that says how many threads to use.</summary>
internal static class ThreadsOption
{
    public static Option<int> Create() =>
        OptionOf.Integer("--threads", "The number of threads at most; 0 for all processors. It does not change the result", new LfaOptions().Threads, value => _ = new LfaOptions { Threads = value });
}
