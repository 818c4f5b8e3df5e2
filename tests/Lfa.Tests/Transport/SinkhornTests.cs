using System.Numerics.Tensors;
using Lfa.Data;
using Lfa.Tests.Parity;
using Lfa.Tests.Support;
using Lfa.Transport;

namespace Lfa.Tests.Transport;

public class SinkhornTests
{
    [Theory]
    [MemberData(nameof(Golden.Names), MemberType = typeof(Golden))]
    public void Solve_Golden_AgreesOnNearlyAllLabels(string name)
    {
        var golden = Golden.Load(name);
        var refined = golden.Transform("w_refined_100").Apply(golden.Task.ImageFeatures).NormalizeRows();
        foreach (var (images, array) in new[] { (golden.Task.ImageFeatures, "sinkhorn_assignment"), (refined, "sinkhorn_assignment_refined") })
        {
            // The published annealing stops early; a plan that holds agrees with it on 93 to 99 %.
            var labels = PseudoLabels.FromPlan(Sinkhorn.Solve(images, golden.Task.ClassPrototypes), images).Labels;
            var expected = golden[array];
            var same = Enumerable.Range(0, images.Rows).Count(i => labels.Span[i] == TensorPrimitives.IndexOfMax<float>(expected.AsSpan(i * golden.Classes, golden.Classes)));
            ((double)same / images.Rows).ShouldBeGreaterThanOrEqualTo(0.93, array);
        }
    }

    [Theory]
    [InlineData(0.0025, 30, 7, 16)]
    [InlineData(0.0025, 7, 30, 16)] // More classes than images.
    [InlineData(0.01, 200, 12, 8)]
    [InlineData(1, 50, 5, 8)]
    public void Solve_Uniform_MarginalsHold(double epsilon, int images, int classes, int dimension)
    {
        var (x, y) = (Unit(images, dimension, 1), Unit(classes, dimension, 2));
        var plan = Sinkhorn.Solve(x, y, new SinkhornOptions { Epsilon = epsilon });
        plan.Converged.ShouldBeTrue();
        plan.MarginalError.ShouldBeLessThanOrEqualTo(1e-3);
        ShouldHold(plan, x, [.. Enumerable.Repeat(1.0 / classes, classes)]);
    }

    [Fact]
    public void Solve_GivenShares_MarginalsHold()
    {
        var (x, y) = (Unit(300, 16, 1), Unit(4, 16, 2));
        var plan = Sinkhorn.Solve(x, y, new SinkhornOptions { ClassPrior = ClassPrior.FromWeights([1, 2, 3, 94]) });
        plan.Converged.ShouldBeTrue();
        plan.Uniformity.ShouldBeNull();
        ShouldHold(plan, x, [0.01, 0.02, 0.03, 0.94]);
    }

    [Fact]
    public void Solve_SmallProblem_IsTheOptimum()
    {
        // By hand in double precision: scale rows and columns in turn until nothing moves.
        var (x, y, epsilon) = (Unit(6, 5, 3), Unit(4, 5, 4), 0.05);
        var kernel = new double[6, 4];
        for (var i = 0; i < 6; i++)
        {
            for (var c = 0; c < 4; c++)
                kernel[i, c] = Math.Exp(TensorPrimitives.Dot(x.Row(i), y.Row(c)) / epsilon);
        }
        var (u, v) = (new double[6], new double[] { 1, 1, 1, 1 });
        for (var iteration = 0; iteration < 20_000; iteration++)
        {
            for (var i = 0; i < 6; i++)
                u[i] = 1.0 / 6 / Enumerable.Range(0, 4).Sum(c => kernel[i, c] * v[c]);
            for (var c = 0; c < 4; c++)
                v[c] = 0.25 / Enumerable.Range(0, 6).Sum(i => kernel[i, c] * u[i]);
        }
        float[] expected = [.. from i in Enumerable.Range(0, 6) from c in Enumerable.Range(0, 4) select (float)(6 * u[i] * kernel[i, c] * v[c])];
        var plan = Sinkhorn.Solve(x, y, new SinkhornOptions { Epsilon = epsilon, Tolerance = 1e-6 });
        plan.Assignments(x).Values.ShouldBeCloseTo(expected, 1e-4);
    }

    [Fact]
    public void Solve_PlantedPermutation_IsRecovered()
    {
        var y = Unit(40, 32, 5);
        int[] order = [.. Enumerable.Range(0, 40).Select(i => i * 7 % 40)];
        var noise = MadeUp.Floats(40 * 32, 6);
        var values = y.SelectRows(order).Values.ToArray();
        TensorPrimitives.MultiplyAdd(noise, 0.05f, values, values);
        var x = new Matrix(values, 40, 32).NormalizeRows();
        PseudoLabels.FromPlan(Sinkhorn.Solve(x, y), x).Labels.ToArray().ShouldBe(order);
    }

