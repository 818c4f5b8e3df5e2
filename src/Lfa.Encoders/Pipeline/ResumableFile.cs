using System.IO.Hashing;
using System.Text;
using Lfa.Encoders.Datasets;
using Lfa.IO;

namespace Lfa.Encoders.Pipeline;

/// <summary>A feature file in the making: what is done is kept in a log beside it, batch by batch.</summary>
/// <remarks>
/// Batches are cut at the same places however often the work stops, so the file comes out the same, byte for byte. A batch is
/// kept with a hash of the names and states of its images: where these have changed, embedding begins again from there.
/// </remarks>
internal sealed class ResumableFile : IDisposable
{
    private readonly string _path;
    private readonly ImageDataset _dataset;
    private readonly IImageFeatureSource _source;
    private readonly TextFeatures? _texts;
    private readonly int? _width;
    private readonly string _logPath;
    private readonly RecordLog _log;
    private readonly List<int> _unreadable = [];
    private readonly List<string> _problems = [];
    private int _done;
    private bool _isComplete;

    private ResumableFile(string path, ImageDataset dataset, IImageFeatureSource source, TextFeatures? texts, int? width)
    {
        (_path, _dataset, _source, _texts, _width, _logPath) = (path, dataset, source, texts, width, path + ".partial");
        _log = RecordLog.Open(_logPath, Encoding.UTF8.GetBytes(Invariant($"{source.Fingerprint} in batches of {source.BatchSize}")));
    }

    /// <summary>Opens the log of an unfinished run, or begins one.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="dataset">The images.</param>
    /// <param name="source">Embeds them.</param>
    /// <param name="texts">The text features of the classes, or null for none.</param>
    /// <param name="width">The number of components that the images must have, or null for any.</param>
    /// <exception cref="LfaDataException">There is a log of another model or other options.</exception>
    /// <exception cref="IOException">Another process is writing the file, or the log cannot be written.</exception>
    public static ResumableFile Open(string path, ImageDataset dataset, IImageFeatureSource source, TextFeatures? texts, int? width)
    {
        try
        {
            return new ResumableFile(path, dataset, source, texts, width);
        }
        catch (LfaDataException e)
        {
            throw BadInput.At(path, $"an unfinished run with another model or other options is kept in {path}.partial; go on with those, remove that file to start over, or give another name.", e);
        }
        catch (IOException e) when (HeldFile.IsReason(e))
        {
            throw new IOException(OneLine.Of($"{path}: another process is writing this file; wait for it, or give another name."), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(OneLine.Of($"{path}: what is done cannot be kept beside it ({e.Message.TrimEnd('.')}); give another name."), e);
        }
    }

    /// <summary>Embeds what is missing and writes the file.</summary>
    public EncodedFile Complete(bool strict, IProgress<EncodingProgress>? progress, CancellationToken cancellationToken)
    {
        Resume(strict, progress);
        var resumed = _done;
        foreach (var batch in _source.Encode(_dataset.Items, resumed, cancellationToken))
        {
            Keep(batch);
            Note(batch, strict, progress);
        }
        UnreadableImage[] unreadable = [.. _unreadable.Zip(_problems, (index, problem) => new UnreadableImage(_dataset.Items[index].Name, problem))];
        if (unreadable.Length == _done)
        {
            RemoveLog();
            throw BadInput.NoneReadable(unreadable);
        }
        var dimension = Write();
        RemoveLog();
        return new EncodedFile(_path, _done - unreadable.Length, dimension, resumed, unreadable);
    }

    public void Dispose()
    {
        if (_isComplete)
            return;
        if (_log.IsEmpty)
            RemoveLog();
        else
            _log.Dispose();
    }

    private void RemoveLog()
    {
        _isComplete = true;
        _log.Dispose();
        File.Delete(_logPath);
    }

    private void Resume(bool strict, IProgress<EncodingProgress>? progress)
    {
        foreach (var (position, record) in _log.Read())
        {
            var batch = EncodedBatchRecord.Read(record, out var state);
            if (_done + batch.Length > _dataset.Items.Count || state != StateOf(_done, batch.Length))
            {
                _log.CutAt(position);
                break;
            }
            Note(batch, strict, progress);
        }
    }

    private void Note(EncodedImage[] batch, bool strict, IProgress<EncodingProgress>? progress)
    {
        foreach (var image in batch)
        {
            var index = _done++;
            if (image.Problem is { } problem && strict)
                throw new LfaDataException(OneLine.Of($"{_dataset.Items[index].Name}: {problem}"));
            if (image.Problem is not null)
            {
                _unreadable.Add(index);
                _problems.Add(image.Problem);
            }
        }
        EncodedImage.RequireWidth(batch, _source.CropCount, _width);
        progress?.Report(new EncodingProgress(_done, _dataset.Items.Count));
    }

    private void Keep(EncodedImage[] batch)
    {
        try
        {
            _log.Append(EncodedBatchRecord.Write(batch, StateOf(_done, batch.Length)));
        }
        catch (Exception e) when (RecordLog.IsFull(e))
        {
            throw new IOException(OneLine.Of($"{_path}: no more can be kept ({e.Message.Split(" (Parameter")[0].TrimEnd('.')}); make room and run it again, to go on where it stopped."), e);
        }
    }

    private int Write()
    {
        var missing = _unreadable.ToHashSet();
        ImageItem[] items = [.. _dataset.Items.Where((_, index) => !missing.Contains(index))];
        var features = _log.Read().SelectMany(entry => EncodedBatchRecord.Read(entry.Record, out _)).Where(image => image.Features is not null).Select(image => image.Features!);
        var dimension = features.First().Length / _source.CropCount;
        var content = new FeatureFileContent
        {
            ImageCount = items.Length,
            Dimension = dimension,
            ImageEncoder = _source.Identity is { } encoder ? encoder with { Dimension = dimension } : null,
            TextEncoder = _texts?.Encoder,
            CropCount = _source.CropCount,
            ClassPrototypes = _texts?.ClassPrototypes,
            Prompts = _texts?.Prompts,
            ClassNames = _texts is null ? [] : _dataset.ClassNames,
            Labels = _dataset.IsLabeled && _texts is not null ? Array.ConvertAll(items, item => item.Label) : default,
            FileNames = new LazyNames(items),
        };
        FeatureFile.Write(_path, content, features.Select(row => (ReadOnlyMemory<float>)row));
        return content.Dimension;
    }

    // Which files these are, and when they were last changed.
    private UInt128 StateOf(int start, int count)
    {
        var hash = new XxHash128();
        for (var i = start; i < start + count; i++)
        {
            hash.Append(Encoding.UTF8.GetBytes($"{_dataset.Items[i].Name}\0{StateOf(_dataset.Items[i])}\0"));
        }
        return hash.GetCurrentHashAsUInt128();
    }

    private static string StateOf(ImageItem item)
    {
        if (item.Path is { } path)
            return new FileInfo(path) is { Exists: true } file ? Invariant($"{file.Length} {file.LastWriteTimeUtc.Ticks}") : "";
        try
        {
            return Invariant($"{ContentHash.OfItem(item):x32}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
