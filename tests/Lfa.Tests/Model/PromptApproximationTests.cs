using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Model;
using Lfa.Tests.Support;

namespace Lfa.Tests.Model;

public class PromptApproximationTests
{
    private static readonly Matrix Names = MadeUp.Features(25, 12, seed: 1).NormalizeRows();
    private static readonly Matrix Learned = MadeUp.Rotation(12, seed: 2, spread: 0.5).Apply(Names);

    [Fact]
    public void Fit_PromptThatActsAsALinearMap_IsRecoveredOnClassesLeftOut()
    {
        var fit = PromptApproximation.Fit(Names, Learned);
        fit.Ridge.ShouldBe(0, "there is no noise to guard against");
        fit.Residual.ShouldBeLessThan(1e-5);
        fit.LeftOutCosine.ShouldBe(1, 1e-5);
        fit.LeftOutAccuracy.ShouldBe(1);
        fit.NamesCosine.ShouldBe(MeanCosine(Names, Learned), 1e-6); // Rounding.
        fit.NamesCosine.ShouldBeLessThan(0.97, "else there were nothing to recover");
        fit.LeftOutPrototypes.Values.ShouldBeCloseTo(Learned.Values.Span, 1e-4); // Single precision times the condition of 20 prototypes.
    }

    [Fact]
    public void Fit_FewerClassesThanComponents_LeavesWhatTheNamesDoNotSpan()
    {
        // A prompt that moves all prototypes alike says nothing of directions that no class name has.
        var (names, shift) = (MadeUp.Features(6, 40, seed: 3).NormalizeRows(), MadeUp.Floats(40, seed: 4));
        var learned = new Matrix(names.Values.ToArray().Select((value, i) => value + (0.2f * shift[i % 40])).ToArray(), 6, 40).NormalizeRows();
        var (identity, zero) = (PromptApproximation.Fit(names, learned, new() { Ridge = 0 }), PromptApproximation.Fit(names, learned, new() { Ridge = 0, ShrinksToZero = true }));
        var other = OrthogonalTo(names, MadeUp.Floats(40, seed: 5));
        identity.Transform.Apply(other).Values.ShouldBeCloseTo(other.Values.Span, 1e-5); // Single precision.
        zero.Transform.Apply(other).Values.ToArray().ShouldAllBe(value => Math.Abs(value) < 1e-5f); // Single precision.
        (identity.Residual, zero.Residual).ShouldSatisfyAllConditions(both => both.Item1.ShouldBeLessThan(1e-5), both => both.Item2.ShouldBeLessThan(1e-5));
        identity.LeftOutCosine.ShouldBeGreaterThan(zero.LeftOutCosine);
        zero.Transform.Matrix.Values.ToArray().ShouldBe(LeastSquares.ApproximateSoftPrompts(names, learned).Matrix.Values.ToArray(), "plain least squares");
    }

    [Fact]
    public void Fit_NothingInCommon_StaysAtTheNames()
    {
        var unrelated = MadeUp.Features(25, 40, seed: 7).NormalizeRows();
        var names = MadeUp.Features(25, 40, seed: 6).NormalizeRows();
        // Learned prototypes that depart from the names each in its own way.
        var learned = new Matrix(names.Values.ToArray().Zip(unrelated.Values.ToArray(), (name, own) => name + own).ToArray(), 25, 40).NormalizeRows();
        var fit = PromptApproximation.Fit(names, learned);
        fit.Ridge.ShouldBe(1e6, "so large a penalty holds the transform to the identity");
        fit.Transform.Matrix.Values.ShouldBeCloseTo(Transform.Identity(40).Matrix.Values.Span, 1e-4); // 25 prototypes of unit length over the penalty.
        fit.LeftOutCosine.ShouldBe(MeanCosine(names, learned), 1e-5);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(3)]
    public void Fit_TwoClasses_LeavesOutOneAndThenTheOther(double ridge)
    {
        // Of one class with name y and prototype p, the transform is I + yᵀ(p − y) / (λ + 1).
        var (names, learned) = (Names.Slice(0, 2), Learned.Slice(0, 2));
        var fit = PromptApproximation.Fit(names, learned, new() { Ridge = ridge });
        var (y, p) = (names.ToOracle(), learned.ToOracle());
        for (var c = 0; c < 2; c++)
        {
            var expected = y.Row(c) + ((y.Row(c) * y.Row(1 - c)) / (ridge + 1) * (p.Row(1 - c) - y.Row(1 - c)));
            fit.LeftOutPrototypes.Slice(c, 1).Values.ShouldBeCloseTo((expected / expected.L2Norm()).Select(value => (float)value).ToArray(), 1e-5); // Single precision.
        }
        fit.LeftOutCosine.ShouldBe(MeanCosine(fit.LeftOutPrototypes, learned), 1e-6);
    }

