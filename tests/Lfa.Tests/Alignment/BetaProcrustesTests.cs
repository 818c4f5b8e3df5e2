using Lfa.Alignment;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Tests.Support;

namespace Lfa.Tests.Alignment;

public class BetaProcrustesTests
{
    [Fact]
    public void Fit_BetaZero_IsOrthogonal()
    {
        var task = MadeUp.Task(8, 12, shots: 3, seed: 1);
        var fitted = BetaProcrustes.Fit(task, beta: 0);
        Oracle.Orthogonality(fitted.Matrix.ToOracle()).ShouldBeLessThan(1e-6); // Single precision.
        fitted.Matrix.Values.ToArray().ShouldBe(OrthogonalProcrustes.Fit(task).Matrix.Values.ToArray());
    }

    [Fact]
    public void Fit_BetaOne_IsTheIdentity() =>
        BetaProcrustes.Fit(MadeUp.Task(8, 12, shots: 3, seed: 1), beta: 1).Matrix.Values.ToArray().ShouldBe(Transform.Identity(12).Matrix.Values.ToArray());

    [Fact]
    public void Shrink_Between_IsTheWeightedMean() =>
        BetaProcrustes.Shrink(new Transform(new Matrix(new float[] { 0, 1, -1, 0 }, 2, 2)), 0.25).Matrix.Values.ToArray().ShouldBe([0.25f, 0.75f, -0.75f, 0.25f]);

    [Theory]
    [InlineData(-0.01)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void Shrink_BetaOutsideTheUnitInterval_Throws(double beta)
    {
        Should.Throw<ArgumentOutOfRangeException>(() => BetaProcrustes.Shrink(Transform.Identity(2), beta)).ParamName.ShouldBe("beta");
        Should.Throw<ArgumentOutOfRangeException>(() => new BetaProcrustesMethod { Beta = beta });
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    public void Shrink_NotSquare_SaysSo(int rows, int columns) =>
        Should.Throw<LfaDataException>(() => BetaProcrustes.Shrink(new Transform(MadeUp.Features(rows, columns, 1)), 0.5))
            .Message.ShouldContain(Invariant($"transform is {rows} × {columns}"));

    [Fact]
    public void Apply_OtherColumns_NamesBothShapes() =>
        Should.Throw<LfaDataException>(() => Transform.Identity(3).Apply(MadeUp.Features(2, 4, 1)))
            .Message.ShouldBe("features is 2 × 4 but the transform is 3 × 3; the columns of the one must be the rows of the other.");

    [Fact]
    public void Apply_Rectangular_IsTheProduct()
    {
        var (features, transform) = (MadeUp.Features(5, 3, seed: 1), new Transform(MadeUp.Features(3, 7, seed: 2)));
        var expected = Oracle.ToFeatures(features.ToOracle() * transform.Matrix.ToOracle());
        transform.Apply(features).Values.ShouldBeCloseTo(expected.Values.Span, 1e-6); // Single precision.
    }
}
