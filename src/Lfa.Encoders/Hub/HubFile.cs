namespace Lfa.Encoders.Hub;

/// <summary>Represents a file of a repository.</summary>
/// <param name="Path">The path in the repository, with slashes; never one that leads out of a folder.</param>
/// <param name="Size">The size in bytes.</param>
/// <param name="Digest">The checksum.</param>
internal sealed record HubFile(string Path, long Size, BlobDigest Digest);
