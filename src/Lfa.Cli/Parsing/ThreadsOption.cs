namespace Lfa.Cli.Parsing;

/// <summary>The option that says how many threads to use.</summary>
internal static class ThreadsOption
{
    private const int AllProcessors = 0;

    public static Option<int> Create() =>
        OptionOf.Integer("--threads", "The number of threads at most; 0 for all processors. It does not change the result", AllProcessors, value => OptionOf.Require(value >= 0, "expected 0 or more."));

    /// <summary>Reads the option as the library takes it: -1 for all processors.</summary>
    public static int Read(this ParseResult result, Option<int> threads) => result.GetValue(threads) is > 0 and var count ? count : -1;
}
