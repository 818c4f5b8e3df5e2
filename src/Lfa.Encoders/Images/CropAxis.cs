namespace Lfa.Encoders.Images;

/// <summary>Represents one axis of a resized image and the crops along it.</summary>
/// <param name="Size">The pixels of the resized image.</param>
/// <param name="Crop">The pixels of a crop; where they are more, zeros surround the image.</param>
/// <param name="Rounding">How a half pixel is rounded.</param>
/// <param name="Crops">The crops that are taken.</param>
internal readonly record struct CropAxis(int Size, int Crop, CropRounding Rounding, Crops Crops)
{
    /// <summary>Gets the pixels of the image that a crop holds.</summary>
    public int Count => Math.Min(Size, Crop);

    /// <summary>Gets the zeros before the image.</summary>
    public int Padding => Half(Crop - Count, larger: Rounding == CropRounding.Floor);

    /// <summary>Gets the first pixel of the center crop.</summary>
    public int Center => Half(Size - Count, larger: Rounding == CropRounding.HalfToEven && (Size - Count) / 2 % 2 == 1);

    /// <summary>Gets the first pixel of the crop at the far end.</summary>
    public int End => Size - Count;

    /// <summary>Gets the first pixel that any crop holds.</summary>
    public int First => Crops == Crops.Center ? Center : 0;

    /// <summary>Gets the number of pixels from there that crops hold.</summary>
    public int Needed => Crops == Crops.Center ? Count : Size;

    private static int Half(int pixels, bool larger) => larger ? pixels - pixels / 2 : pixels / 2;
}
