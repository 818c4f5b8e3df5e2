namespace Lfa.Encoders.Hub;

/// <summary>Represents the files of a repository at a commit.</summary>
/// <param name="Commit">The commit, a SHA-1.</param>
/// <param name="Files">The files, not yet checked.</param>
internal sealed record HubListing(string Commit, IReadOnlyList<HubFile> Files)
{
    // A thousand entries a page: no repository of a model comes near.
    private const int MostPages = 200;

    /// <summary>Asks the hub for the commit of a revision and its files.</summary>
    public static async Task<HubListing> ReadAsync(HubClient client, string repository, string revision, CancellationToken cancellationToken)
    {
        var (information, _) = await client.GetJsonAsync<Information>(client.Address($"api/models/{repository}/revision/{Uri.EscapeDataString(revision)}"), cancellationToken).ConfigureAwait(false);
        if (!BlobDigest.IsSha1Text(information.Sha))
            throw client.Failures.Malformed("gave no commit");
        var files = new List<HubFile>();
        Uri? page = client.Address($"api/models/{repository}/tree/{information.Sha}?recursive=true");
        for (var pages = 0; page is not null; pages++)
        {
            if (pages == MostPages)
                throw client.Failures.Malformed("lists files without an end");
            (var entries, page) = await client.GetJsonAsync<Entry?[]>(page, cancellationToken).ConfigureAwait(false);
            files.AddRange(entries.Where(entry => entry?.Type == "file").Select(entry => ToFile(client, entry!)));
        }
        return new HubListing(information.Sha!, files);
    }

    /// <summary>Throws where a file that is to be downloaded cannot be: what is wrong with the others does not matter.</summary>
    public static void ThrowIfUnusable(HubClient client, HubFile file)
    {
        if (!RepositoryName.IsSafePath(file.Path))
            throw client.Failures.Unsafe(file.Path);
        if (file.Size < 0 || file.Digest.Hex.Length == 0)
            throw client.Failures.Malformed($"gave no size or checksum of {file.Path}");
    }

    private static HubFile ToFile(HubClient client, Entry entry)
    {
        if (entry.Path is null)
            throw client.Failures.Malformed("lists a file without a path");
        var (digest, size) = entry.Lfs is { } lfs ? (lfs.Oid, lfs.Size) : (entry.Oid, entry.Size);
        var isDigest = entry.Lfs is null ? BlobDigest.IsSha1Text(digest) : BlobDigest.IsSha256Text(digest);
        return new HubFile(entry.Path, size ?? -1, new BlobDigest(isDigest ? digest! : ""));
    }

    private sealed record Information(string? Sha);

    private sealed record Entry(string? Type, string? Path, string? Oid, long? Size, LargeFile? Lfs);

    private sealed record LargeFile(string? Oid, long? Size);
}
