using Lfa.Data;
using Lfa.Refinement;
using Lfa.Tests.Support;

namespace Lfa.Tests.Refinement;

public class BatchTests
{
    private static readonly RefinementOptions Plain = new() { Noise = 0, Dropout = 0 };
    private static readonly FeatureSet Task = MadeUp.Task(4, 30, shots: 10, seed: 1);

    [Fact]
    public void Draw_APartOfTheImages_TakesEachOnceAndAllInTurn()
    {
        var batch = new Batch(Task, Plain, seed: 1, threads: 1);
        batch.Count.ShouldBe(30);
        var taken = new int[40];
        for (var iteration = 0; iteration < 400; iteration++)
        {
            batch.Draw(iteration);
            var rows = Enumerable.Range(0, batch.Count).Select(i => IndexOf(Task.ImageFeatures, batch.Features.Span.Slice(i * 30, 30))).ToArray();
            rows.ShouldBeUnique();
            rows.ShouldBeInOrder();
            rows.Select(row => Task.Labels.Span[row]).ShouldBe(batch.Labels.ToArray());
            foreach (var row in rows)
                taken[row]++;
        }
        foreach (var count in taken)
            ((double)count).ShouldBe(300, 5 * Math.Sqrt(400 * 0.75 * 0.25)); // Five standard errors.
    }

    [Fact]
    public void Draw_SeveralCrops_TakesOneOfThemForAllImages()
    {
        Matrix[] crops = [MadeUp.Features(6, 5, seed: 1), MadeUp.Features(6, 5, seed: 2), MadeUp.Features(6, 5, seed: 3)];
        var task = new FeatureSet(crops, MadeUp.Features(2, 5, seed: 4), MadeUp.Labels(6, 2), normalize: false);
        task.ImageFeatures.ShouldBeSameAs(crops[2]);
        var batch = new Batch(task, Plain, seed: 1, threads: 1);
        var drawn = new HashSet<int>();
        for (var iteration = 0; iteration < 60; iteration++)
        {
            batch.Draw(iteration);
            drawn.Add(Array.FindIndex(crops, crop => crop.Values.Span.SequenceEqual(batch.Features.Span)));
        }
        drawn.ShouldBe([0, 1, 2], ignoreOrder: true);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(13, 13)]
    [InlineData(40, 40)]
    [InlineData(64, 40)]
    [InlineData(0, 1)]
    public void Draw_NumberOfRows_IsKeptWhateverTheFraction(int wanted, int count)
    {
        foreach (var fraction in new[] { 0.1, 1 })
        {
            var batch = new Batch(Task, Plain with { BatchFraction = fraction, BatchRows = wanted }, seed: 1, threads: 1);
            batch.Count.ShouldBe(count);
            batch.Draw(0);
            (batch.Features.Length, batch.Labels.Length).ShouldBe((count * 30, count));
            var rows = Enumerable.Range(0, count).Select(i => IndexOf(Task.ImageFeatures, batch.Features.Span.Slice(i * 30, 30))).ToArray();
            rows.ShouldBeUnique();
            rows.Select(row => Task.Labels.Span[row]).ShouldBe(batch.Labels.ToArray());
        }
    }

    [Fact]
    public void Draw_NumberOfRowsOfSeveralCrops_AreOfOneCrop()
    {
        Matrix[] crops = [MadeUp.Features(9, 5, seed: 1), MadeUp.Features(9, 5, seed: 2)];
        var task = new FeatureSet(crops, MadeUp.Features(3, 5, seed: 3), MadeUp.Labels(9, 3), normalize: false);
        var batch = new Batch(task, Plain with { BatchRows = 4 }, seed: 1, threads: 1);
        batch.Count.ShouldBe(4);
        var drawn = new HashSet<int>();
        for (var iteration = 0; iteration < 40; iteration++)
        {
            batch.Draw(iteration);
            var features = batch.Features.ToArray();
            var crop = Array.FindIndex(crops, crop => IndexOf(crop, features.AsSpan(0, 5)) >= 0);
            var rows = Enumerable.Range(0, 4).Select(i => IndexOf(crops[crop], features.AsSpan(i * 5, 5))).ToArray();
            rows.ShouldAllBe(row => row >= 0);
            rows.Select(row => task.Labels.Span[row]).ShouldBe(batch.Labels.ToArray());
            drawn.Add(crop);
        }
        drawn.ShouldBe([0, 1], ignoreOrder: true);
    }

    [Fact]
    public void Draw_Noise_IsAddedInHalfOfTheIterations()
    {
        var deviations = Deviations(Plain with { BatchFraction = 1, Noise = 0.5 }, iterations: 200);
        ((double)deviations.Count(difference => difference.Length == 0)).ShouldBe(100, 5 * Math.Sqrt(50));
        var noise = deviations.SelectMany(difference => difference).ToArray();
        noise.Average(value => value * value).ShouldBe(0.25, 0.25 * 5 * Math.Sqrt(2.0 / noise.Length));
        noise.Average().ShouldBe(0, 5 * 0.5 / Math.Sqrt(noise.Length));
    }

