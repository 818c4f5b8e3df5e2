using System.Numerics.Tensors;
using Lfa.Data;
using Lfa.Numerics;
using Lfa.Tests.Support;
using Lfa.Transport;

namespace Lfa.Tests.Transport;

public class ScoreBlocksTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(96)]
    [InlineData(97)]
    [InlineData(20_000)] // More blocks than parts.
    public void Visit_KeptOrNot_GivesEachScoreOnce(int images)
    {
        var (x, y) = (MadeUp.Features(images, 8, 1), MadeUp.Features(5, 8, 2));
        var expected = new float[images * 5];
        MatrixProducts.Single().Multiply(x.AsOperand(), y.AsOperand().Transpose(), expected, threads: 1);
        foreach (var mostKept in new long[] { 0, long.MaxValue })
        {
            var (blocks, scores, visits) = (new ScoreBlocks(x, y, threads: 2, mostKept), new float[images * 5], new int[images]);
            blocks.Visit((_, start, block) =>
            {
                block.CopyTo(scores.AsSpan(start * 5));
                foreach (ref var visit in visits.AsSpan(start, block.Length / 5))
                    visit++;
            });
            visits.ShouldAllBe(visit => visit == 1);
            ((ReadOnlySpan<float>)scores).ShouldBeCloseTo(expected, 1e-6);
        }
    }

    [Fact]
    public void ColumnMeans_KeptOrNot_AreThoseOfTheSoftmax()
    {
        var (x, y) = (MadeUp.Features(500, 8, 1).NormalizeRows(), MadeUp.Features(6, 8, 2).NormalizeRows());
        double[] potentials = [0.5, -1, 0, 2, 0, 0.1];
        var expected = new double[6];
        var logSum = 0.0;
        for (var i = 0; i < 500; i++)
        {
            var row = Enumerable.Range(0, 6).Select(c => Math.Exp((TensorPrimitives.Dot(x.Row(i), y.Row(c)) / 0.1) + potentials[c])).ToArray();
            logSum += Math.Log(row.Sum()) / 500;
            for (var c = 0; c < 6; c++)
                expected[c] += row[c] / row.Sum() / 500;
        }
        foreach (var mostKept in new long[] { 0, long.MaxValue })
        {
            var means = new double[6];
            new ColumnMeans(new ScoreBlocks(x, y, threads: 2, mostKept)).Compute(potentials, 0.1, means).ShouldBe(logSum, 1e-5);
            ((ReadOnlySpan<double>)means).ShouldBeCloseTo(expected, 1e-5);
        }
    }

    [Trait(Speed.Trait, Speed.Slow)]
    [Fact]
    public void Solve_ManyImages_NeedsNoMatrixOfScores()
    {
        // 200,000 × 200 scores would take 160 MB. It takes 1.2, and more where tests beside it have the buffers of all products.
        var (x, y) = (MadeUp.Features(200_000, 4, 1).NormalizeRows(), MadeUp.Features(200, 4, 2).NormalizeRows());
        var before = GC.GetAllocatedBytesForCurrentThread();
        Sinkhorn.Solve(x, y, new SinkhornOptions { Iterations = 8 }, maxDegreeOfParallelism: 1);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(40_000_000);
    }
}
