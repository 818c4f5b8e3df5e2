using System.Text;

namespace Lfa.Encoders.Hub;

/// <summary>
/// The part of the cache that belongs to one repository, laid out as all tools of the hub do: blobs by checksum, snapshots
/// by commit whose files are links to blobs, and references from revisions to commits.
/// </summary>
/// <param name="cacheFolder">The path of the whole cache.</param>
/// <param name="repository">The name of the repository.</param>
/// <param name="canLink">Whether links may be made; where not, and where the system refuses, files are copied.</param>
internal sealed class RepositoryCache(string cacheFolder, string repository, bool canLink = true)
{
    private const string Prefix = "models--";
    private const string Separator = "--";
    private const string MainRevision = "main";
    private const string Incomplete = ".incomplete";

    private readonly string _name = Prefix + repository.Replace("/", Separator, StringComparison.Ordinal);

    public string Repository => repository;

    private string Folder => Path.Combine(cacheFolder, _name);

    /// <summary>Returns the repositories that have a folder in a cache.</summary>
    public static IEnumerable<RepositoryCache> All(string cacheFolder) => !Directory.Exists(cacheFolder) ? [] :
        Directory.EnumerateDirectories(cacheFolder, Prefix + "*")
            .Select(path => new RepositoryCache(cacheFolder, Path.GetFileName(path)[Prefix.Length..].Replace(Separator, "/", StringComparison.Ordinal)))
            .OrderBy(cache => cache.Repository, StringComparer.Ordinal);

    public string SnapshotFolder(string commit) => Path.Combine(Folder, "snapshots", commit);

    public string BlobPath(HubFile file) => Path.Combine(Folder, "blobs", file.Digest.Hex);

    public string PartialPath(HubFile file) => BlobPath(file) + Incomplete;

    /// <summary>Returns whether the blob of a file is there in its full size.</summary>
    public bool HasBlob(HubFile file) => new FileInfo(BlobPath(file)) is { Exists: true } blob && blob.Length == file.Size;

    /// <summary>Returns the folder of a revision, or null where the cache does not have it.</summary>
    /// <param name="revision">A branch, a tag or a commit.</param>
    public string? FindSnapshot(string revision)
    {
        var commit = BlobDigest.IsSha1Text(revision) ? revision : ReadReference(revision);
        return commit is not null && Directory.Exists(SnapshotFolder(commit)) ? SnapshotFolder(commit) : null;
    }

    /// <summary>Returns the folder of the main revision, else the newest one, or null.</summary>
    public string? FindAnySnapshot() => FindSnapshot(MainRevision) ?? (Directory.Exists(SnapshotFolder("")) ? Directory.EnumerateDirectories(SnapshotFolder("")).MaxBy(Directory.GetLastWriteTimeUtc) : null);

    /// <summary>Waits for the right to change what concerns a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="waits">Is called once when another has that right.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<IDisposable> LockAsync(HubFile file, Action? waits, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(cacheFolder, ".locks", _name);
        var path = Path.Combine(folder, file.Digest.Hex + ".lock");
        try
        {
            Directory.CreateDirectory(folder);
            Directory.CreateDirectory(Path.GetDirectoryName(BlobPath(file))!);
            return await BlobLock.AcquireAsync(path, waits, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(cacheFolder, e);
        }
    }

    /// <summary>Makes a partial file the blob; its lock is held.</summary>
    public void CompleteBlob(HubFile file) => Writing(BlobPath(file), () => File.Move(PartialPath(file), BlobPath(file), overwrite: true));

    /// <summary>Throws a partial file away; its lock is held.</summary>
    public void DeletePartial(HubFile file) => Writing(PartialPath(file), () => File.Delete(PartialPath(file)));

    /// <summary>Makes a file appear in a snapshot; its blob is there.</summary>
    /// <param name="commit">The commit of the snapshot.</param>
    /// <param name="file">The file.</param>
    /// <param name="verify">Whether a copy that is there is hashed again; a link shows the blob itself.</param>
    /// <param name="cancellationToken">Ends the waiting for the lock.</param>
    public async Task PublishAsync(string commit, HubFile file, bool verify, CancellationToken cancellationToken)
    {
        var entry = Path.Combine(SnapshotFolder(commit), file.Path.Replace('/', Path.DirectorySeparatorChar));
        var target = Path.GetRelativePath(Path.GetDirectoryName(entry)!, BlobPath(file));
        if (!verify && IsPublished(entry, target, file.Size))
            return;
        using var held = await LockAsync(file, waits: null, cancellationToken).ConfigureAwait(false);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(entry)!);
            if (!IsPublished(entry, target, file.Size) || verify && !await IsWholeAsync(entry, file, cancellationToken).ConfigureAwait(false))
                Publish(BlobPath(file), entry, target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(entry, e);
        }
    }

    /// <summary>Writes down which commit a revision stands for.</summary>
    public void WriteReference(string revision, string commit)
    {
        if (revision == commit || ReadReference(revision) == commit)
            return;
        var path = ReferencePath(revision);
        Writing(path, () =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.Write(path, stream => stream.Write(Encoding.ASCII.GetBytes(commit)));
        });
    }

    /// <summary>Makes the exception for a place that cannot be written.</summary>
    public static ModelHubException CannotWrite(string path, Exception e)
    {
        var reason = e.Message.IndexOf(" : '", StringComparison.Ordinal) is > 0 and var end ? e.Message[..end] : e.Message.TrimEnd('.');
        return new ModelHubException($"{path}: cannot be written: {reason}; make room, or set HF_HOME to another folder. What was downloaded is kept for the next try.", e);
    }

    private static bool IsPublished(string entry, string target, long size) =>
        new FileInfo(entry) is { Exists: true } info && (info.LinkTarget is { } link ? link == target : info.Length == size);

    private static async Task<bool> IsWholeAsync(string entry, HubFile file, CancellationToken cancellationToken) =>
        new FileInfo(entry).LinkTarget is not null || await PartialFile.DigestAsync(entry, file, cancellationToken).ConfigureAwait(false) == file.Digest.Hex;

    private static void Writing(string path, Action step)
    {
        try
        {
            step();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(path, e);
        }
    }

    private void Publish(string blob, string entry, string target)
    {
        File.Delete(entry);
        if (TryLink(entry, target))
            return;
        File.Copy(blob, entry + Incomplete, overwrite: true);
        File.Move(entry + Incomplete, entry, overwrite: true);
    }

    private bool TryLink(string entry, string target)
    {
        try
        {
            if (canLink)
                File.CreateSymbolicLink(entry, target);
            return canLink;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // Windows without the developer mode, file systems without links
        }
    }

    private string? ReadReference(string revision) =>
        File.Exists(ReferencePath(revision)) && File.ReadAllText(ReferencePath(revision)).Trim() is var commit && BlobDigest.IsSha1Text(commit) ? commit : null;

    private string ReferencePath(string revision) => Path.Combine(Folder, "refs", revision.Replace('/', Path.DirectorySeparatorChar));
}
