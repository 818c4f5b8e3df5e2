namespace Lfa.Encoders;

/// <summary>What became of embedding a dataset to a file.</summary>
/// <param name="Path">The feature file.</param>
/// <param name="Written">The number of images in it.</param>
/// <param name="Dimension">The number of components d of an embedding.</param>
/// <param name="Resumed">How many images an earlier, unfinished run had done already.</param>
/// <param name="Unreadable">The images that could not be read, in the order of the dataset.</param>
public sealed record EncodedFile(string Path, int Written, int Dimension, int Resumed, IReadOnlyList<UnreadableImage> Unreadable);