    [Fact]
    public void Fit_ClassLeftOutIsMappedToZero_IsNearToNone()
    {
        var names = new Matrix(new float[] { 1, 0, 0, 0, 1, 0, 0, 0, 1 }, 3, 3);
        var fit = PromptApproximation.Fit(names, names, new() { ShrinksToZero = true });
        (fit.LeftOutCosine, fit.LeftOutAccuracy).ShouldBe((0, 0));
    }

    [Fact]
    public void Fit_LearnedAreTheNames_IsTheIdentity()
    {
        var fit = PromptApproximation.Fit(Names, Names);
        fit.Transform.Matrix.Values.ShouldBeCloseTo(Transform.Identity(12).Matrix.Values.Span, 1e-6); // Rounding.
        fit.LeftOutAccuracy.ShouldBe(1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Fit_AnyNumberOfThreads_GivesTheSameBits(int threads)
    {
        var names = MadeUp.Features(300, 160, seed: 11).NormalizeRows(); // Large enough to be shared out.
        var learned = MadeUp.Rotation(160, seed: 12, spread: 0.5).Apply(names);
        float[] Fitted(int count) => PromptApproximation.Fit(names, learned, new() { Ridge = 0.1 }, new FitContext { MaxDegreeOfParallelism = count }).Transform.Matrix.Values.ToArray();
        Fitted(threads).ShouldBe(Fitted(2));
    }

    [Fact]
    public void Fit_OneClassOrOtherShapes_Throws()
    {
        Should.Throw<LfaDataException>(() => PromptApproximation.Fit(Names.Slice(0, 1), Learned.Slice(0, 1))).Message.ShouldContain("one row only");
        Should.Throw<LfaDataException>(() => PromptApproximation.Fit(Names, Learned.Slice(0, 9))).Message.ShouldContain("25 × 12");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Options_RidgeOutOfRange_Throws(double ridge) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new PromptApproximationOptions { Ridge = ridge });

    [Fact]
    public void ToModel_ScoresImagesByTheTransformedNames()
    {
        var fit = PromptApproximation.Fit(Names, Learned);
        var test = new FeatureSet(Learned, Names, MadeUp.Labels(25, 25));
        var model = fit.ToModel(test.ClassNames);
        model.Aligned!.AdaptedPrototypes().Values.ShouldBeCloseTo(fit.Transform.Apply(Names).Values.Span, 1e-6); // Rounding.
        model.Evaluate(test).Top1Accuracy.ShouldBe(1);
    }

    [Fact]
    public void Evaluate_NoisyImages_MeasuresEachKindOfPrototypeByItself()
    {
        // A prompt that a transform tells but for noise, and images so noisy that all four kinds of prototypes err, differently.
        var learned = Noisy(Learned, 0.15, seed: 9).NormalizeRows();
        var fit = PromptApproximation.Fit(Names, learned);
        var labels = MadeUp.Labels(500, 25);
        var test = new FeatureSet(Noisy(learned.SelectRows(labels), 0.9 / Math.Sqrt(12), seed: 5), Names, labels);
        var accuracies = fit.Evaluate(test);
        Accuracy[] measured = [accuracies.Learned, accuracies.Approximated, accuracies.LeftOut, accuracies.Names];
        measured.ShouldBe([Plain(learned), Plain(fit.Prototypes), Plain(fit.LeftOutPrototypes), Plain(Names)]);
        measured.ShouldBeUnique();

        Accuracy Plain(Matrix prototypes)
        {
            var evaluation = AlignedModel.Of(Transform.Identity(12), prototypes, test.ClassNames).Evaluate(test);
            return new Accuracy(evaluation.Top1Accuracy, evaluation.Top5Accuracy);
        }
    }

    private static double MeanCosine(Matrix a, Matrix b)
    {
        var (x, y) = (a.ToOracle(), b.ToOracle());
        return Enumerable.Range(0, a.Rows).Average(c => (x.Row(c) * y.Row(c)) / (x.Row(c).L2Norm() * y.Row(c).L2Norm()));
    }

    private static Matrix Noisy(Matrix matrix, double spread, int seed) =>
        new(matrix.Values.ToArray().Zip(MadeUp.Floats(matrix.Rows * matrix.Columns, seed), (value, noise) => value + ((float)spread * noise)).ToArray(), matrix.Rows, matrix.Columns);

    private static Matrix OrthogonalTo(Matrix rows, float[] vector)
    {
        var basis = rows.ToOracle().Transpose().QR(MathNet.Numerics.LinearAlgebra.Factorization.QRMethod.Thin).Q;
        var v = MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(vector.Length, i => vector[i]);
        var rest = v - (basis * (basis.TransposeThisAndMultiply(v)));
        return new Matrix(rest.Select(value => (float)value).ToArray(), 1, vector.Length).NormalizeRows();
    }
}
