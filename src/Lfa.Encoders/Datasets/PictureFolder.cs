namespace Lfa.Encoders.Datasets;

/// <summary>A folder that its pictures share, so that a picture costs little more than its own name.</summary>
/// <param name="Root">The absolute path of the data set's folder.</param>
/// <param name="Name">The path from there, with / between folders; empty for the root.</param>
internal sealed record PictureFolder(string Root, string Name);
