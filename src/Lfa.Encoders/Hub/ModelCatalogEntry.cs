namespace Lfa.Encoders.Hub;

/// <summary>Represents a model that is known to have ONNX towers.</summary>
/// <param name="Name">The name that people know it by.</param>
/// <param name="Repository">The repository that publishes its towers.</param>
/// <param name="Dimension">The number of elements of an embedding.</param>
/// <param name="ImageSize">The side of its images in pixels.</param>
/// <param name="Megabytes">The approximate download of both float32 towers, in megabytes of 10⁶ bytes.</param>
/// <param name="GoodFor">What it is good for.</param>
public sealed record ModelCatalogEntry(string Name, string Repository, int Dimension, int ImageSize, int Megabytes, string GoodFor);
