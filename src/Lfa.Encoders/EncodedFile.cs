namespace Lfa.Encoders;

/// <summary>What became of embedding a data set to a file.</summary>
/// <param name="Path">The feature file.</param>
/// <param name="Written">The number of pictures in it.</param>
/// <param name="Dimension">The number of components d of an embedding.</param>
/// <param name="Resumed">How many pictures an earlier, unfinished run had done already.</param>
/// <param name="Unreadable">The pictures that could not be read, in the order of the data set.</param>
public sealed record EncodedFile(string Path, int Written, int Dimension, int Resumed, IReadOnlyList<UnreadableImage> Unreadable);
