using System.Buffers.Binary;

namespace Lfa.Encoders.Pipeline;

/// <summary>Writes a batch as a record of a log: the state of its files, the number of images, what became of each.</summary>
internal static class EncodedBatchRecord
{
    private const int StateLength = 16;

    public static byte[] Write(EncodedImage[] batch, UInt128 state)
    {
        Span<byte> stateBytes = stackalloc byte[StateLength];
        BinaryPrimitives.WriteUInt128LittleEndian(stateBytes, state);
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(stateBytes);
        writer.Write(batch.Length);
        foreach (var image in batch)
            image.Write(writer);
        return stream.ToArray();
    }

    public static EncodedImage[] Read(byte[] record, out UInt128 state)
    {
        using var reader = new BinaryReader(new MemoryStream(record));
        state = BinaryPrimitives.ReadUInt128LittleEndian(reader.ReadBytes(StateLength));
        var batch = new EncodedImage[reader.ReadInt32()];
        for (var i = 0; i < batch.Length; i++)
            batch[i] = EncodedImage.Read(reader);
        return batch;
    }
}
