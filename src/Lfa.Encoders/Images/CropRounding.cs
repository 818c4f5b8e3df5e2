namespace Lfa.Encoders.Images;

/// <summary>Names how the offset of a center crop is rounded where an odd number of pixels is left over.</summary>
internal enum CropRounding
{
    /// <summary>Down, as transformers does; padding of an image smaller than its crop is the larger at the top and left.</summary>
    Floor,

    /// <summary>To the nearest even number, as torchvision does; padding of an image smaller than its crop is the smaller at the top and left.</summary>
    HalfToEven,
}
