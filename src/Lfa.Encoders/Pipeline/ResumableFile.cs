using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using Lfa.Data;
using Lfa.Encoders.Datasets;
using Lfa.IO;

namespace Lfa.Encoders.Pipeline;

/// <summary>A feature file in the making: what is done is kept in a log beside it, batch by batch.</summary>
/// <remarks>Batches are cut at the same places however often the work stops, so the file comes out the same, byte for byte.</remarks>
internal sealed class ResumableFile : IDisposable
{
    private readonly string _path;
    private readonly ImageDataset _dataset;
    private readonly IImageFeatureSource _source;
    private readonly FeatureMatrix? _prototypes;
    private readonly string _logPath;
    private readonly RecordLog _log;
    private bool _isComplete;

    private ResumableFile(string path, ImageDataset dataset, IImageFeatureSource source, FeatureMatrix? prototypes)
    {
        (_path, _dataset, _source, _prototypes, _logPath) = (path, dataset, source, prototypes, path + ".partial");
        _log = RecordLog.Open(_logPath, Header());
    }

    /// <summary>Opens the log of an unfinished run, or begins one.</summary>
    /// <exception cref="IOException">Another process is writing the file.</exception>
    public static ResumableFile Open(string path, ImageDataset dataset, IImageFeatureSource source, FeatureMatrix? prototypes)
    {
        try
        {
            return new ResumableFile(path, dataset, source, prototypes);
        }
        catch (IOException e) when (HeldFile.IsReason(e))
        {
            throw new IOException(BadInput.OneLine($"{path}: another process is writing this file; wait for it, or give another name."), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(BadInput.OneLine($"{path}: what is done cannot be kept beside it ({e.Message.TrimEnd('.')}); give another name."), e);
        }
    }

    /// <summary>Embeds what is missing and writes the file.</summary>
    public EncodedFile Complete(bool strict, IProgress<EncodingProgress>? progress, CancellationToken cancellationToken)
    {
        var unreadable = new List<UnreadableImage>();
        var done = 0;
        foreach (var batch in Logged())
            Note(batch);
        var resumed = done;
        foreach (var batch in _source.Encode(_dataset.Items, resumed, cancellationToken))
        {
            Keep(batch);
            Note(batch);
        }
        if (unreadable.Count == _dataset.Items.Count)
            throw BadInput.NoneReadable(unreadable);
        var dimension = Write(unreadable);
        _isComplete = true;
        _log.Dispose();
        File.Delete(_logPath);
        return new EncodedFile(_path, done - unreadable.Count, dimension, resumed, unreadable);

        void Note(EncodedImage[] batch)
        {
            foreach (var image in batch)
            {
                var name = _dataset.Items[done++].Name;
                if (image.Problem is not { } problem)
                    continue;
                if (strict)
                    throw new InvalidDataException($"{name}: {problem}");
                unreadable.Add(new UnreadableImage(name, problem));
            }
            progress?.Report(new EncodingProgress(done, _dataset.Items.Count));
        }
    }

    public void Dispose()
    {
        if (_isComplete)
            return;
        var isEmpty = _log.IsEmpty;
        _log.Dispose();
        if (isEmpty)
            File.Delete(_logPath);
    }

    private void Keep(EncodedImage[] batch)
    {
        try
        {
            _log.Append(ToRecord(batch));
        }
        catch (Exception e) when (RecordLog.IsFull(e))
        {
            throw new IOException(BadInput.OneLine($"{_path}: no more can be kept ({e.Message.Split(" (Parameter")[0].TrimEnd('.')}); make room and run it again, to go on where it stopped."), e);
        }
    }

    private int Write(IReadOnlyCollection<UnreadableImage> unreadable)
    {
        var missing = unreadable.Select(image => image.Name).ToHashSet(StringComparer.Ordinal);
        ImageItem[] items = [.. _dataset.Items.Where(item => !missing.Contains(item.Name))];
        var features = Logged().SelectMany(batch => batch).Where(image => image.Features is not null).Select(image => image.Features!);
        var content = new FeatureFileContent
        {
            ImageCount = items.Length,
            Dimension = features.First().Length / _source.CropCount,
            CropCount = _source.CropCount,
            ClassPrototypes = _prototypes,
            ClassNames = _prototypes is null ? [] : _dataset.ClassNames,
            Labels = _dataset.IsLabelled && _prototypes is not null ? Array.ConvertAll(items, item => item.Label) : default,
            FileNames = new ItemNames(items),
        };
        FeatureFile.Write(_path, content, features.Select(row => (ReadOnlyMemory<float>)row));
        return content.Dimension;
    }

    private IEnumerable<EncodedImage[]> Logged() => _log.Read().Select(entry => FromRecord(entry.Record));

    // Everything that the features depend on, so that a run only goes on with its own log.
    private byte[] Header()
    {
        var hash = new XxHash128();
        hash.Append(Encoding.UTF8.GetBytes(Invariant($"{_source.Fingerprint} {_source.BatchSize} {string.Join('\0', _dataset.ClassNames)}")));
        hash.Append(MemoryMarshal.AsBytes((_prototypes?.Values ?? default).Span));
        foreach (var item in _dataset.Items)
        {
            var file = new FileInfo(item.Path);
            var state = file.Exists ? Invariant($"{file.Length} {file.LastWriteTimeUtc.Ticks}") : "";
            hash.Append(Encoding.UTF8.GetBytes(Invariant($"{item.Name}\0{item.Label} {state}\0")));
        }
        return hash.GetCurrentHash();
    }

    private static byte[] ToRecord(EncodedImage[] batch)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(batch.Length);
        foreach (var image in batch)
            image.Write(writer);
        return stream.ToArray();
    }

    private static EncodedImage[] FromRecord(byte[] record)
    {
        using var reader = new BinaryReader(new MemoryStream(record));
        var batch = new EncodedImage[reader.ReadInt32()];
        for (var i = 0; i < batch.Length; i++)
            batch[i] = EncodedImage.Read(reader);
        return batch;
    }
}
