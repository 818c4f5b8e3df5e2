using System.Net;

namespace Lfa.Encoders.Hub;

/// <summary>Downloads one file into the cache: goes on where an earlier pull stopped, and checks the sum in the end.</summary>
/// <param name="client">Speaks with the hub.</param>
/// <param name="cache">Keeps the blob.</param>
/// <param name="file">The file.</param>
/// <param name="address">Where it is.</param>
/// <param name="report">Takes the number of bytes that are there.</param>
internal sealed class BlobDownload(HubClient client, RepositoryCache cache, HubFile file, Uri address, Action<long> report)
{
    private const int BufferBytes = 1 << 17;

    // A part of an older pull may be damaged: one more try from nothing tells that from a damaged source.
    private const int Tries = 2;

    /// <summary>Downloads the file; its lock is held.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var actual = "";
        for (var tries = 0; tries < Tries; tries++)
        {
            actual = await FetchAsync(cancellationToken).ConfigureAwait(false);
            if (actual == file.Digest.Hex)
            {
                cache.CompleteBlob(file);
                return;
            }
            File.Delete(cache.PartialPath(file));
        }
        throw client.Failures.Damaged(file, actual);
    }

    /// <summary>Gets all bytes.</summary>
    /// <returns>Their checksum, or in words what else is wrong with them.</returns>
    private async Task<string> FetchAsync(CancellationToken cancellationToken)
    {
        using var partial = await PartialFile.OpenAsync(cache.PartialPath(file), file, cancellationToken).ConfigureAwait(false);
        report(partial.Length);
        var problem = await client.RetryAsync(() => ContinueAsync(partial, cancellationToken), () => partial.Length, cancellationToken).ConfigureAwait(false);
        return problem ?? partial.Finish();
    }

    private async Task<string?> ContinueAsync(PartialFile partial, CancellationToken cancellationToken)
    {
        if (partial.Length == file.Size)
            return null;
        using var response = await client.OpenAsync(address, partial.Length, cancellationToken).ConfigureAwait(false);
        Place(response.Message, partial);
        if (response.Message.Content.Headers.ContentLength is { } length && length != file.Size - partial.Length)
            return Invariant($"{partial.Length + length} bytes");
        await CopyAsync(response, partial, cancellationToken).ConfigureAwait(false);
        return null;
    }

    /// <summary>Sees that the answer goes on where the part ends: a server without ranges sends everything anew.</summary>
    private void Place(HttpResponseMessage message, PartialFile partial)
    {
        var range = message.Content.Headers.ContentRange;
        if (message.StatusCode == HttpStatusCode.PartialContent && range?.From == partial.Length && (range.Length ?? file.Size) == file.Size)
            return;
        if (partial.Length > 0)
            partial.Restart();
        if (message.StatusCode != HttpStatusCode.OK)
            throw client.Failures.Broken(null, $"{file.Path}, with another range than asked for");
    }

    private async Task CopyAsync(HubResponse response, PartialFile partial, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferBytes];
        while (partial.Length < file.Size)
        {
            var read = await response.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (read == 0)
                throw client.Failures.Broken(null, file.Path);
            partial.Append(buffer.AsSpan(0, (int)Math.Min(read, file.Size - partial.Length)));
            report(partial.Length);
        }
    }
}
