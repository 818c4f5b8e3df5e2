using Lfa.Data;
using Lfa.Methods;
using Lfa.Tests.Support;

namespace Lfa.Tests.Methods.Unlabeled;

public sealed class LabelDensityTests
{
    private static readonly MadeUpProblemOptions Clusters = new() { Classes = 10, Dimension = 32, Shots = 12, RotatedShare = 0, NoiseShare = 0.4 };

    [Fact]
    public void Of_Images_IsTheMixtureOfTheOthers()
    {
        var (images, labels) = (MadeUp.Features(9, 5, 1).NormalizeRows(), (int[])[0, 1, 2, 0, 1, 2, 0, 1, 1]);
        int[] rows = [0, 2, 8];
        var density = LabelDensity.Of(images, labels, 4, rows, new FitContext());
        double[] all = [.. Enumerable.Range(0, 5).Select(k => Enumerable.Range(0, 9).Average(i => (double)images[i, k]))];
        double Distance(int row, int c)
        {
            int[] others = [.. Enumerable.Range(0, 9).Where(i => i != row && labels[i] == c)];
            return Enumerable.Range(0, 5).Sum(k => Math.Pow(images[row, k] - ((all[k] + others.Sum(i => images[i, k])) / (1 + others.Length)), 2));
        }
        var variance = rows.Average(row => Distance(row, labels[row])) / 5;
        for (var i = 0; i < rows.Length; i++)
        {
            var expected = Math.Log(Enumerable.Range(0, 4).Sum(c => (1 + labels.Where((label, j) => label == c && j != rows[i]).Count()) * Math.Exp(-Distance(rows[i], c) / (2 * variance))));
            density[i].ShouldBe(expected - (2.5 * Math.Log(variance)), 1e-4);
        }
    }

    [Fact]
    public void IsHigher_LabelsThatCutClusters_AreNot()
    {
        var (train, _) = MadeUpProblem.Create(Clusters);
        var right = train.Labels.ToArray();
        int[] cut = [.. right.Select((label, i) => i % 4 == 0 ? (label + 1) % 10 : label)];
        bool IsHigher(int[] labels, int[] others) => LabelDensity.IsHigher(train.ImageFeatures, labels, others, 10, new FitContext());
        (IsHigher(right, cut), IsHigher(cut, right), IsHigher(right, right)).ShouldBe((true, false, false));
    }
}
