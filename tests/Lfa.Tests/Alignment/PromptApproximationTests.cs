using Lfa.Alignment;
using Lfa.Data;
using Lfa.Tests.Support;

namespace Lfa.Tests.Alignment;

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
        fit.LeftOutTop1.ShouldBe(100);
        fit.NamesCosine.ShouldBeLessThan(0.99);
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
        fit.LeftOutCosine.ShouldBeGreaterThanOrEqualTo(fit.NamesCosine - 1e-5, "the identity is among the candidates");
        fit.Ridge.ShouldBeGreaterThanOrEqualTo(1);
    }

    [Fact]
    public void Fit_ClassLeftOutIsMappedToZero_IsNearToNone()
    {
        var names = new Matrix(new float[] { 1, 0, 0, 0, 1, 0, 0, 0, 1 }, 3, 3);
        var fit = PromptApproximation.Fit(names, names, new() { ShrinksToZero = true });
        (fit.LeftOutCosine, fit.LeftOutTop1).ShouldBe((0, 0));
    }

    [Fact]
    public void Fit_LearnedAreTheNames_IsTheIdentity()
    {
        var fit = PromptApproximation.Fit(Names, Names);
        fit.Transform.Matrix.Values.ShouldBeCloseTo(Transform.Identity(12).Matrix.Values.Span, 1e-6); // Rounding.
        fit.LeftOutTop1.ShouldBe(100);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Fit_AnyNumberOfThreads_GivesTheSameBits(int threads) =>
        PromptApproximation.Fit(Names, Learned, new() { Threads = threads, Ridge = 0.1 }).Transform.Matrix.Values.ToArray().ShouldBe(PromptApproximation.Fit(Names, Learned, new() { Threads = 2, Ridge = 0.1 }).Transform.Matrix.Values.ToArray());

    [Fact]
    public void Fit_OneClassOrOtherShapes_Throws()
    {
        Should.Throw<ArgumentException>(() => PromptApproximation.Fit(Names.Slice(0, 1), Learned.Slice(0, 1))).Message.ShouldContain("one row only");
        Should.Throw<ArgumentException>(() => PromptApproximation.Fit(Names, Learned.Slice(0, 9))).Message.ShouldContain("25 × 12");
        PromptApproximation.Fit(Names.Slice(0, 2), Learned.Slice(0, 2)).LeftOutTop1.ShouldBeInRange(0, 100);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Options_RidgeOutOfRange_Throws(double ridge) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new PromptApproximationOptions { Ridge = ridge });

    [Fact]
    public void ToClassifier_ScoresImagesByTheTransformedNames()
    {
        var fit = PromptApproximation.Fit(Names, Learned);
        var test = new FeatureSet(Learned, Names, MadeUp.Labels(25, 25));
        var classifier = fit.ToClassifier(test.ClassNames);
        classifier.AdaptedPrototypes().Values.ShouldBeCloseTo(fit.Transform.Apply(Names).Values.Span, 1e-6); // Rounding.
        classifier.Evaluate(test).Top1.ShouldBe(100);
        var accuracies = fit.Evaluate(test);
        (accuracies.Learned.Top1, accuracies.Approximated.Top1, accuracies.LeftOut.Top1).ShouldBe((100, 100, 100));
        accuracies.Names.ShouldBe(LfaTrainer.Fit(test, new LfaOptions { Method = FitMethod.ZeroShot }).Evaluate(test).ZeroShot);
    }

    private static Matrix OrthogonalTo(Matrix rows, float[] vector)
    {
        var basis = rows.ToOracle().Transpose().QR(MathNet.Numerics.LinearAlgebra.Factorization.QRMethod.Thin).Q;
        var v = MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(vector.Length, i => vector[i]);
        var rest = v - (basis * (basis.TransposeThisAndMultiply(v)));
        return new Matrix(rest.Select(value => (float)value).ToArray(), 1, vector.Length).NormalizeRows();
    }
}
