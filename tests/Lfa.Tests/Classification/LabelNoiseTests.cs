using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Model;
using Lfa.Numerics;
using Lfa.Tests.Support;

namespace Lfa.Tests.Classification;

public sealed class LabelNoiseTests
{
    private const int Rows = 1500;
    private const int Classes = 12;
    private const double Temperature = 0.5;

    private static readonly Matrix Scores = new(Array.ConvertAll(MadeUp.Floats(Rows * Classes, seed: 1), value => 1.5f * value), Rows, Classes);

    // Drawn by softmax(s / τ), so that probabilities at τ hold.
    private static readonly int[] Labels = Draw();

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.1)]
    [InlineData(0.3)]
    public void Find_SomeLabelsReplaced_FindsThePartTheTemperatureAndMostOfThem(double part)
    {
        var labels = Flip(part);
        var wrong = Enumerable.Range(0, Rows).Where(i => labels[i] != Labels[i]).ToArray();
        var soft = TemperatureScaling.Fit(Scores, labels, TemperatureScaling.FewPseudoErrors);
        soft.ShouldBeGreaterThan(1.15 * Temperature, "or the wrong labels would cost nothing");
        var noise = LabelNoise.Find(Scores, labels, soft).ShouldNotBeNull();
        var actual = wrong.Length / (double)Rows;
        noise.Fraction.ShouldBe(actual, (4 * Math.Sqrt(actual / Rows)) + 0.02);
        noise.Temperature.ShouldBe(Temperature, 0.12 * Temperature);
        noise.Kept.Length.ShouldBe(Rows - (int)Math.Round(noise.Fraction * Rows));
        noise.Kept.ShouldBe(noise.Kept.Order());
        wrong.Except(noise.Kept).Count().ShouldBeGreaterThan((int)(0.5 * wrong.Length), "of those left out");
    }

    [Fact]
    public void Find_IsTheMaximumOfTheLikelihood()
    {
        var noise = LabelNoise.Find(Scores, Flip(0.1), 1)!;
        var labels = Flip(0.1);
        var any = noise.Fraction * Classes / (Classes - 1);
        double Likelihood(double temperature, double fraction) => Enumerable.Range(0, Rows).Sum(i =>
            Math.Log(((1 - fraction) * Math.Exp((Scores.Row(i)[labels[i]] / temperature) - Softmax.LogSumExp(Scores.Row(i), temperature))) + (fraction / Classes)));
        var best = Likelihood(noise.Temperature, any);
        // The quarter of an error that is taken for granted moves the temperature a little.
        foreach (var (temperature, fraction) in new[] { (1.05, 1.0), (0.95, 1), (1, 1.1), (1, 0.9), (1.05, 1.1), (0.95, 0.9) })
            Likelihood(temperature * noise.Temperature, fraction * any).ShouldBeLessThan(best);
    }

    [Fact]
    public void Find_NoLabelReplaced_FindsNone()
    {
        LabelNoise.Find(Scores, Labels, Temperature).ShouldBeNull();
        LabelNoise.Find(Scores.Slice(0, 30), Flip(0.02).AsSpan(0, 30), Temperature).ShouldBeNull("too few to tell");
        var few = new Matrix(MadeUp.Floats(400 * 4, seed: 2), 400, 4);
        LabelNoise.Find(few, MadeUp.Labels(400, 4), 1).ShouldBeNull("an error is nearly any class");
    }

    [Fact]
    public void FromHeldOut_SomeLabelsWrong_HoldsForRightOnes()
    {
        // As many images again, all labels right, to measure on.
        var (images, test) = (Scores.Slice(0, 750), Scores.Slice(750, 750));
        var (labels, truth, right) = (Flip(0.15).AsSpan(0, 750).ToArray(), Labels.AsSpan(750).ToArray(), Labels.AsSpan(0, 750).ToArray());
        var calibration = Calibration.FromHeldOut(images, labels);
        calibration.WrongLabelFraction.ShouldBe(0.15, 0.04);
        calibration.Samples.ShouldBe(750 - (int)Math.Round(750 * calibration.WrongLabelFraction));
        Ece(calibration, test, truth).ShouldBeLessThan(0.06);
        Ece(calibration, test, truth).ShouldBe(Ece(Calibration.FromHeldOut(images, right), test, truth), 0.03);
        Coverage(calibration, test, truth).ShouldBe(0.9, 4 * Math.Sqrt(0.9 * 0.1 * 2 / 750));
        Calibration.FromHeldOut(images, right).WrongLabelFraction.ShouldBe(0);
    }

    [Fact]
    public void Load_AfterSave_KnowsTheWrongLabels()
    {
        var model = Of(Calibration.FromHeldOut(Scores, Flip(0.1)));
        using var stream = new MemoryStream();
        model.Save(stream);
        stream.Position = 0;
        var loaded = LfaModel.Load(stream).Calibration!;
        (loaded.WrongLabelFraction, loaded.Samples).ShouldBe((model.Calibration!.WrongLabelFraction, model.Calibration.Samples));
        loaded.WithDefaults(0.9, null).WrongLabelFraction.ShouldBe(loaded.WrongLabelFraction);
    }

    private static LfaModel Of(Calibration calibration) => new LfaModel(new LinearScorer(new LinearHead(Identity, new float[Classes]), 1), Names).WithCalibration(calibration);

    private static double Ece(Calibration calibration, Matrix scores, int[] labels)
    {
        var sums = new CalibrationSums();
        for (var i = 0; i < scores.Rows; i++)
            sums.Add(scores.Row(i), labels[i], TopK.Rank(scores.Row(i))[0], calibration.Temperature);
        return sums.Ece;
    }

    private static double Coverage(Calibration calibration, Matrix scores, int[] labels)
    {
        var bounds = new CalibrationBounds(calibration, new LinearScorer(new LinearHead(Identity, new float[Classes]), calibration.Temperature), null, new PredictionOptions { Coverage = 0.9 });
        return Enumerable.Range(0, scores.Rows).Average(i => bounds.Set(scores.Row(i), TopK.Rank(scores.Row(i))[0], Softmax.LogSumExp(scores.Row(i), calibration.Temperature))!.Contains(labels[i]) ? 1.0 : 0);
    }

    private static Matrix Identity => Transform.Identity(Classes).Matrix;

    private static string[] Names => [.. Enumerable.Range(0, Classes).Select(c => Invariant($"class {c}"))];

    private static int[] Flip(double part)
    {
        var (labels, draws) = ((int[])Labels.Clone(), Uniform(2 * Rows, seed: 5));
        for (var i = 0; i < Rows; i++)
        {
            if (draws[2 * i] < part)
                labels[i] = (labels[i] + 1 + (int)(draws[(2 * i) + 1] * (Classes - 1))) % Classes;
        }
        return labels;
    }

    private static double[] Uniform(int count, int seed)
    {
        var random = new RandomStream(seed, RandomPurpose.MadeUpProblem);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextUnit())];
    }

    private static int[] Draw()
    {
        var (labels, draws) = (new int[Rows], Uniform(Rows, seed: 4));
        for (var i = 0; i < Rows; i++)
        {
            var row = Scores.Row(i);
            var (logSum, sum, label) = (Softmax.LogSumExp(row, Temperature), 0.0, 0);
            for (; label < Classes - 1 && (sum += Math.Exp((row[label] / Temperature) - logSum)) < draws[i]; label++)
            {
            }
            labels[i] = label;
        }
        return labels;
    }
}
