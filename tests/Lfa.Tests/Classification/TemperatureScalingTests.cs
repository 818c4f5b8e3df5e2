using Lfa.Classification;
using Lfa.Data;
using Lfa.Numerics;
using Lfa.Tests.Support;

namespace Lfa.Tests.Classification;

public class TemperatureScalingTests
{
    [Theory]
    [InlineData(0.01)]
    [InlineData(0.2)]
    [InlineData(3)]
    public void Fit_LabelsDrawnAtATemperature_FindsIt(double temperature)
    {
        const int Rows = 4000;
        var logits = new Matrix(Array.ConvertAll(MadeUp.Floats(Rows * 5, seed: 1), value => (float)(2 * temperature * value)), Rows, 5);
        var labels = Draw(logits, temperature);
        TemperatureScaling.Fit(logits, labels).ShouldBe(temperature, 0.06 * temperature); // About three standard deviations.
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.25)]
    [InlineData(5)]
    public void Fit_PseudoErrors_MinimizesTheSmoothedLogLoss(double pseudoErrors)
    {
        var logits = MadeUp.Features(40, 4, seed: 2);
        var labels = Draw(logits, 0.5);
        var temperature = TemperatureScaling.Fit(logits, labels, pseudoErrors);
        var share = pseudoErrors / (40 + (2 * pseudoErrors));
        double Loss(double at)
        {
            var loss = 0.0;
            for (var i = 0; i < 40; i++)
            {
                var row = logits.Row(i).ToArray();
                var other = row.Where((_, c) => c != labels[i]).Max();
                loss += Softmax.LogSumExp(row, at) - ((((1 - share) * row[labels[i]]) + (share * other)) / at);
            }
            return loss;
        }
        Loss(temperature).ShouldBeLessThan(Loss(temperature * 1.01));
        Loss(temperature).ShouldBeLessThan(Loss(temperature / 1.01));
    }

    [Fact]
    public void Fit_OneClass_IsNoMatter() => TemperatureScaling.Fit(MadeUp.Features(3, 1, seed: 1), [0, 0, 0], 0.25).ShouldBeInRange(0.0009, 1001);

    private static int[] Draw(Matrix logits, double temperature)
    {
        var random = new RandomStream(3, RandomPurpose.MadeUpProblem);
        var labels = new int[logits.Rows];
        for (var i = 0; i < labels.Length; i++)
        {
            var row = logits.Row(i).ToArray();
            Softmax.Apply(row, temperature);
            var rest = random.NextUnit();
            while (labels[i] < row.Length - 1 && (rest -= row[labels[i]]) > 0)
                labels[i]++;
        }
        return labels;
    }
}
