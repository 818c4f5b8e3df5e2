using System.Runtime.CompilerServices;

namespace Lfa.IO;

/// <summary>
/// Computes the CRC-32 of zip files (polynomial 0xEDB88320, reflected) eight bytes a step, from eight tables:
/// the k-th holds what a byte contributes when k bytes follow it in the step.
/// </summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;

    private static readonly uint[][] Tables = MakeTables();

    /// <summary>Continues a checksum; the first call takes 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // a hot loop in the first calls of a short-lived process
    public static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        var crc = ~checksum;
        var tables = Tables;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            crc ^= bytes[0] | (uint)bytes[1] << 8 | (uint)bytes[2] << 16 | (uint)bytes[3] << 24;
            crc = tables[7][(byte)crc] ^ tables[6][(byte)(crc >> 8)] ^ tables[5][(byte)(crc >> 16)] ^ tables[4][crc >> 24]
                ^ tables[3][bytes[4]] ^ tables[2][bytes[5]] ^ tables[1][bytes[6]] ^ tables[0][bytes[7]];
        }
        foreach (var value in bytes)
            crc = tables[0][(byte)(crc ^ value)] ^ crc >> 8;
        return ~crc;
    }

    private static uint[][] MakeTables()
    {
        var tables = new uint[8][];
        for (var k = 0; k < 8; k++)
        {
            tables[k] = new uint[256];
            for (var value = 0u; value < 256; value++)
                tables[k][value] = k == 0 ? ShiftByte(value) : tables[0][(byte)tables[k - 1][value]] ^ tables[k - 1][value] >> 8;
        }
        return tables;
    }

    private static uint ShiftByte(uint value)
    {
        for (var bit = 0; bit < 8; bit++)
            value = (value & 1) != 0 ? Polynomial ^ value >> 1 : value >> 1;
        return value;
    }
}
