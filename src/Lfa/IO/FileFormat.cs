using System.Buffers.Binary;

namespace Lfa.IO;

/// <summary>Names the formats that are told apart by their first bytes.</summary>
internal enum FileFormat
{
    /// <summary>One NumPy array.</summary>
    Npy,

    /// <summary>A zip of NumPy arrays.</summary>
    Npz,

    /// <summary>Named tensors behind a JSON header.</summary>
    Safetensors,
}

/// <summary>Tells formats apart by their first bytes; a file's name is not trusted.</summary>
internal static class FileFormats
{
    private const int PrefixLength = 9;

    public static FileFormat Identify(string path)
    {
        using var stream = InputFile.Open(path);
        var buffer = new byte[PrefixLength];
        var prefix = buffer.AsSpan(0, stream.ReadAtLeast(buffer, PrefixLength, throwOnEndOfStream: false));
        if (prefix.StartsWith(NpyHeader.Magic))
            return FileFormat.Npy;
        if (prefix.StartsWith("PK\u0003\u0004"u8) || prefix.StartsWith("PK\u0005\u0006"u8))
            return FileFormat.Npz;
        if (prefix.Length == PrefixLength && prefix[8] == '{' && BinaryPrimitives.ReadUInt64LittleEndian(prefix) <= (ulong)stream.Length)
            return FileFormat.Safetensors;
        if (prefix.StartsWith("PAR1"u8))
            throw InputFile.Bad(path, "this is a Parquet file; save its embeddings as .npy or .npz.");
        throw InputFile.Bad(path, "this is neither a .npy nor a .npz nor a .safetensors file; save the features with numpy.savez or numpy.save.");
    }
}
