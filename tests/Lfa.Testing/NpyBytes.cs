using System.IO.Compression;
using System.Text;

namespace Lfa.Testing;

/// <summary>Makes .npy and .npz files byte by byte, apart from the code under test.</summary>
public static class NpyBytes
{
    /// <summary>Makes an array from the text of its type and shape and the bytes of its data.</summary>
    public static byte[] Make(string descr, string shape, byte[] data, bool fortran = false, int version = 1) =>
        MakeRaw($"{{'descr': '{descr}', 'fortran_order': {(fortran ? "True" : "False")}, 'shape': {shape}, }}\n", data, version);

    /// <summary>Makes an array from the whole text of its header.</summary>
    public static byte[] MakeRaw(string header, byte[] data, int version = 1)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var length = version == 1 ? BitConverter.GetBytes((ushort)text.Length) : BitConverter.GetBytes(text.Length);
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length, .. text, .. data];
    }

    public static byte[] Floats(string shape, params float[] values) => Make("<f4", shape, Bytes(values, BitConverter.GetBytes));

    public static byte[] Longs(params long[] values) => Make("<i8", $"({values.Length},)", Bytes(values, BitConverter.GetBytes));

    public static byte[] Strings(params string[] texts)
    {
        var width = texts.Max(text => text.Length);
        return Make($"<U{width}", $"({texts.Length},)", Bytes(texts, text => Encoding.UTF32.GetBytes(text.PadRight(width, '\0'))));
    }

    public static byte[] Bytes<T>(IEnumerable<T> values, Func<T, byte[]> toBytes, bool bigEndian = false) =>
        [.. values.SelectMany(value => bigEndian ? toBytes(value).Reverse() : toBytes(value))];

    public static byte[] Zip(params (string Name, byte[] Content)[] entries) => Zip(CompressionLevel.Fastest, entries);

    public static byte[] Zip(CompressionLevel level, params (string Name, byte[] Content)[] entries)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            foreach (var (name, content) in entries)
            {
                using var data = archive.CreateEntry(name, level).Open();
                data.Write(content);
            }
        }
        return stream.ToArray();
    }

    /// <summary>Makes a small set in the named layout; an array given again replaces the one of that name, null drops it.</summary>
    public static byte[] NamedSet(params (string Name, byte[]? Content)[] replacements)
    {
        var arrays = new Dictionary<string, byte[]?>
        {
            ["image_features"] = Floats("(3, 2)", 3, 4, 0, 2, 1, 0),
            ["text_features"] = Floats("(2, 2)", 1, 0, 0, 5),
            ["labels"] = Longs(0, 1, 0),
            ["class_names"] = Strings("cat", "dög"),
            ["filenames"] = Strings("a.jpg", "b.jpg", "c.jpg"),
        };
        foreach (var (name, content) in replacements)
            arrays[name] = content;
        return Zip([.. arrays.Where(pair => pair.Value is not null).Select(pair => (pair.Key + ".npy", pair.Value!))]);
    }
}
