namespace Lfa;

/// <summary>How far a fit has come.</summary>
/// <param name="Completed">The number of steps done; of steps of unequal length each counts for what it takes.</param>
/// <param name="Total">The number of steps in all, at least 1.</param>
/// <param name="Loss">The mean loss of the last batch; null for steps without one.</param>
public readonly record struct FitProgress(int Completed, int Total, double? Loss = null)
{
    /// <summary>Gets the part that is done, from 0 to 1.</summary>
    public double Fraction => Total > 0 ? (double)Completed / Total : 1;
}
