namespace Lfa.Encoders;

/// <summary>How the features of the frames of a video become its feature.</summary>
public enum FramePooling
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>Their component-wise maximum.</summary>
    Maximum,
}
