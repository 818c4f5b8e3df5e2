namespace Lfa.Encoders.Images;

/// <summary>Represents how the size of an image is changed before it is cropped.</summary>
internal sealed record ResizeRule
{
    private ResizeRule()
    {
    }

    /// <summary>Gets the rule that keeps the size.</summary>
    public static ResizeRule None { get; } = new();

    /// <summary>Gets the length of the shorter side after resizing, in pixels, or null where the rule is another.</summary>
    public int? Edge { get; private init; }

    /// <summary>Gets the size after resizing, or null where the rule is another.</summary>
    public PixelSize? Size { get; private init; }

    /// <summary>Returns the rule that keeps the proportions: the shorter side gets a length, the longer one its share, truncated.</summary>
    /// <param name="edge">The length in pixels, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="edge"/> is below 1.</exception>
    public static ResizeRule ShortestEdge(int edge)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(edge, 1);
        return new ResizeRule { Edge = edge };
    }

    /// <summary>Returns the rule that gives every image the same size, whatever its proportions.</summary>
    /// <param name="size">The size, at least 1 × 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1.</exception>
    public static ResizeRule Exact(PixelSize size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size.Width, 1, nameof(size));
        ArgumentOutOfRangeException.ThrowIfLessThan(size.Height, 1, nameof(size));
        return new ResizeRule { Size = size };
    }

    internal PixelSize Apply(PixelSize image)
    {
        if (Edge is not { } edge)
            return Size ?? image;
        return image.Width <= image.Height
            ? new PixelSize(edge, Longer(edge, image.Height, image.Width))
            : new PixelSize(Longer(edge, image.Width, image.Height), edge);
    }

    // The division of doubles and the truncation are Python's; the bound keeps absurd proportions from overflowing.
    private static int Longer(int edge, int longer, int shorter) => (int)Math.Min((double)((long)edge * longer) / shorter, int.MaxValue);
}
