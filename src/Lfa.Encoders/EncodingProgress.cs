namespace Lfa.Encoders;

/// <summary>How far the embedding of a dataset has come.</summary>
/// <param name="Done">The number of images done.</param>
/// <param name="Total">The number of images.</param>
public readonly record struct EncodingProgress(int Done, int Total);
