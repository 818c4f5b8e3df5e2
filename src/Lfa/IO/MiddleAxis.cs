namespace Lfa.IO;

/// <summary>Names what the middle axis of stored n × m × d image features means.</summary>
public enum MiddleAxis
{
    /// <summary>Frames of a video: a row is the mean of its m frames.</summary>
    Mean,

    /// <summary>Frames of a video: a row is the component-wise maximum of its m frames.</summary>
    Maximum,

    /// <summary>Crops of an image, the center crop last, as torchvision's FiveCrop gives them.</summary>
    Crops,
}
