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

    // No file of a model is one: a hotel or a proxy has answered.
    private const string WebPage = "text/html";

    // A part of an older pull may be damaged: one more try from nothing tells that from a damaged source.
    private const int Tries = 2;

    // Set once the hub has answered a range with something else: from then on the whole file is asked for.
    private bool _isWithoutRanges;

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
            cache.DeletePartial(file);
        }
        throw client.Failures.Damaged(file, actual);
    }

    /// <summary>Gets all bytes.</summary>
    /// <returns>Their checksum.</returns>
    private async Task<string> FetchAsync(CancellationToken cancellationToken)
    {
        using var partial = await PartialFile.OpenAsync(cache.PartialPath(file), file, cancellationToken).ConfigureAwait(false);
        report(partial.Length);
        await client.RetryAsync(() => ContinueAsync(partial, cancellationToken), () => partial.Length, cancellationToken).ConfigureAwait(false);
        return partial.Finish();
    }

    private async Task<bool> ContinueAsync(PartialFile partial, CancellationToken cancellationToken)
    {
        if (partial.Length == file.Size)
            return true;
        using var response = await client.OpenAsync(address, _isWithoutRanges ? 0 : partial.Length, cancellationToken).ConfigureAwait(false);
        await CopyAsync(response, partial, Known(response.Message, partial.Length), cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Sees what an answer brings, before a byte of the part is touched: gigabytes must not be lost to a login page.</summary>
    /// <returns>How many of its first bytes are in the part already: a server without ranges sends them again.</returns>
    private long Known(HttpResponseMessage message, long length)
    {
        var content = message.Content.Headers;
        if (message.StatusCode == HttpStatusCode.PartialContent && content.ContentRange?.From == length && (content.ContentRange.Length ?? file.Size) == file.Size)
            return 0;
        if (message.StatusCode != HttpStatusCode.OK)
        {
            _isWithoutRanges = true;
            throw client.Failures.Broken(null, $"{file.Path}, with another range than asked for");
        }
        if (content.ContentType?.MediaType == WebPage || (content.ContentLength ?? file.Size) != file.Size)
            throw client.Failures.AnotherFile(file, content);
        return length;
    }

    private async Task CopyAsync(HubResponse response, PartialFile partial, long known, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferBytes];
        while (partial.Length < file.Size)
        {
            var read = await response.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (read == 0)
                throw client.Failures.Broken(null, file.Path);
            var skipped = (int)Math.Min(read, known);
            known -= skipped;
            partial.Append(buffer.AsSpan(skipped, (int)Math.Min(read - skipped, file.Size - partial.Length)));
            report(partial.Length);
        }
    }
}
