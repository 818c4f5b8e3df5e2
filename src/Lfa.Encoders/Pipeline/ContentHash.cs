using System.IO.Hashing;
using System.Text;
using Lfa.Encoders.Datasets;

namespace Lfa.Encoders.Pipeline;

/// <summary>Tells contents apart.</summary>
internal static class ContentHash
{
    private const int BufferSize = 1 << 20;

    public static UInt128 OfItem(ImageItem item)
    {
        if (item.Bytes is { } bytes)
            return XxHash128.HashToUInt128(bytes.Span);
        var hash = new XxHash128();
        using var stream = item.OpenRead();
        Append(hash, stream);
        return hash.GetCurrentHashAsUInt128();
    }

    public static UInt128 OfText(string text) => XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(text));

    public static void AppendFile(NonCryptographicHashAlgorithm hash, string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        Append(hash, stream);
    }

    private static void Append(NonCryptographicHashAlgorithm hash, Stream stream)
    {
        var buffer = new byte[stream.CanSeek ? Math.Clamp(stream.Length, 1, BufferSize) : BufferSize];
        for (int read; (read = stream.Read(buffer)) > 0;)
            hash.Append(buffer.AsSpan(0, read));
    }
}
