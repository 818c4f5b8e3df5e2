using Lfa.Numerics;

namespace Lfa.Data;

/// <summary>Splits samples into parts to train on and parts to validate with.</summary>
public static class Folds
{
    /// <summary>Assigns each sample to a fold so that every class is spread evenly and the folds are of equal size.</summary>
    /// <param name="labels">The labels of the n samples, from 0.</param>
    /// <param name="folds">The number of folds, at least 2.</param>
    /// <param name="seed">The seed. Default: 1.</param>
    /// <returns>The fold of each sample, n values from 0 to folds − 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="folds"/> is below 2, or a label is negative.</exception>
    public static int[] Stratify(ReadOnlySpan<int> labels, int folds, int seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        var classes = 0;
        foreach (var label in labels)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(label, nameof(labels));
            classes = Math.Max(classes, label + 1);
        }
        var assignment = new int[labels.Length];
        var next = 0;
        var random = new RandomStream(seed, RandomPurpose.Folds);
        var order = Enumerable.Range(0, classes).ToArray();
        random.Shuffle(order);
        var members = ClassMembers.Of(labels, classes);
        foreach (var c in order)
        {
            random.Shuffle(members[c]);
            foreach (var row in members[c])
                assignment[row] = next++ % folds;
        }
        return assignment;
    }

    /// <summary>Splits samples at random, whatever their class.</summary>
    /// <param name="count">The number of samples n, at least 2.</param>
    /// <param name="validationFraction">The part held out for validation, between 0 and 1.</param>
    /// <param name="seed">The seed. Default: 1.</param>
    /// <returns>The rows to train on and the rows held out, each in rising order and never empty.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public static (int[] Training, int[] Validation) SplitRandomly(int count, double validationFraction, int seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        if (!(validationFraction is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(validationFraction), validationFraction, "validationFraction must lie between 0 and 1.");
        var rows = Enumerable.Range(0, count).ToArray();
        new RandomStream(seed, RandomPurpose.Folds).Shuffle(rows);
        var held = Math.Clamp((int)Math.Round(count * validationFraction), 1, count - 1);
        var (training, validation) = (rows[held..], rows[..held]);
        Array.Sort(training);
        Array.Sort(validation);
        return (training, validation);
    }
}
