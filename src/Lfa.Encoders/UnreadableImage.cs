namespace Lfa.Encoders;

/// <summary>A picture that could not be read.</summary>
/// <param name="Name">Its name in the data set.</param>
/// <param name="Problem">Why, in one line.</param>
public sealed record UnreadableImage(string Name, string Problem);
