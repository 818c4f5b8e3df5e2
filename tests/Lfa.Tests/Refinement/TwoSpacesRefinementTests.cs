using Lfa.Alignment;
using Lfa.Data;
using Lfa.Numerics;
using Lfa.Refinement;
using Lfa.Tests.Support;

namespace Lfa.Tests.Refinement;

/// <summary>The refinement of a transform between encoders that never met.</summary>
public class TwoSpacesRefinementTests
{
    private static readonly RefinementOptions Plain = new() { BatchFraction = 1, Noise = 0, Dropout = 0 };

    [Theory]
    [InlineData(9, 5)]
    [InlineData(5, 9)]
    public void Gradient_InTheTransform_IsThatOfFiniteDifferences(int inputs, int outputs)
    {
        var (task, _) = TwoSpaces.Planted(inputs, outputs, classes: 7, shots: 3, seed: 1, spread: 2, confined: 0.5);
        var start = MadeUp.Floats(inputs * outputs, seed: 2);
        foreach (var loss in new IAlignmentLoss[] { new AdaptiveReranking(), new ContrastiveLoss(), new TripletLoss(), new CslsLoss() })
        {
            var (x, y, labels) = (task.ImageFeatures.ToOracle(), task.ClassPrototypes.ToOracle(), task.Labels.ToArray());
            var expected = PlainLosses.Gradient(
                w => Plainly(loss, loss.UsesUnitRows ? (x * w).NormalizeRows(2) : x * w, labels, y),
                Oracle.Matrix(Array.ConvertAll(start, value => (double)value), inputs, outputs));
            var batch = new Batch(task, Plain, seed: 1, threads: 1);
            batch.Draw(0);
            var pass = new LossPass(loss, task.ClassPrototypes, batch.Count, threads: 1);
            pass.Evaluate(batch, start);
            var gradient = new float[start.Length];
            MatrixProducts.Single().Multiply(task.ImageFeatures.AsOperand().Transpose(), new(pass.Gradient, batch.Count, outputs), gradient, threads: 1);
            gradient.ShouldBeCloseTo(Oracle.ToFeatures(expected).Values.Span, 1e-4); // Scores in single precision.
        }
    }

    [Theory]
    [InlineData(24, 10)]
    [InlineData(10, 24)]
    public void Run_PlantedIsometry_IsFoundFromNothing(int inputs, int outputs)
    {
        var (task, _) = TwoSpaces.Planted(inputs, outputs, classes: 12, shots: 4, seed: 3);
        var start = new Transform(MadeUp.Features(inputs, outputs, seed: 4));
        var refined = TransformRefinement.Run(task, start, Plain with { Iterations = 300, LearningRate = 0.02 });
        refined.Losses[^1].ShouldBeLessThan(0.02 * refined.Losses[0]);
    }

    [Fact]
    public void Run_Average_StartsFromTheStart()
    {
        var (task, _) = TwoSpaces.Planted(8, 5, classes: 4, shots: 2, seed: 5);
        var start = OrthogonalProcrustes.Fit(task);
        var none = TransformRefinement.Run(task, start, Plain with { Iterations = 0 });
        none.MovingAverage.Matrix.Values.ToArray().ShouldBe(start.Matrix.Values.ToArray());
    }

    [Fact]
    public void Run_AnyNumberOfThreads_GivesTheSameBits()
    {
        var (task, _) = TwoSpaces.Planted(40, 24, classes: 12, shots: 16, seed: 6, spread: 2);
        var options = new RefinementOptions { Iterations = 5, Orthogonalization = 0.01, ClipsSingularValues = true };
        var runs = Enumerable.Range(1, 3).Select(threads => TransformRefinement.Run(task, OrthogonalProcrustes.Fit(task), options, new FitContext { MaxDegreeOfParallelism = threads })).ToArray();
        foreach (var run in runs)
            run.Transform.Matrix.Values.ToArray().ShouldBe(runs[0].Transform.Matrix.Values.ToArray());
    }

    [Fact]
    public void Run_StartOfAnotherShape_NamesAllShapes()
    {
        var (task, _) = TwoSpaces.Planted(8, 5, classes: 4, shots: 2, seed: 7);
        Should.Throw<LfaDataException>(() => TransformRefinement.Run(task, Transform.Identity(8)))
            .Message.ShouldBe("start is 8 × 8 but the image features have 8 columns and the class prototypes 5; start must be 8 × 5.");
    }

    [Theory]
    [InlineData(9, 5)]
    [InlineData(5, 9)]
    public void SpectralProjection_Rectangle_ChangesItsSingularValuesOnly(int rows, int columns)
    {
        var start = MadeUp.Features(rows, columns, seed: 8);
        var svd = start.ToOracle().Svd();
        var (stepped, clipped) = (start.Values.ToArray(), start.Values.ToArray());
        var projection = new SpectralProjection(rows, columns, threads: 1);
        projection.Orthogonalize(stepped, strength: 0.01);
        projection.ClipSingularValues(clipped);
        Check(stepped, value => value + (0.01 * (value - (value * value * value))));
        Check(clipped, value => Math.Min(value, 1));

        void Check(float[] actual, Func<double, double> map)
        {
            var values = svd.W.Clone();
            values.MapInplace(map);
            actual.ShouldBeCloseTo(Oracle.ToFeatures(svd.U * values * svd.VT).Values.Span, 1e-5);
        }
    }

    private static double Plainly(IAlignmentLoss loss, MathNet.Numerics.LinearAlgebra.Matrix<double> z, int[] labels, MathNet.Numerics.LinearAlgebra.Matrix<double> y) => loss switch
    {
        AdaptiveReranking => PlainLosses.AdaptiveReranking(z, labels, y, 3, 4),
        ContrastiveLoss => PlainLosses.Contrastive(z, labels, y, 0.07),
        TripletLoss => PlainLosses.Triplet(z, labels, y, 0.1),
        _ => PlainLosses.Csls(z, labels, y, 3),
    };
}
