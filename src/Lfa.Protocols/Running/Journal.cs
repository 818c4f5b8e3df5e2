using System.Text;
using System.Text.Json;
using Lfa.Protocols.Results;

namespace Lfa.Protocols.Running;

/// <summary>Keeps the rows of finished cells in a file that is only ever added to: one line of JSON a cell.</summary>
/// <remarks>
/// A line is written at once and to the disk, so a killed run loses the cells under way only; a torn last line is dropped.
/// While a journal is open no other process can open it. Adding is safe from several threads at once.
/// </remarks>
internal sealed class Journal : IDisposable
{
    private static readonly JsonSerializerOptions Line = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly Lock _lock = new();
    private readonly FileStream _stream;
    private readonly Dictionary<string, IReadOnlyList<ResultRow>> _rows;
    private long _end;

    private Journal(FileStream stream)
    {
        _stream = stream;
        _rows = Load(stream, out _end);
    }

    /// <summary>Opens a journal, or begins one.</summary>
    /// <exception cref="LfaDataException">A line other than the last is damaged.</exception>
    /// <exception cref="IOException">Another run has it open, or it cannot be written.</exception>
    public static Journal Open(string path)
    {
        var stream = Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            return new Journal(stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads the keys of the finished cells; none where there is no journal.</summary>
    /// <exception cref="LfaDataException">A line other than the last is damaged.</exception>
    /// <exception cref="IOException">A run has it open, or it cannot be read.</exception>
    public static IReadOnlySet<string> ReadKeys(string path)
    {
        if (!File.Exists(path))
            return new HashSet<string>();
        using var stream = Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return Load(stream, out _).Keys.ToHashSet();
    }

    /// <summary>Returns the rows of a cell, or null where it is not finished.</summary>
    public IReadOnlyList<ResultRow>? Find(string key)
    {
        lock (_lock)
            return _rows.GetValueOrDefault(key);
    }

    /// <summary>Adds a finished cell.</summary>
    /// <exception cref="IOException">The disk is full; the journal is as before.</exception>
    public void Add(string key, IReadOnlyList<ResultRow> rows)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(new Entry(key, rows), Line);
        lock (_lock)
        {
            Append([.. line, (byte)'\n']);
            _rows[key] = rows;
        }
    }

    public void Dispose() => _stream.Dispose();

    // What a torn or refused line has left is written over.
    private void Append(ReadOnlySpan<byte> line)
    {
        try
        {
            _stream.SetLength(_end);
            _stream.Position = _end;
            _stream.Write(line);
            _stream.Flush(flushToDisk: true);
            _end = _stream.Position;
        }
        catch (Exception e) when (e is IOException or ArgumentOutOfRangeException) // the latter for a file beyond the system's limit
        {
            throw new IOException($"{_stream.Name}: no more can be kept ({e.Message.Split(" (Parameter")[0].TrimEnd('.')}); make room and run it again, to go on where it stopped.", e);
        }
    }

    private static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        try
        {
            return new FileStream(path, mode, access, share, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path}: the journal cannot be opened ({e.Message.TrimEnd('.')}); wait for a run that writes there, or give another output.", e);
        }
    }

    private static Dictionary<string, IReadOnlyList<ResultRow>> Load(FileStream stream, out long end)
    {
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var rows = new Dictionary<string, IReadOnlyList<ResultRow>>();
        end = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
        var number = 0;
        foreach (var line in Encoding.UTF8.GetString(bytes.AsSpan(0, (int)end)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var entry = Read(stream.Name, ++number, line);
            rows[entry.Key] = entry.Rows;
        }
        return rows;
    }

    private static Entry Read(string path, int number, string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Entry>(line, Line) is { Key: not null, Rows: not null } entry ? entry : throw new JsonException();
        }
        catch (JsonException e)
        {
            throw new LfaDataException(Invariant($"{path}: line {number} is damaged; remove the line, and its cell runs again."), e) { Subject = path };
        }
    }

    private sealed record Entry(string Key, IReadOnlyList<ResultRow> Rows);
}
