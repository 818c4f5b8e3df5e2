namespace Lfa.Encoders.Hub;

/// <summary>Represents a file of a repository.</summary>
/// <param name="Path">The path in the repository, with slashes; whether it is safe is checked by <see cref="HubListing.ThrowIfUnusable"/>.</param>
/// <param name="Size">The size in bytes; negative where the hub did not give it.</param>
/// <param name="Digest">The checksum; empty where the hub did not give it.</param>
internal sealed record HubFile(string Path, long Size, BlobDigest Digest);
