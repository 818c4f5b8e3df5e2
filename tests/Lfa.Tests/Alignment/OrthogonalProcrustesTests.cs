using Lfa.Alignment;
using Lfa.Data;
using Lfa.Numerics;
using Lfa.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace Lfa.Tests.Alignment;

public class OrthogonalProcrustesTests
{
    // Results are rounded to single precision, 6e-8.
    private const double Single = 1e-6;

    [Theory]
    [InlineData(40, 12)]
    [InlineData(12, 12)]
    public void Fit_Pairs_RecoversThePlantedRotation(int rows, int dimension)
    {
        var rotation = MadeUp.Rotation(dimension, seed: 1);
        var source = MadeUp.Features(rows, dimension, seed: 2);
        OrthogonalProcrustes.Fit(source, rotation.Apply(source)).Matrix.Values.ShouldBeCloseTo(rotation.Matrix.Values.Span, 10 * Single); // As the rounded target: 6e-8 times a condition of some hundreds.
    }

    [Theory]
    [InlineData(20, 12)]
    [InlineData(5, 30)]
    public void Fit_LabeledImages_RecoversThePlantedRotationOnItsClasses(int classes, int dimension)
    {
        var rotation = MadeUp.Rotation(dimension, seed: 1);
        var task = MadeUp.Task(classes, dimension, shots: 3, seed: 2, spread: 0, rotation);
        var fitted = OrthogonalProcrustes.Fit(task);
        fitted.Apply(task.ImageFeatures).Values.ShouldBeCloseTo(task.ClassPrototypes.SelectRows(task.Labels.Span).Values.Span, 10 * Single);
        Oracle.Orthogonality(fitted.Matrix.ToOracle()).ShouldBeLessThan(Single);
        if (classes >= dimension)
            fitted.Matrix.Values.ShouldBeCloseTo(rotation.Matrix.Values.Span, 10 * Single);
    }

    [Theory]
    [InlineData(1, 3, 1)]
    [InlineData(1, 16, 4)]
    [InlineData(5, 11, 2)]
    [InlineData(9, 40, 3)]
    [InlineData(30, 16, 1)]
    public void Fit_AnyNumberOfClasses_IsThePolarFactorOfXᵀPY(int classes, int dimension, int shots)
    {
        var task = MadeUp.Task(classes, dimension, shots, seed: 3);
        Oracle.Orthogonality(OrthogonalProcrustes.Fit(task).Matrix.ToOracle()).ShouldBeLessThan(Single);
        OrthogonalProcrustes.Fit(task).Matrix.Values.ShouldBeCloseTo(Direct(task).Span, 10 * Single);
    }

    [Fact]
    public void Fit_EqualPrototypesOfTwoClasses_IsThePolarFactorAllTheSame()
    {
        var (plain, dimension) = (MadeUp.Task(6, 20, shots: 2, seed: 4), 20);
        var prototypes = plain.ClassPrototypes.SelectRows([0, 1, 2, 3, 1, 1]);
        ShouldBeThePolarFactor(new FeatureSet(plain.ImageFeatures, prototypes, plain.Labels), dimension);
    }

    [Fact]
    public void Fit_EqualImagesOfTwoClasses_IsThePolarFactorAllTheSame()
    {
        var plain = MadeUp.Task(6, 20, shots: 1, seed: 5);
        ShouldBeThePolarFactor(new FeatureSet(plain.ImageFeatures.SelectRows([0, 1, 2, 3, 2, 0]), plain.ClassPrototypes, plain.Labels), 20);
    }

    [Fact]
    public void Fit_ImagesEqualToPrototypes_IsTheIdentity()
    {
        var prototypes = MadeUp.Features(6, 20, seed: 6);
        var fitted = OrthogonalProcrustes.Fit(new FeatureSet(prototypes, prototypes, MadeUp.Labels(6, 6)));
        fitted.Matrix.Values.ShouldBeCloseTo(Transform.Identity(20).Matrix.Values.Span, Single);
    }

