using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Lfa.Encoders.Pipeline;

/// <summary>Keeps features by the content that they were computed from, in a file that outlives the process.</summary>
/// <remarks>
/// One file holds the features of one model. While another process has it open, this one works without: nothing is found and
/// nothing kept. Not safe for use by several threads at once.
/// </remarks>
internal sealed class FeatureCache : IDisposable
{
    private const string FolderVariable = "LFA_CACHE";
    private const int KeyLength = 16;

    private readonly RecordLog? _log;
    private readonly Dictionary<UInt128, long> _positions = [];
    private bool _isFull;

    private FeatureCache(RecordLog? log)
    {
        _log = log;
        foreach (var (position, record) in log?.Read() ?? [])
            _positions[BinaryPrimitives.ReadUInt128LittleEndian(record)] = position;
    }

    /// <summary>Gets the folder of the caches: <c>LFA_CACHE</c>, else "lfa" in the user's folder for caches.</summary>
    public static string DefaultFolder =>
        Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder ? folder
        : Path.Combine(UserCaches, "lfa");

    private static string UserCaches =>
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } caches ? caches
        : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");

    /// <summary>Opens the cache of one model.</summary>
    /// <param name="fingerprint">What tells the model, and what is embedded of an input, from others.</param>
    /// <param name="folder">The folder of the caches.</param>
    public static FeatureCache Open(string fingerprint, string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new FeatureCache(RecordLog.Open(Path.Combine(folder, fingerprint + ".features"), Encoding.UTF8.GetBytes(fingerprint)));
        }
        catch (Exception e) when (e is LfaDataException or IOException or UnauthorizedAccessException)
        {
            return new FeatureCache(null);
        }
    }

    public float[]? Find(UInt128 key)
    {
        if (!_positions.TryGetValue(key, out var position))
            return null;
        return MemoryMarshal.Cast<byte, float>(_log!.ReadAt(position).AsSpan(KeyLength)).ToArray();
    }

    public void Add(UInt128 key, ReadOnlySpan<float> features)
    {
        if (_log is null || _isFull || _positions.ContainsKey(key))
            return;
        var record = new byte[KeyLength + features.Length * sizeof(float)];
        BinaryPrimitives.WriteUInt128LittleEndian(record, key);
        MemoryMarshal.AsBytes(features).CopyTo(record.AsSpan(KeyLength));
        try
        {
            _positions[key] = _log.Append(record);
        }
        catch (Exception e) when (RecordLog.IsFull(e))
        {
            // The work goes on without keeping more.
            _isFull = true;
        }
    }

    public void Dispose() => _log?.Dispose();
}
