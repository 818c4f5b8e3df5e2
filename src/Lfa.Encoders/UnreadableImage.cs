namespace Lfa.Encoders;

/// <summary>An image that could not be read.</summary>
/// <param name="Name">Its name in the dataset.</param>
/// <param name="Problem">Why, in one line.</param>
public sealed record UnreadableImage(string Name, string Problem);
