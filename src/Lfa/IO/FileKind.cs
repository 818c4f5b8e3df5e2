namespace Lfa.IO;

/// <summary>Names what a file is to this library.</summary>
public enum FileKind
{
    /// <summary>A .npz with image and text features.</summary>
    FeatureFile,

    /// <summary>A lone .npy array, or a .npz with image features only.</summary>
    Array,

    /// <summary>A .safetensors file, the format of fitted models.</summary>
    Model,

    /// <summary>A .npz with other arrays.</summary>
    Unknown,
}
