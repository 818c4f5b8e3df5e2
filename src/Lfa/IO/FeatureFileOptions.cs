namespace Lfa.IO;

/// <summary>Represents how feature files are read.</summary>
public sealed record FeatureFileOptions
{
    /// <summary>Gets whether rows are scaled to unit length. Default: true.</summary>
    public bool Normalize { get; init; } = true;

    /// <summary>
    /// Gets what the middle axis of n × m × d image features means. Default: the mean of frames.
    /// A file that says so itself, as those of <see cref="FeatureFile.Write(string, Lfa.Data.FeatureSet)"/> do, is read as crops whatever stands here.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the enumeration.</exception>
    public MiddleAxis MiddleAxis
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "MiddleAxis must be Mean, Maximum or Crops.");
    }
}
