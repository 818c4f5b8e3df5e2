namespace Lfa.Encoders.Images;

/// <summary>Represents one number for each channel.</summary>
/// <param name="Red">The number for red.</param>
/// <param name="Green">The number for green.</param>
/// <param name="Blue">The number for blue.</param>
internal readonly record struct ChannelValues(double Red, double Green, double Blue)
{
    internal double this[int channel] => channel switch { 0 => Red, 1 => Green, _ => Blue };

    internal static ChannelValues Same(double value) => new(value, value, value);
}
