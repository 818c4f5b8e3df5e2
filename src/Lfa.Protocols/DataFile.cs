namespace Lfa.Protocols;

/// <summary>A feature file of a protocol.</summary>
/// <param name="Name">What the results call it: the path as it was written down.</param>
/// <param name="Path">The path to open.</param>
public sealed record DataFile(string Name, string Path);
