using Lfa.Classification;
using Lfa.Data;
using Lfa.Tests.Support;
using Lfa.Validation;

namespace Lfa.Tests.Validation;

public class ParameterChoiceTests
{
    private static readonly FeatureSet Task = MadeUp.Task(4, 8, shots: 5, seed: 1);

    [Fact]
    public void Of_OneValueIsRight_ChoosesIt()
    {
        // At 2 the logits are the cosines with the prototypes, elsewhere with others.
        var choice = Choose(Task, [1, 2, 3], value => value == 2 ? Task.ClassPrototypes : MadeUp.Features(4, 8, seed: (int)value + 50));
        choice!.Value.ShouldBe(2);
    }

    [Fact]
    public void Of_EqualValues_ChoosesTheFirst() => Choose(Task, [3, 1, 2], _ => Task.ClassPrototypes)!.Value.ShouldBe(3);

    [Fact]
    public void Of_ScaledLogits_AreAtTheSameLogLoss()
    {
        var choice = Choose(Task, [1], _ => Task.ClassPrototypes)!;
        var scaled = Choose(Task, [1], _ => new Matrix(Array.ConvertAll(Task.ClassPrototypes.Values.ToArray(), value => 8 * value), 4, 8))!;
        scaled.Temperature.ShouldBe(8 * choice.Temperature, 1e-4 * choice.Temperature);
        scaled.LogLoss.ShouldBe(choice.LogLoss, 1e-5);
    }

    [Fact]
    public void Of_LogLoss_IsThatOfThePooledHeldOutImages()
    {
        var (logits, labels) = (new List<float>(), new List<int>());
        foreach (var fold in SelectionFolds.Of(Task, seed: 1).All)
        {
            var held = Task.SelectRows(fold.Held);
            logits.AddRange(new LinearHead(Task.ClassPrototypes).Apply(held.ImageFeatures, threads: 1).Values.Span);
            labels.AddRange(held.Labels.Span);
        }
        var pooled = new Matrix(logits.ToArray(), labels.Count, 4);
        var temperature = TemperatureScaling.Fit(pooled, labels.ToArray());
        var choice = Choose(Task, [1], _ => Task.ClassPrototypes)!;
        choice.Temperature.ShouldBe(TemperatureScaling.Fit(pooled, labels.ToArray(), TemperatureScaling.FewPseudoErrors));
        choice.LogLoss.ShouldBe(labels.Select((label, i) => Softmax.LogSumExp(pooled.Row(i), temperature) - (pooled[i, label] / temperature)).Average(), 1e-9);
    }

    [Fact]
    public void Of_Training_NeverHoldsTheHeldImages()
    {
        ParameterChoice.Of(Task, [1], (training, held) =>
        {
            for (var i = 0; i < held.Rows; i++)
            {
                for (var j = 0; j < training.SampleCount; j++)
                    held.Row(i).SequenceEqual(training.ImageFeatures.Row(j)).ShouldBeFalse();
            }
            return _ => new Matrix(new float[held.Rows * 4], held.Rows, 4);
        }, new FitContext());
    }

    [Fact]
    public void Of_Patience_LeavesTheRestOut()
    {
        var seen = new List<double>();
        Choose(Task, [2, 3, 4, 5], value =>
        {
            seen.Add(value);
            return value == 2 ? Task.ClassPrototypes : MadeUp.Features(4, 8, seed: (int)value + 50);
        }, patience: 2)!.Value.ShouldBe(2);
        seen.Distinct().ShouldBe([2, 3, 4]);
    }

    [Fact]
    public void Of_OneShotAClass_IsNoChoice() => Choose(MadeUp.Task(4, 8, shots: 1, seed: 1), [1, 2], _ => Task.ClassPrototypes).ShouldBeNull();

    [Fact]
    public void Of_OneClass_IsNoChoice() => Choose(MadeUp.Task(1, 8, shots: 4, seed: 1), [1, 2], _ => Task.ClassPrototypes).ShouldBeNull();

    private static ParameterChoice? Choose(FeatureSet task, double[] candidates, Func<double, Matrix> weights, int patience = int.MaxValue) =>
        ParameterChoice.Of(task, candidates, (_, held) => value => new LinearHead(weights(value)).Apply(held, threads: 1), new FitContext(), patience);
}
