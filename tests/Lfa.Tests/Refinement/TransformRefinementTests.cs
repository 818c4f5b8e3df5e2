using Lfa.Alignment;
using Lfa.Data;
using Lfa.Refinement;
using Lfa.Tests.Support;

namespace Lfa.Tests.Refinement;

public class TransformRefinementTests
{
    private static readonly FeatureSet Task = MadeUp.Task(12, 40, shots: 16, seed: 1, spread: 2);
    private static readonly Transform Start = BetaProcrustes.Fit(Task, beta: 0.5);

    [Fact]
    public void Run_NoIterations_ReturnsTheStartAndTheIdentity()
    {
        var result = TransformRefinement.Run(Task, Start, new RefinementOptions { Iterations = 0 });
        result.Transform.Matrix.Values.ToArray().ShouldBe(Start.Matrix.Values.ToArray());
        result.MovingAverage.Matrix.Values.ToArray().ShouldBe(Transform.Identity(40).Matrix.Values.ToArray());
        result.Losses.ShouldBeEmpty();
    }

    [Fact]
    public void Run_SameSeed_GivesTheSameBitsOnAnyNumberOfThreads()
    {
        var options = new RefinementOptions { Iterations = 6, MixesPairs = true, Orthogonalization = 0.01, ClipsSingularValues = true };
        foreach (var loss in new IAlignmentLoss[] { new AdaptiveReranking(), new ContrastiveLoss(), new TripletLoss(), new CslsLoss() })
        {
            var runs = Enumerable.Range(1, 3).Select(threads => TransformRefinement.Run(Task, Start, options with { Loss = loss }, new FitContext { Seed = 3, MaxDegreeOfParallelism = threads })).ToArray();
            foreach (var run in runs[1..])
            {
                run.Transform.Matrix.Values.ToArray().ShouldBe(runs[0].Transform.Matrix.Values.ToArray());
                run.MovingAverage.Matrix.Values.ToArray().ShouldBe(runs[0].MovingAverage.Matrix.Values.ToArray());
                run.Losses.ShouldBe(runs[0].Losses);
            }
        }
    }

    [Fact]
    public void Run_AnotherSeed_GivesAnotherTransform()
    {
        var options = new RefinementOptions { Iterations = 5 };
        TransformRefinement.Run(Task, Start, options, new FitContext { Seed = 1 }).Transform.Matrix.Values.ToArray()
            .ShouldNotBe(TransformRefinement.Run(Task, Start, options, new FitContext { Seed = 2 }).Transform.Matrix.Values.ToArray());
    }

    [Fact]
    public void Run_WholeBatchesAsTheyAre_DoNotDependOnTheSeed()
    {
        var options = new RefinementOptions { Iterations = 5, BatchFraction = 1, Noise = 0, Dropout = 0 };
        TransformRefinement.Run(Task, Start, options, new FitContext { Seed = 1 }).Transform.Matrix.Values.ToArray()
            .ShouldBe(TransformRefinement.Run(Task, Start, options, new FitContext { Seed = 2 }).Transform.Matrix.Values.ToArray());
    }

    [Fact]
    public void Run_EveryLoss_Falls()
    {
        foreach (var loss in new IAlignmentLoss[] { new AdaptiveReranking(), new ContrastiveLoss(), new TripletLoss(), new CslsLoss() })
        {
            var options = new RefinementOptions { Iterations = 60, Loss = loss, BatchFraction = 1, Noise = 0, Dropout = 0 };
            var losses = TransformRefinement.Run(Task, Start, options).Losses;
            losses[^1].ShouldBeLessThan(losses[0] - (0.02 * Math.Abs(losses[0])), loss.GetType().Name);
        }
    }

    [Fact]
    public void Run_Progress_ComesAfterEveryIteration()
    {
        var reports = new Reports();
        var result = TransformRefinement.Run(Task, Start, new RefinementOptions { Iterations = 4 }, new FitContext { Progress = reports });
        reports.ShouldBe(result.Losses.Select((loss, i) => new FitProgress(i + 1, 4, loss)));
    }

