using Lfa.Numerics;
using Lfa.Tests.Support;

namespace Lfa.Tests.Numerics;

public class AndersonMixingTests
{
    // x ← x + (b − A·x) with eigenvalues of A from 0.01 to 1: plain steps need hundreds.
    private static readonly double[] Eigenvalues = [.. Enumerable.Range(0, 6).Select(i => Math.Pow(0.4, i))];

    [Fact]
    public void Next_LinearProblem_SolvesItInAsManyStepsAsUnknowns()
    {
        var (x, mixing) = (MadeUp.Doubles(6, 1), new AndersonMixing());
        for (var step = 0; step < 12; step++)
            x = mixing.Next(x, Residual(x));
        Residual(x).Max(Math.Abs).ShouldBeLessThan(1e-6);
    }

    [Fact]
    public void Next_AfterRestart_IsAPlainStep()
    {
        var (x, mixing) = (MadeUp.Doubles(6, 1), new AndersonMixing());
        for (var step = 0; step < 3; step++)
            x = mixing.Next(x, Residual(x));
        mixing.Restart();
        var residual = Residual(x);
        mixing.Next(x, residual).ShouldBe(x.Zip(residual, (value, change) => value + change));
    }

    [Fact]
    public void Next_NothingChanges_StaysFinite()
    {
        var (x, mixing) = (new double[] { 1, 2 }, new AndersonMixing());
        for (var step = 0; step < 4; step++)
            x = mixing.Next(x, [0, 0]);
        x.ShouldBe([1, 2]);
    }

    private static double[] Residual(double[] x) => [.. x.Zip(Eigenvalues, (value, eigenvalue) => 1 - (eigenvalue * value))];
}
