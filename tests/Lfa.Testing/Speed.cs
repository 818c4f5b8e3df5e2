namespace Lfa.Testing;

/// <summary>The trait of tests that the quick suite leaves out: --filter-not-trait Speed=Slow.</summary>
public static class Speed
{
    public const string Trait = nameof(Speed);

    /// <summary>Takes seconds: packs, runs child processes, or fits again and again.</summary>
    public const string Slow = nameof(Slow);
}