    [Fact]
    public void Run_CanceledOnTheWay_StopsBeforeTheNextIteration()
    {
        using var source = new CancellationTokenSource();
        var reports = new Reports(report =>
        {
            if (report.Completed == 3)
                source.Cancel();
        });
        Should.Throw<OperationCanceledException>(() => TransformRefinement.Run(Task, Start, context: new FitContext { Progress = reports, CancellationToken = source.Token }));
        reports.Count.ShouldBe(3);
    }

    [Fact]
    public void Run_LossDiverges_SaysSo()
    {
        var options = new RefinementOptions { Iterations = 20, LearningRate = 1e38, Loss = new TripletLoss() };
        Should.Throw<LfaDataException>(() => TransformRefinement.Run(Task, Start, options)).Message.ShouldContain("lower the learning rate");
    }

    [Fact]
    public void Run_LossOfTheCallers_IsMinimized()
    {
        var options = new RefinementOptions { Iterations = 300, Loss = new SquaredDistance(), LearningRate = 0.02, WeightDecay = 0, BatchFraction = 1, Noise = 0, Dropout = 0 };
        var fitted = TransformRefinement.Run(Task, Transform.Identity(40), options);
        var best = LeastSquares.Fit(Task).Matrix; // minimizes the same loss in closed form
        fitted.Transform.Matrix.Values.ShouldBeCloseTo(best.Values.Span, 0.02); // Where 300 steps have come to.
    }

    [Fact]
    public void Run_TransformOfAnotherDimension_NamesBoth() =>
        Should.Throw<LfaDataException>(() => TransformRefinement.Run(Task, Transform.Identity(3)))
            .Message.ShouldBe("start is 3 × 3 but the image features have 40 columns and the class prototypes 40; start must be 40 × 40.");

    [Fact]
    public void Run_TaskAndStart_AreNotChanged()
    {
        var (images, prototypes, start) = (Task.ImageFeatures.Values.ToArray(), Task.ClassPrototypes.Values.ToArray(), Start.Matrix.Values.ToArray());
        TransformRefinement.Run(Task, Start, new RefinementOptions { Iterations = 6, MixesPairs = true });
        Task.ImageFeatures.Values.ToArray().ShouldBe(images);
        Task.ClassPrototypes.Values.ToArray().ShouldBe(prototypes);
        Start.Matrix.Values.ToArray().ShouldBe(start);
    }

    [Fact]
    public void Options_OutOfRange_Throw()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new RefinementOptions { Iterations = -1 }).Message.ShouldContain("Iterations must be 0 or more");
        Should.Throw<ArgumentOutOfRangeException>(() => new RefinementOptions { LearningRate = 0 });
        Should.Throw<ArgumentOutOfRangeException>(() => new RefinementOptions { WeightDecay = double.NaN });
        Should.Throw<ArgumentOutOfRangeException>(() => new RefinementOptions { BatchFraction = 0 });
        Should.Throw<ArgumentOutOfRangeException>(() => new RefinementOptions { Noise = -0.1 });
        Should.Throw<ArgumentOutOfRangeException>(() => new RefinementOptions { Dropout = 1 });
        Should.Throw<ArgumentOutOfRangeException>(() => new RefinementOptions { Orthogonalization = 0.6 });
        Should.Throw<ArgumentNullException>(() => new RefinementOptions { Loss = null! });
    }

    /// <summary>½‖z − y_ℓ‖², as a user would write it.</summary>
    private sealed class SquaredDistance : IAlignmentLoss
    {
        public string Name => "squared distance";

        public bool UsesUnitRows => false;

        public bool CouplesRows => false;

        public double Evaluate(in LossBlock block)
        {
            var loss = 0.0;
            for (var i = 0; i < block.Count; i++)
            {
                var row = block.Row(i);
                var prototype = block.Prototypes.Row(block.Labels[i]);
                var gradient = block.GradientOf(i);
                for (var j = 0; j < row.Length; j++)
                {
                    var difference = row[j] - prototype[j];
                    loss += 0.5 * difference * difference;
                    gradient[j] += difference / block.BatchSize;
                }
            }
            return loss / block.BatchSize;
        }
    }

    private sealed class Reports(Action<FitProgress>? then = null) : List<FitProgress>, IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            Add(value);
            then?.Invoke(value);
        }
    }
}
