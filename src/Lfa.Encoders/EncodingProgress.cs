namespace Lfa.Encoders;

/// <summary>How far the embedding of a data set has come.</summary>
/// <param name="Done">The number of pictures done.</param>
/// <param name="Total">The number of pictures.</param>
public readonly record struct EncodingProgress(int Done, int Total);
