namespace Lfa.Encoders.Images;

/// <summary>Represents the size of an image.</summary>
/// <param name="Width">The width in pixels.</param>
/// <param name="Height">The height in pixels.</param>
internal readonly record struct PixelSize(int Width, int Height)
{
    /// <summary>Returns the size as text, "width × height".</summary>
    public override string ToString() => Invariant($"{Width} × {Height}");
}
