namespace Lfa.Encoders.Hub;

/// <summary>Represents a model with both ONNX towers in the cache.</summary>
/// <param name="Repository">The repository that it came from.</param>
/// <param name="Folder">The path of its snapshot folder.</param>
/// <param name="Variants">The variants that have both towers, "fp32" first.</param>
/// <param name="Bytes">The size of the files in bytes.</param>
public sealed record CachedModel(string Repository, string Folder, IReadOnlyList<string> Variants, long Bytes);