    [Fact]
    public void Draw_Dropout_DropsItsPartAndScalesTheRest()
    {
        var batch = new Batch(Task, Plain with { BatchFraction = 1, Dropout = 0.2 }, seed: 2, threads: 1);
        var (dropped, seen, plain) = (0, 0, 0);
        for (var iteration = 0; iteration < 200; iteration++)
        {
            batch.Draw(iteration);
            if (batch.Features.Span.SequenceEqual(Task.ImageFeatures.Values.Span))
            {
                plain++;
                continue;
            }
            for (var i = 0; i < batch.Features.Length; i++)
            {
                var (value, original) = (batch.Features.Span[i], Task.ImageFeatures.Values.Span[i]);
                dropped += value == 0 ? 1 : 0;
                (value == 0 || value == original * 1.25f).ShouldBeTrue();
                seen++;
            }
        }
        ((double)plain).ShouldBe(100, 5 * Math.Sqrt(50));
        ((double)dropped).ShouldBe(0.2 * seen, 5 * Math.Sqrt(0.16 * seen));
    }

    [Fact]
    public void Draw_MixedPairs_LieBetweenTwoImagesOfTheClass()
    {
        var batch = new Batch(Task, Plain with { BatchFraction = 1, MixesPairs = true }, seed: 3, threads: 2);
        batch.Count.ShouldBe(80);
        var weights = new List<double>();
        for (var iteration = 0; iteration < 20; iteration++)
        {
            batch.Draw(iteration);
            batch.Features.Span[..(40 * 30)].SequenceEqual(Task.ImageFeatures.Values.Span).ShouldBeTrue();
            batch.Labels[40..].SequenceEqual(Task.Labels.Span).ShouldBeTrue();
            for (var i = 0; i < 40; i++)
                weights.Add(WeightOfMix(batch.Features.Span.Slice((40 + i) * 30, 30).ToArray(), i));
        }
        var mixed = weights.Where(weight => !double.IsNaN(weight)).ToArray();
        mixed.ShouldAllBe(weight => weight > 0 && weight < 1 + 1e-4);
        // Beta(2, 2): mean ½, variance 1/20.
        mixed.Average().ShouldBe(0.5, 5 * Math.Sqrt(0.05 / mixed.Length));
        mixed.Average(weight => (weight - 0.5) * (weight - 0.5)).ShouldBe(0.05, 0.01);
    }

    [Fact]
    public void Draw_OneImage_IsTheBatch()
    {
        var batch = new Batch(MadeUp.Task(1, 3, shots: 1, seed: 1), Plain with { BatchFraction = 0.1 }, seed: 1, threads: 1);
        batch.Draw(0);
        batch.Count.ShouldBe(1);
        batch.Labels.ToArray().ShouldBe([0]);
    }

    /// <summary>What each iteration adds to the images; nothing where they stay as they are.</summary>
    private static List<double[]> Deviations(RefinementOptions options, int iterations)
    {
        var batch = new Batch(Task, options, seed: 1, threads: 2);
        var deviations = new List<double[]>();
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            batch.Draw(iteration);
            var difference = batch.Features.ToArray().Zip(Task.ImageFeatures.Values.ToArray(), (a, b) => (double)a - b).ToArray();
            deviations.Add(Array.TrueForAll(difference, value => value == 0) ? [] : difference);
        }
        return deviations;
    }

    /// <summary>Finds w with mix = w · image + (1 − w) · other for another image of the class; NaN where it was mixed with itself.</summary>
    private static double WeightOfMix(float[] mix, int image)
    {
        var own = Task.ImageFeatures.Row(image).ToArray();
        if (own.Zip(mix).All(pair => Math.Abs(pair.First - pair.Second) < 1e-6))
            return double.NaN;
        foreach (var other in Enumerable.Range(0, 40).Where(row => row != image && Task.Labels.Span[row] == Task.Labels.Span[image]))
        {
            var partner = Task.ImageFeatures.Row(other).ToArray();
            var weight = (mix[0] - partner[0]) / (own[0] - partner[0]);
            if (Enumerable.Range(0, 30).All(j => Math.Abs(mix[j] - ((weight * own[j]) + ((1 - weight) * partner[j]))) < 1e-4))
                return weight;
        }
        throw new Xunit.Sdk.XunitException(Invariant($"The mix of image {image} lies on no line to another of its class."));
    }

    private static int IndexOf(Matrix features, ReadOnlySpan<float> row)
    {
        for (var i = 0; i < features.Rows; i++)
        {
            if (features.Row(i).SequenceEqual(row))
                return i;
        }
        return -1;
    }
}