    [Fact]
    public void Fit_UnseenClasses_GainFromTheCompletionNearestTheIdentity()
    {
        // 20 classes in 64 dimensions, seen through a mild rotation; the fit sees 10 of them.
        var rotation = MadeUp.Rotation(64, seed: 7, spread: 0.3);
        var (seen, unseen) = ClassSplit.BaseAndNew(MadeUp.Task(20, 64, shots: 20, seed: 8, spread: 1.2, rotation));
        var fitted = OrthogonalProcrustes.Fit(seen);
        double Top1(FeatureSet test, Transform transform) => AlignedModel.Of(transform, test.ClassPrototypes, test.ClassNames).Evaluate(test).Top1Accuracy;

        // Any rotation of the complement of the prototypes fits the seen classes as well.
        var (basis, rank) = OrthonormalBasis.OfRows(CrossProducts.ToDouble(seen.ClassPrototypes), 10, 64);
        var complement = OrthonormalBasis.Complement(basis, rank, 64, threads: 1).ToOracle();
        var other = Oracle.Polar(complement * MadeUp.Rotation(64, seed: 9).Matrix.ToOracle() * complement) * complement;
        var arbitrary = new Transform(Oracle.ToFeatures(fitted.Matrix.ToOracle() * (Matrix<double>.Build.DenseIdentity(64) - complement + (complement * other))));
        Oracle.Orthogonality(arbitrary.Matrix.ToOracle()).ShouldBeLessThan(Single);
        Top1(seen, arbitrary).ShouldBe(Top1(seen, fitted), 0.005);
        Top1(unseen, fitted).ShouldBeGreaterThan(Top1(unseen, arbitrary) + 0.3);
    }

    [Fact]
    public void Fit_AnyNumberOfThreads_GivesTheSameBits()
    {
        foreach (var classes in new[] { 30, 90 })
        {
            var task = MadeUp.Task(classes, 96, shots: 3, seed: 10);
            OrthogonalProcrustes.Fit(task, maxDegreeOfParallelism: 2).Matrix.Values.ToArray().ShouldBe(OrthogonalProcrustes.Fit(task, maxDegreeOfParallelism: 1).Matrix.Values.ToArray());
        }
    }

    [Fact]
    public void Fit_ShapesDiffer_NamesBoth() =>
        Should.Throw<LfaDataException>(() => OrthogonalProcrustes.Fit(MadeUp.Features(3, 4, 1), MadeUp.Features(2, 4, 1)))
            .Message.ShouldBe("source is 3 × 4 but target is 2 × 4; both must have the same number of rows.");

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Fit_PairNotFinite_NamesTheMatrixAndTheRow(float value)
    {
        var good = MadeUp.Features(3, 2, seed: 1);
        var bad = new Matrix(new[] { 1, 2, 3, 4, 5, value }, 3, 2);
        Should.Throw<LfaDataException>(() => OrthogonalProcrustes.Fit(good, bad)).Message.ShouldContain("target: row 2 holds a NaN or an infinity");
        Should.Throw<LfaDataException>(() => LeastSquares.Fit(bad, good)).Message.ShouldContain("source: row 2 holds a NaN or an infinity");
    }

    private static void ShouldBeThePolarFactor(FeatureSet task, int dimension)
    {
        // The space in which it is fitted and the whole one round differently; the completion moves by 1e-16 times a condition of 1e4.
        task.Dimension.ShouldBe(dimension);
        OrthogonalProcrustes.Fit(task).Matrix.Values.ShouldBeCloseTo(Direct(task).Span, 10 * Single);
    }

    private static ReadOnlyMemory<float> Direct(FeatureSet task)
    {
        var targets = task.ClassPrototypes.SelectRows(task.Labels.Span);
        var cross = task.ImageFeatures.ToOracle().TransposeThisAndMultiply(targets.ToOracle());
        return Transform.FromDouble(PolarFactor.Of(Oracle.ToSquare(cross), threads: 1)).Matrix.Values;
    }
}
