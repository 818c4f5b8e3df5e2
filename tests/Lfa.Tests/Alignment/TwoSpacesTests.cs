using Lfa.Alignment;
using Lfa.Data;
using Lfa.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace Lfa.Tests.Alignment;

/// <summary>The closed forms between encoders that never met.</summary>
public class TwoSpacesTests
{
    [Theory]
    [InlineData(24, 10)]
    [InlineData(10, 24)]
    public void Procrustes_PlantedIsometry_IsRecovered(int inputs, int outputs)
    {
        var (task, planted) = TwoSpaces.Planted(inputs, outputs, classes: 40, shots: 2, seed: 1);
        var fitted = OrthogonalProcrustes.Fit(task);
        (fitted.InputDimension, fitted.OutputDimension).ShouldBe((inputs, outputs));
        fitted.Matrix.Values.ShouldBeCloseTo(planted.Matrix.Values.Span, 1e-5); // Features in single precision.
    }

    [Theory]
    [InlineData(24, 10)]
    [InlineData(10, 24)]
    public void Procrustes_EnoughClasses_IsSemiOrthogonal(int inputs, int outputs)
    {
        var (task, _) = TwoSpaces.Planted(inputs, outputs, classes: 40, shots: 2, seed: 2, spread: 2);
        var fitted = OrthogonalProcrustes.Fit(task).Matrix.ToOracle();
        Oracle.Orthogonality(inputs > outputs ? fitted : fitted.Transpose()).ShouldBeLessThan(1e-6);
    }

    [Theory]
    [InlineData(24, 10, 40)]
    [InlineData(10, 24, 40)]
    [InlineData(24, 10, 4)]
    [InlineData(10, 24, 4)]
    public void Procrustes_TrainingClasses_AreScoredAsWithColumnsOfZeros(int inputs, int outputs, int classes)
    {
        var (task, _) = TwoSpaces.Planted(inputs, outputs, classes, shots: 3, seed: 3, spread: 1, confined: 0.5);
        var padded = TwoSpaces.Padded(task);
        var expected = padded.ImageFeatures.ToOracle() * OrthogonalProcrustes.Fit(padded).Matrix.ToOracle() * padded.ClassPrototypes.ToOracle().Transpose();
        var scores = task.ImageFeatures.ToOracle() * OrthogonalProcrustes.Fit(task).Matrix.ToOracle() * task.ClassPrototypes.ToOracle().Transpose();
        // Class means, for an image has a part outside their span, which a completion carries anywhere.
        Means(scores, task).ShouldBeCloseTo(Means(expected, task), 1e-5);
    }

    [Fact]
    public void Procrustes_FewClasses_IsZeroOutsideTheirSpan()
    {
        var (task, _) = TwoSpaces.Planted(24, 10, classes: 4, shots: 2, seed: 4, spread: 1);
        var singular = OrthogonalProcrustes.Fit(task).Matrix.ToOracle().Svd().S;
        singular.Take(4).ShouldAllBe(value => Math.Abs(value - 1) < 1e-6);
        singular.Skip(4).ShouldAllBe(value => value < 1e-6);
    }

    [Theory]
    [InlineData(6, 5)]
    [InlineData(40, 9)] // More classes than components.
    public void Procrustes_ClassesThatDependOnEachOther_AddNoDirectionOfRounding(int classes, int expected)
    {
        // The mean direction is taken out; in single precision something of 1e-8 is left of it.
        var (task, _) = TwoSpaces.Planted(24, 10, classes, shots: 2, seed: 9, spread: 1);
        var singular = OrthogonalProcrustes.Fit(new MeanDirections().Fit(task).Apply(task)).Matrix.ToOracle().Svd().S;
        singular.Count(value => value > 1e-6).ShouldBe(expected);
    }

    [Fact]
    public void Procrustes_Pairs_AreTheClassesOfOneImageEach()
    {
        var (task, planted) = TwoSpaces.Planted(24, 10, classes: 40, shots: 1, seed: 5);
        OrthogonalProcrustes.Fit(task.ImageFeatures, task.ClassPrototypes).Matrix.Values.ShouldBeCloseTo(planted.Matrix.Values.Span, 1e-5);
    }

    [Fact]
    public void Procrustes_Statistics_GiveTheBitsOfTheImages()
    {
        var (task, _) = TwoSpaces.Planted(24, 10, classes: 6, shots: 4, seed: 6, spread: 1);
        OrthogonalProcrustes.Fit(ClassStatistics.FromTask(task), task.ClassPrototypes).Matrix.Values.ToArray()
            .ShouldBe(OrthogonalProcrustes.Fit(task, maxDegreeOfParallelism: 1).Matrix.Values.ToArray());
    }

    [Theory]
    [InlineData(24, 10, 60, 0)]
    [InlineData(10, 24, 60, 0)]
    [InlineData(24, 10, 60, 0.3)]
    [InlineData(24, 10, 12, 0)]
    public void LeastSquares_AnyWidths_IsTheOracles(int inputs, int outputs, int samples, double ridge)
    {
        var (task, _) = TwoSpaces.Planted(inputs, outputs, classes: 12, shots: samples / 12, seed: 7, spread: 1, confined: 0.5);
        var x = task.ImageFeatures.ToOracle();
        var target = task.ClassPrototypes.SelectRows(task.Labels.Span).ToOracle();
        var expected = samples < inputs
            ? x.PseudoInverse() * target
            : (x.TransposeThisAndMultiply(x) + (ridge * Matrix<double>.Build.DenseIdentity(inputs))).Solve(x.TransposeThisAndMultiply(target));
        LeastSquares.Fit(task, ridge).Matrix.Values.ShouldBeCloseTo(Oracle.ToFeatures(expected).Values.Span, 1e-4); // Conditions of the noise.
        LeastSquares.Fit(ClassStatistics.FromTask(task), task.ClassPrototypes, ridge).Matrix.Values.ShouldBeCloseTo(Oracle.ToFeatures(expected).Values.Span, 1e-3); // The span from XᵀX.
    }

    [Fact]
    public void BetaProcrustes_TwoSpaces_HaveNoIdentity() =>
        Should.Throw<LfaDataException>(() => BetaProcrustes.Fit(TwoSpaces.Planted(6, 4, 5, 2, seed: 8).Task, beta: 0.5)).Message.ShouldContain("6 × 4");

    private static Matrix<double> Means(Matrix<double> scores, FeatureSet task)
    {
        var means = Matrix<double>.Build.Dense(task.ClassCount, task.ClassCount);
        for (var i = 0; i < task.SampleCount; i++)
            means.SetRow(task.Labels.Span[i], means.Row(task.Labels.Span[i]) + scores.Row(i));
        return means;
    }
}
