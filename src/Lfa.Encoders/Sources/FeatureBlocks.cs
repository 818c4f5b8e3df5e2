using System.Runtime.CompilerServices;
using Lfa.Data;
using Lfa.Encoders.Datasets;
using Lfa.IO;
using Microsoft.Extensions.Logging;

namespace Lfa.Encoders.Sources;

/// <summary>The features of the images of a source, block by block, in memory that does not grow with their number.</summary>
/// <remarks>Enumerating drives the work; enumerate once.</remarks>
public sealed class FeatureBlocks : IAsyncEnumerable<FeatureBlock>, IDisposable
{
    // Rows read at a time from a file.
    private const int BlockRows = 1024;

    private readonly Func<CancellationToken, IAsyncEnumerable<FeatureBlock>> _read;
    private readonly FeatureReader? _file;

    private FeatureBlocks(FeatureReader file)
    {
        (_file, Count, HasNames, Dimension, FileEncoder) = (file, file.Count, file.FileNames is not null, file.Dimension, file.ImageEncoder);
        _read = cancellationToken => ReadFile(file, cancellationToken);
    }

    private FeatureBlocks(ImageDataset dataset, string source, Func<CancellationToken, Task<DatasetEncoder>> open, ILogger logger)
    {
        (Count, HasNames) = (dataset.Items.Count, true);
        _read = cancellationToken => Encode(dataset, source, open, logger, cancellationToken);
    }

    /// <summary>Gets the number of images, those that cannot be read included.</summary>
    public long Count { get; }

    /// <summary>Gets whether the images have names.</summary>
    public bool HasNames { get; }

    /// <summary>Gets what was passed over; complete once the enumeration has ended.</summary>
    public SourceFindings Findings { get; private set; } = SourceFindings.None;

    /// <summary>Gets the number of components d, as far as it is known before the first block.</summary>
    internal int? Dimension { get; }

    /// <summary>Gets the encoder that a file tells; null for images, or where it tells none.</summary>
    internal EncoderIdentity? FileEncoder { get; }

    /// <summary>Reads the blocks in order.</summary>
    /// <param name="cancellationToken">Stops the work between two images.</param>
    /// <exception cref="LfaDataException">While enumerating: no image can be read, the file is damaged, or the model cannot be used.</exception>
    public IAsyncEnumerator<FeatureBlock> GetAsyncEnumerator(CancellationToken cancellationToken = default) => _read(cancellationToken).GetAsyncEnumerator(cancellationToken);

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file?.Dispose();

    internal static FeatureBlocks Open(string path, FeatureFileOptions options) => new(FeatureReader.Open(path, options));

    internal static FeatureBlocks Create(ImageDataset dataset, string source, Func<CancellationToken, Task<DatasetEncoder>> open, ILogger logger) => new(dataset, source, open, logger);

    private static async IAsyncEnumerable<FeatureBlock> ReadFile(FeatureReader file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var done = 0;
        using var blocks = file.ReadBlocks(BlockRows).GetEnumerator();
        while (await Task.Run(blocks.MoveNext, cancellationToken).ConfigureAwait(false))
        {
            var features = blocks.Current;
            yield return new FeatureBlock(features, file.FileNames is { } names ? [.. Enumerable.Range(done, features.Rows).Select(row => names[row])] : null);
            done += features.Rows;
        }
    }

    private async IAsyncEnumerable<FeatureBlock> Encode(ImageDataset dataset, string source, Func<CancellationToken, Task<DatasetEncoder>> open, ILogger logger, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var encoder = await open(cancellationToken).ConfigureAwait(false);
        var unreadable = new List<UnreadableImage>();
        var read = 0;
        await foreach (var batch in encoder.EncodeBatchesAsync(dataset.Items, cancellationToken).ConfigureAwait(false))
        {
            unreadable.AddRange(batch.Unreadable);
            read += batch.Items.Count;
            foreach (var features in batch.Blocks)
                yield return new FeatureBlock(features, [.. batch.Items.Select(item => item.Name)]);
        }
        if (read == 0)
            throw BadInput.NoneReadable(unreadable);
        Findings = SourceFindings.Create(dataset, unreadable);
        SourceLog.Report(logger, source, Findings);
    }
}
