using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Tests.Support;

namespace Lfa.Tests.Methods;

public class PrototypeResidualTests
{
    [Fact]
    public void Learn_SharedResidual_MovesAllPrototypesAlike()
    {
        var task = MadeUp.Task(4, 8, shots: 3, seed: 1, spread: 3);
        var learned = PrototypeResidual.Learn(task, isShared: true, weight: 0.5, threads: 2, CancellationToken.None);
        var names = task.ClassPrototypes.Values.ToArray();
        var moves = learned.Zip(names, (after, before) => after - before).Chunk(8).ToArray();
        moves[0].Max(Math.Abs).ShouldBeGreaterThan(0.01f);
        foreach (var move in moves)
            new ReadOnlySpan<float>(move).ShouldBeCloseTo(moves[0], 1e-6); // Rounding of the sums.
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Learn_LowersTheLossOnOtherImages(bool isShared)
    {
        // Images shifted from the prototypes by one vector, which a shared residual can take back.
        var shift = MadeUp.Floats(10, seed: 3);
        FeatureSet Shifted(FeatureSet task) => new(new Matrix(task.ImageFeatures.Values.ToArray().Select((value, i) => value + (0.5f * shift[i % 10])).ToArray(), task.SampleCount, 10), task.ClassPrototypes, task.Labels);
        var (plainTrain, plainTest) = MadeUp.TrainAndTest(5, 10, shots: 6, testShots: 20, seed: 2);
        var (train, test) = (Shifted(plainTrain), Shifted(plainTest));
        IMethod method = isShared ? new SharedResidualMethod() : new TaskResidualMethod();
        Evaluation.FromScorer(method.Fit(train).Scorer!, test).LogLoss.ShouldBeLessThan(0.85 * Evaluation.FromScorer(new ZeroShotMethod().Fit(train).Scorer!, test).LogLoss);
    }

    [Fact]
    public void LearnPrototypes_AreThoseOfTheClassifier()
    {
        var task = MadeUp.Task(4, 8, shots: 2, seed: 4);
        var learned = new SharedResidualMethod().LearnPrototypes(task);
        var weights = ((LinearScorer)new SharedResidualMethod().Fit(task).Scorer!).Head.Weights;
        learned.Values.ToArray().Select(value => 100 * value).ToArray().AsSpan().ShouldBeCloseTo(weights.Values.Span, 1e-4); // Rounding.
        learned.Rows.ShouldBe(4);
    }

    [Fact]
    public void Learn_WeightZero_LeavesThePrototypes()
    {
        var task = MadeUp.Task(3, 6, shots: 2, seed: 5);
        PrototypeResidual.Learn(task, isShared: true, weight: 0, threads: 1, CancellationToken.None).ShouldBe(task.ClassPrototypes.Values.ToArray());
    }

    [Fact]
    public void Learn_Cancelled_Throws()
    {
        var task = MadeUp.Task(3, 6, shots: 2, seed: 6);
        Should.Throw<OperationCanceledException>(() => new TaskResidualMethod().LearnPrototypes(task, new FitContext { CancellationToken = new CancellationToken(canceled: true) }));
    }
}
