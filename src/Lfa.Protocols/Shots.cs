using System.Globalization;
using Lfa.Data;

namespace Lfa.Protocols;

/// <summary>Represents how many images of each class a fit gets: a number k, or all there are.</summary>
public readonly record struct Shots
{
    private const string AllName = "all";

    private readonly int _count;

    /// <summary>Initializes a number of shots.</summary>
    /// <param name="count">The number k, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    public Shots(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _count = count;
    }

    /// <summary>Gets the value that takes every image.</summary>
    public static Shots All => default;

    /// <summary>Gets whether every image is taken.</summary>
    public bool IsAll => _count == 0;

    /// <summary>Gets the number and the word for it, such as "1 shot", "16 shots" or "all images".</summary>
    public string InWords => IsAll ? "all images" : _count == 1 ? "1 shot" : Invariant($"{_count} shots");

    /// <summary>Draws the images from a task; a class with fewer gives all it has.</summary>
    /// <param name="task">The labeled images.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>The task with the drawn images.</returns>
    /// <exception cref="LfaDataException">The images have no labels.</exception>
    public FeatureSet Draw(FeatureSet task, int seed) => IsAll ? task : FewShot.Sample(task, _count, seed);

    /// <summary>Counts the classes that have fewer images than this.</summary>
    /// <param name="task">The labeled images.</param>
    public int CountShortClasses(FeatureSet task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var least = _count;
        var counts = task.Labels.ToArray().CountBy(label => label).ToDictionary();
        return Enumerable.Range(0, task.ClassCount).Count(label => counts.GetValueOrDefault(label) < least);
    }

    /// <summary>Returns the number, or "all".</summary>
    public override string ToString() => IsAll ? AllName : _count.ToString(CultureInfo.InvariantCulture);
}
