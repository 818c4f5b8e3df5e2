using Lfa.Alignment;
using Lfa.Data;
using Lfa.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace Lfa.Tests.Alignment;

public class CanonicalCorrelationTests
{
    [Theory]
    [InlineData(20, 12, 15, 0.1)]
    [InlineData(12, 20, 15, 0.1)]
    [InlineData(20, 12, 5, 3)]
    public void Fit_Maps_AreThoseOfTheOracle(int inputs, int outputs, int classes, double penalty)
    {
        var (task, _) = TwoSpaces.Planted(inputs, outputs, classes, shots: 4, seed: 1, spread: 1, confined: 0.5);
        var centered = new MeanDirections().Fit(task);
        var mapped = centered.Apply(task);
        var (x, t) = (mapped.ImageFeatures.ToOracle(), mapped.ClassPrototypes.SelectRows(mapped.Labels.Span).ToOracle());
        // The singular vectors of Cₓ^−½ · XᵀT · C_t^−½, with square roots instead of Cholesky factors.
        var (cx, ct) = (InverseRoot(Penalized(x, penalty)), InverseRoot(Penalized(t, penalty)));
        var svd = (cx * x.TransposeThisAndMultiply(t) * ct).Svd();
        var maps = new CanonicalCorrelation { Components = 4, Penalty = penalty }.Fit(task, new FitContext { MaxDegreeOfParallelism = 2 });
        var a = centered.Images!.Matrix.ToOracle() * cx * svd.U.SubMatrix(0, inputs, 0, 4);
        var b = centered.Texts!.Matrix.ToOracle() * ct * svd.VT.Transpose().SubMatrix(0, outputs, 0, 4);
        for (var k = 0; k < 4; k++)
        {
            var (left, right) = (maps.Images!.Matrix.ToOracle().Column(k), maps.Texts!.Matrix.ToOracle().Column(k));
            var sign = Math.Sign(left * a.Column(k)); // A pair of directions may turn, but only together.
            Cosine(left, sign * a.Column(k)).ShouldBe(1, 1e-6);
            Cosine(right, sign * b.Column(k)).ShouldBe(1, 1e-6);
        }
        // One scale for all directions of the images.
        var ratios = Enumerable.Range(0, 4).Select(k => maps.Images!.Matrix.ToOracle().Column(k).L2Norm() / a.Column(k).L2Norm()).ToArray();
        ratios.ShouldAllBe(ratio => Math.Abs((ratio / ratios[0]) - 1) < 1e-5);
    }

    [Theory]
    [InlineData(24, 10)]
    [InlineData(10, 24)]
    public void Fit_PlantedIsometry_ClassifiesNewImages(int inputs, int outputs)
    {
        var (task, _) = TwoSpaces.Planted(inputs, outputs, classes: 8, shots: 6, seed: 2, spread: 0.3);
        var maps = new CanonicalCorrelation().Fit(task.SelectRows([.. Enumerable.Range(0, 24)]));
        var test = task.SelectRows([.. Enumerable.Range(24, 24)]);
        AlignedModel.Of(maps.Images!, maps.Apply(test).ClassPrototypes, test.ClassNames).Evaluate(test).Top1Accuracy.ShouldBe(1);
    }

    [Fact]
    public void Fit_FewClasses_LeavesDirectionsWithoutCorrelationOut()
    {
        var (task, _) = TwoSpaces.Planted(24, 10, classes: 4, shots: 5, seed: 3, spread: 1);
        new CanonicalCorrelation().Fit(task).Images!.OutputDimension.ShouldBeInRange(3, 4);
    }

    [Fact]
    public void Fit_AnyNumberOfThreads_GivesTheSameBits()
    {
        var (task, _) = TwoSpaces.Planted(70, 40, classes: 30, shots: 4, seed: 4, spread: 1);
        Fitted(threads: 3).ShouldBe(Fitted(threads: 1));

        float[] Fitted(int threads) => new CanonicalCorrelation().Fit(task, new FitContext { MaxDegreeOfParallelism = threads }).Images!.Matrix.Values.ToArray();
    }

    [Fact]
    public void Fit_ImagesThatCancelOut_SaysSo()
    {
        var images = new Matrix(new float[] { 1, 0, 0, -1, 0, 0, 0, 1, 0, 0, -1, 0 }, 4, 3);
        Should.Throw<LfaDataException>(() => new CanonicalCorrelation().Fit(new FeatureSet(images, MadeUp.Features(2, 2, seed: 6), new[] { 0, 0, 1, 1 }))).Message.ShouldContain("cancel out");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void Penalty_OutOfRange_Throws(double penalty) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new CanonicalCorrelation { Penalty = penalty });

    private static Matrix<double> Penalized(Matrix<double> features, double penalty)
    {
        var moments = features.TransposeThisAndMultiply(features);
        return moments + (penalty * moments.Trace() / moments.RowCount * Matrix<double>.Build.DenseIdentity(moments.RowCount));
    }

    private static Matrix<double> InverseRoot(Matrix<double> matrix)
    {
        var eigen = matrix.Evd(Symmetricity.Symmetric);
        return eigen.EigenVectors * Matrix<double>.Build.DenseOfDiagonalVector(eigen.EigenValues.Map(value => 1 / Math.Sqrt(value.Real))) * eigen.EigenVectors.Transpose();
    }

    private static double Cosine(Vector<double> a, Vector<double> b) => a * b / (a.L2Norm() * b.L2Norm());
}
