namespace Lfa.Encoders.Images;

/// <summary>Names the parts of a resized image that become its crops.</summary>
/// <remarks>Each set ends with the one before it, so the plain center is always the last crop.</remarks>
public enum Crops
{
    /// <summary>The center: one crop.</summary>
    Center,

    /// <summary>Top left, top right, bottom left, bottom right and the center: five crops.</summary>
    Five,

    /// <summary>The five mirrored from left to right, in their order, then the five: ten crops.</summary>
    FiveAndFlips,
}
