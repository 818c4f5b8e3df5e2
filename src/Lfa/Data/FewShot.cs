using Lfa.Numerics;

namespace Lfa.Data;

/// <summary>Draws the few labeled examples that few-shot protocols train on.</summary>
public static class FewShot
{
    /// <summary>Draws examples of each class at random.</summary>
    /// <param name="task">The labeled images to draw from.</param>
    /// <param name="shots">The number of examples a class k, at least 1; a class with fewer gives all it has.</param>
    /// <param name="seed">The seed; the same seed draws the same examples. Default: 1.</param>
    /// <returns>The task with the drawn images, in their order in <paramref name="task"/>.</returns>
    /// <exception cref="LfaDataException">The images have no labels.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="shots"/> is below 1.</exception>
    public static FeatureSet Sample(FeatureSet task, int shots, int seed = 1) => task.SelectRows(Draw(task, shots, seed));

    /// <summary>Splits a task into examples of each class drawn at random, to train on, and all others, to test on.</summary>
    /// <param name="task">The labeled images to draw from.</param>
    /// <param name="shots">The number of training examples a class k, at least 1; a class with fewer gives all it has.</param>
    /// <param name="seed">The seed; the same seed draws the same examples, those of <see cref="Sample"/>. Default: 1.</param>
    /// <returns>The two tasks, each in the order of <paramref name="task"/>.</returns>
    /// <exception cref="LfaDataException">The images have no labels, or none is left to test on.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="shots"/> is below 1.</exception>
    public static (FeatureSet Train, FeatureSet Test) Split(FeatureSet task, int shots, int seed = 1)
    {
        var drawn = Draw(task, shots, seed);
        if (drawn.Length == task.SampleCount)
            throw new LfaDataException(Invariant($"All {task.SampleCount} images are drawn with {shots} shots, so that none is left to test on; take fewer shots."));
        int[] others = [.. Enumerable.Range(0, task.SampleCount).Except(drawn)];
        return (task.SelectRows(drawn), task.SelectRows(others));
    }

    // The drawn rows in ascending order.
    private static int[] Draw(FeatureSet task, int shots, int seed)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentOutOfRangeException.ThrowIfLessThan(shots, 1);
        if (!task.IsLabeled)
            throw new LfaDataException("The images have no labels; few-shot sampling needs one for each image.");
        var rows = new List<int>();
        foreach (var members in ClassMembers.Of(task.Labels.Span, task.ClassCount))
        {
            var random = new RandomStream(seed, RandomPurpose.FewShotSampling, members.Length > 0 ? task.Labels.Span[members[0]] : 0);
            random.Shuffle(members);
            rows.AddRange(members.AsSpan(0, Math.Min(shots, members.Length)));
        }
        rows.Sort();
        return [.. rows];
    }
}
