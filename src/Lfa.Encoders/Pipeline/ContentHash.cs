using System.IO.Hashing;
using System.Text;

namespace Lfa.Encoders.Pipeline;

/// <summary>Tells contents apart.</summary>
internal static class ContentHash
{
    private const int BufferSize = 1 << 20;

    public static UInt128 OfFile(string path)
    {
        var hash = new XxHash128();
        AppendFile(hash, path);
        return hash.GetCurrentHashAsUInt128();
    }

    public static UInt128 OfText(string text) => XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(text));

    public static void AppendFile(NonCryptographicHashAlgorithm hash, string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        var buffer = new byte[Math.Clamp(stream.Length, 1, BufferSize)];
        for (int read; (read = stream.Read(buffer)) > 0;)
            hash.Append(buffer.AsSpan(0, read));
    }
}
