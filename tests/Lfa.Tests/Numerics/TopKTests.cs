using CsCheck;
using Lfa.Numerics;

namespace Lfa.Tests.Numerics;

public class TopKTests
{
    [Fact]
    public void Select_DistinctValues_AreThoseOfASort() =>
        Gen.Int[-1000, 1000].HashSet[1, 60].Select(set => set.Select(value => value / 8f).ToArray())
            .SelectMany(values => Gen.Shuffle(values)).SelectMany(values => Gen.Int[1, values.Length].Select(k => (values, k)))
            .Sample((values, k) =>
            {
                var positions = new int[k];
                TopK.Select(values, positions);
                positions.ShouldBe(Enumerable.Range(0, values.Length).OrderByDescending(i => values[i]).Take(k));
            }, iter: 2000);

    [Fact]
    public void Select_EqualValues_AreTheHighestInSomeOrder() =>
        Gen.Int[0, 3].Array[1, 40].SelectMany(values => Gen.Int[1, values.Length].Select(k => (values, k))).Sample((values, k) =>
        {
            var positions = new int[k];
            TopK.Select(Array.ConvertAll(values, value => (float)value), positions);
            positions.ShouldBeUnique();
            positions.Select(i => values[i]).ShouldBe(values.OrderDescending().Take(k));
        }, iter: 2000);

    [Theory]
    [InlineData(new float[] { 1, 1 }, new[] { 0, 1 })]
    [InlineData(new float[] { 2, 1, 2 }, new[] { 2, 0, 1 })]
    [InlineData(new float[] { 1, 1, 1, 1, 1, 1, 1 }, new[] { 3, 4, 1, 0, 2 })]
    [InlineData(new float[] { 0, 3, 1, 3, 2, 3, 3 }, new[] { 3, 1, 6, 5, 4 })]
    public void Select_Ties_ComeInTheOrderOfTheHeap(float[] values, int[] expected)
    {
        // The order of the published implementation, on which the accuracy of classes with equal prototypes depends.
        var positions = new int[expected.Length];
        TopK.Select(values, positions);
        positions.ShouldBe(expected);
    }
}