    [Fact]
    public void Solve_OneClassHoardsTheImages_EachGetsItsShare()
    {
        // All images lie nearest to class 0, each also near a class of its own.
        var y = Unit(10, 32, 7);
        var values = new float[10 * 32];
        for (var i = 0; i < 10; i++)
        {
            TensorPrimitives.MultiplyAdd(y.Row(0), 1.2f, y.Row(i), values.AsSpan(i * 32, 32));
        }
        var x = new Matrix(values, 10, 32).NormalizeRows();
        PseudoLabels.FromPlan(Sinkhorn.Solve(x, y).WithoutPotentials(), x).Labels.ToArray().ShouldAllBe(label => label == 0);
        PseudoLabels.FromPlan(Sinkhorn.Solve(x, y), x).Labels.ToArray().ShouldBe(Enumerable.Range(0, 10));
    }

    [Fact]
    public void Solve_NoImageIsNearAClass_StaysFinite()
    {
        // Class 1 is opposite to every image: e^(−2/ε) is far below what single or double precision hold.
        var x = new Matrix(new float[] { 1, 0, 1, 0, 1, 0, 1, 0 }, 4, 2);
        var y = new Matrix(new float[] { 1, 0, -1, 0 }, 2, 2);
        var plan = Sinkhorn.Solve(x, y, new SinkhornOptions { Epsilon = 1e-4 });
        plan.Converged.ShouldBeTrue();
        plan.Potentials.ToArray().ShouldAllBe(potential => double.IsFinite(potential));
        plan.Assignments(x).Values.ShouldBeCloseTo([0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f], 5e-3);
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(5, 1)]
    [InlineData(1, 1)]
    public void Solve_OneImageOrOneClass_Works(int images, int classes)
    {
        var (x, y) = (Unit(images, 8, 1), Unit(classes, 8, 2));
        var plan = Sinkhorn.Solve(x, y);
        plan.Converged.ShouldBeTrue();
        plan.Assignments(x).Values.ShouldBeCloseTo([.. Enumerable.Repeat(1f / classes, images * classes)], 1e-3);
        Sinkhorn.Solve(x, y, new SinkhornOptions { ClassPrior = ClassPrior.Estimated }).Converged.ShouldBeTrue();
    }

    [Fact]
    public void Solve_AnyThreads_SameBits()
    {
        var (x, y) = (Unit(1000, 16, 1), Unit(20, 16, 2));
        var expected = Sinkhorn.Solve(x, y, maxDegreeOfParallelism: 1).Potentials.ToArray();
        Sinkhorn.Solve(x, y, maxDegreeOfParallelism: 3).Potentials.ToArray().ShouldBe(expected);
        Sinkhorn.Solve(x, y, maxDegreeOfParallelism: -1).Potentials.ToArray().ShouldBe(expected);
    }

    [Fact]
    public void Solve_TooFewIterations_SaysSo()
    {
        var plan = Sinkhorn.Solve(Unit(200, 8, 1), Unit(30, 8, 2), new SinkhornOptions { Iterations = 3 });
        (plan.Converged, plan.Iterations).ShouldBe((false, 3));
        plan.MarginalError.ShouldBeGreaterThan(1e-3);
    }

    [Fact]
    public void Solve_BadInput_NamesIt()
    {
        var y = Unit(3, 4, 2);
        Should.Throw<LfaDataException>(() => Sinkhorn.Solve(Unit(5, 6, 1), y)).Message.ShouldStartWith("images is 5 × 6 and classPrototypes is 3 × 4");
        Should.Throw<LfaDataException>(() => Sinkhorn.Solve(new Matrix(default, 0, 4), y)).Message.ShouldStartWith("images is 0 × 4");
        Should.Throw<LfaDataException>(() => Sinkhorn.Solve(new Matrix(new[] { 1, 0, 0, float.NaN }, 1, 4), y)).Message.ShouldStartWith("images: row 0 holds a NaN");
        Should.Throw<LfaDataException>(() => Sinkhorn.Solve(Unit(5, 4, 1), y, new SinkhornOptions { ClassPrior = ClassPrior.FromWeights([1, 2]) })).Message.ShouldStartWith("There are 2 shares but 3 classes");
        Should.Throw<OperationCanceledException>(() => Sinkhorn.Solve(Unit(5, 4, 1), y, cancellationToken: new CancellationToken(canceled: true)));
    }

    private static Matrix Unit(int rows, int columns, int seed) => MadeUp.Features(rows, columns, seed).NormalizeRows();

    private static void ShouldHold(TransportPlan plan, Matrix images, double[] shares)
    {
        var assignments = plan.Assignments(images);
        for (var i = 0; i < images.Rows; i++)
            ((double)TensorPrimitives.Sum(assignments.Row(i))).ShouldBe(1, 1e-5);
        for (var c = 0; c < shares.Length; c++)
            (Enumerable.Range(0, images.Rows).Average(i => (double)assignments[i, c]) / shares[c]).ShouldBe(1, 1.2e-3, Invariant($"class {c}"));
    }
}
