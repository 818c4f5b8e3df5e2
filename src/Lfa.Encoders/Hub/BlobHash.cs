using System.Security.Cryptography;
using System.Text;

namespace Lfa.Encoders.Hub;

/// <summary>Computes the checksum of a file as the hub does, piece by piece.</summary>
internal sealed class BlobHash : IDisposable
{
    private readonly HubFile _file;
    private readonly IncrementalHash _hash;

    public BlobHash(HubFile file)
    {
        _file = file;
        _hash = IncrementalHash.CreateHash(file.Digest.IsSha256 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1);
        Begin();
    }

    /// <summary>Takes the next bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

    /// <summary>Returns the checksum of all bytes, lower-case hexadecimal, and starts anew.</summary>
    public string Finish()
    {
        var digest = Convert.ToHexStringLower(_hash.GetHashAndReset());
        Begin();
        return digest;
    }

    public void Dispose() => _hash.Dispose();

    // Git hashes "blob", the size and a zero byte before the content.
    private void Begin()
    {
        if (!_file.Digest.IsSha256)
            _hash.AppendData(Encoding.ASCII.GetBytes(Invariant($"blob {_file.Size}\0")));
    }
}
