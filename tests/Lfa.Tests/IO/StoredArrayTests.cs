using System.Text;
using Lfa.IO;

namespace Lfa.Tests.IO;

public sealed class StoredArrayTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static MatrixTheoryData<int, bool, bool, int> Encodings() => new([2, 4, 8], [false, true], [false, true], [1, 2, 3]);

    [Theory]
    [MemberData(nameof(Encodings))]
    public void ToSingle_EveryTypeOrderAndVersion_GivesTheValuesByRows(int size, bool bigEndian, bool fortran, int version)
    {
        float[] values = [1, -2, 0.5f, 4, 5, -6];
        float[] stored = fortran ? [1, 4, -2, 5, 0.5f, -6] : values;
        var data = NpyBytes.Bytes(stored, value => Encode(value, size), bigEndian);
        var array = Open(NpyBytes.Make($"{(bigEndian ? '>' : '<')}f{size}", "(2, 3)", data, fortran, version));
        array.ToSingle().ShouldBe(values);
        array.Shape.ShouldBe([2, 3]);
        array.Type.ToString().ShouldBe($"float{8 * size}");
    }

    [Theory]
    [InlineData("<i1", 1)]
    [InlineData("|i1", 1)]
    [InlineData("<i2", 2)]
    [InlineData(">i2", 2)]
    [InlineData("<i4", 4)]
    [InlineData(">i4", 4)]
    [InlineData("<i8", 8)]
    [InlineData(">i8", 8)]
    [InlineData("|u1", 1)]
    [InlineData("<u2", 2)]
    [InlineData(">u4", 4)]
    [InlineData("<u8", 8)]
    [InlineData(">u8", 8)]
    public void ToInt32_EveryWidth_GivesTheValues(string descr, int size)
    {
        int[] values = [0, 1, 100, 7];
        var data = NpyBytes.Bytes(values, value => BitConverter.GetBytes((long)value)[..size], descr[0] == '>');
        Open(NpyBytes.Make(descr, "(4,)", data)).ToInt32().ShouldBe(values);
    }

    [Fact]
    public void ToInt32_Negative_KeepsTheSign() =>
        Open(NpyBytes.Make(">i2", "(2,)", [0xFF, 0xFE, 0, 3])).ToInt32().ShouldBe([-2, 3]);

    [Theory]
    [InlineData("<i8", 5_000_000_000, "5000000000")]
    [InlineData("<i8", long.MinValue, "-9223372036854775808")]
    [InlineData("<u8", -1, "18446744073709551615")]
    public void ToInt32_TooLarge_NamesEntryAndValue(string descr, long value, string text)
    {
        var data = NpyBytes.Bytes([1, value], BitConverter.GetBytes);
        Should.Throw<LfaDataException>(() => Open(NpyBytes.Make(descr, "(2,)", data)).ToInt32())
            .Message.ShouldContain($"entry 1 is {text}, outside");
    }

    [Fact]
    public void ToStrings_UnicodeInBothOrders_GivesTheText()
    {
        string[] texts = ["cat", "dög", "", "犬🐕"];
        var little = NpyBytes.Bytes(texts, text => Pad(Encoding.UTF32.GetBytes(text), 16));
        var big = NpyBytes.Bytes(texts, text => Pad(new UTF32Encoding(bigEndian: true, byteOrderMark: false).GetBytes(text), 16));
        Open(NpyBytes.Make("<U4", "(4,)", little)).ToStrings().ShouldBe(texts);
        Open(NpyBytes.Make(">U4", "(4,)", big)).ToStrings().ShouldBe(texts);
    }

    [Fact]
    public void ToStrings_Bytes_AreUtf8()
    {
        var data = NpyBytes.Bytes(["cat", "dög"], text => Pad(Encoding.UTF8.GetBytes(text), 5));
        Open(NpyBytes.Make("|S5", "(2,)", data)).ToStrings().ShouldBe(["cat", "dög"]);
    }

    [Fact]
    public void ToStrings_LoneSurrogate_BecomesTheReplacementCharacter() =>
        Open(NpyBytes.Make("<U1", "(1,)", [0x80, 0xDC, 0, 0])).ToStrings().ShouldBe(["\uFFFD"]);

    [Theory]
    [InlineData("<U1", "unicode")]
    [InlineData("|S4", "UTF-8")]
    public void ToStrings_NotText_NamesTheEntry(string descr, string expected)
    {
        byte[] data = [65, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F];
        Should.Throw<LfaDataException>(() => Open(NpyBytes.Make(descr, "(2,)", data)).ToStrings())
            .Message.ShouldContain($"entry 1 is not valid {expected} text");
    }

    [Fact]
    public void ToSingle_SingleValue_HasNoExtents()
    {
        var array = Open(NpyBytes.Floats("()", 2.5f));
        array.Shape.ShouldBeEmpty();
        array.ToSingle().ShouldBe([2.5f]);
    }

    [Fact]
    public void ToSingle_ThreeAxesByColumns_GivesTheValuesByRows()
    {
        // NumPy's arange(24).reshape(2, 3, 4) in Fortran order.
        var stored = from k in Enumerable.Range(0, 4) from j in Enumerable.Range(0, 3) from i in Enumerable.Range(0, 2) select (float)(12 * i + 4 * j + k);
        var array = Open(NpyBytes.Make("<f4", "(2, 3, 4)", NpyBytes.Bytes(stored, BitConverter.GetBytes), fortran: true));
        array.ToSingle().ShouldBe(Enumerable.Range(0, 24).Select(value => (float)value));
    }

    [Fact]
    public void ToSingle_LongArray_CrossesChunks()
    {
        var values = Enumerable.Range(0, 100_003).Select(value => value / 8f).ToArray();
        Open(NpyBytes.Make("<f8", "(100003,)", NpyBytes.Bytes(values, value => BitConverter.GetBytes((double)value)))).ToSingle().ShouldBe(values);
    }

    [Fact]
    public void ToSingle_Integers_SaysWhatWasExpected() =>
        Should.Throw<LfaDataException>(() => Open(NpyBytes.Longs(1)).ToSingle()).Message.ShouldContain("the type is int64; expected float16, float32 or float64");

    [Theory]
    [InlineData("{'shape': (1,), \"fortran_order\": False, 'descr': '<f4'}")]
    [InlineData("  {'descr':'<f4','fortran_order':False,'shape':(1L,)}  \n\n")]
    [InlineData("{'descr': '=f4', 'fortran_order': False, 'shape': (1, 1, 1,), }")]
    public void FromNpy_UnusualHeader_IsRead(string header) =>
        Open(NpyBytes.MakeRaw(header, BitConverter.GetBytes(7f))).ToSingle().ShouldBe([7]);

    [Theory]
    [InlineData("", "expected \"{\"")]
    [InlineData("{'descr': '<f4', 'fortran_order': False}", "each of descr, fortran_order and shape once")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", "each of descr")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}", "each of descr")]
    [InlineData("{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,)}", "True or False")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", "an extent below 2^63")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", "an extent below 2^63")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1 1)}", "a comma")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} and more", "nothing after the dictionary")]
    [InlineData("{'descr': '<f4, ", "a closing quote")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1)}", "at most 32 dimensions")]
    public void FromNpy_BadHeader_SaysWhatWasExpected(string header, string expected) =>
        Fail(NpyBytes.MakeRaw(header, new byte[4])).ShouldContain(expected);

    [Theory]
    [InlineData("|O", "pickled object array")]
    [InlineData("O", "pickled object array")]
    [InlineData("<c8", "the type \"<c8\" is not supported")]
    [InlineData("<M8[ns]", "is not supported")]
    [InlineData("|V2", "is not supported")]
    [InlineData("<f16", "is not supported")]
    [InlineData("<U0", "is not supported")]
    [InlineData("<U99999999", "is not supported")]
    [InlineData("", "is not supported")]
    public void FromNpy_TypeNotSupported_SaysWhatToDo(string descr, string expected)
    {
        var message = Fail(NpyBytes.Make(descr, "(1,)", new byte[8]));
        message.ShouldContain(expected);
        message.ShouldContain("save");
    }

    [Fact]
    public void FromNpy_StructuredType_IsRefused() =>
        Fail(NpyBytes.MakeRaw("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,)}", new byte[4])).ShouldContain("structured");

    [Theory]
    [InlineData("(1000000000000,)")]
    [InlineData("(4294967296, 4294967296)")]
    [InlineData("(9223372036854775807, 9223372036854775807, 3)")]
    [InlineData("(2, 2)")]
    [InlineData("(0, 5)")]
    [InlineData("()")]
    public void FromNpy_ShapeDoesNotFitTheData_IsFoundBeforeAnythingIsAllocated(string shape)
    {
        var path = _folder.Write("x.npy", NpyBytes.Make("<f4", shape, new byte[12]));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Should.Throw<LfaDataException>(() => StoredArray.FromNpy(ByteSource.FromStream(new MemoryStream(File.ReadAllBytes(path)), path))).Message.ShouldContain("12 bytes of data follow");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
    }

    [Fact]
    public void FromNpy_HeaderLengthLies_IsRefused()
    {
        byte[] content = [0x93, .. "NUMPY"u8, 2, 0, 0xFF, 0xFF, 0xFF, 0x7F, 1, 2, 3];
        Fail(content).ShouldContain("the header claims 2147483647 bytes");
    }

    [Fact]
    public void FromNpy_UnknownVersion_IsRefused() =>
        Fail(NpyBytes.Make("<f4", "(1,)", new byte[4], version: 4)).ShouldContain("version 4");

    [Fact]
    public void FromNpy_AnyTruncation_IsInvalidData()
    {
        var content = NpyBytes.Floats("(2, 2)", 1, 2, 3, 4);
        for (var length = 1; length < content.Length; length++)
            Fail(content[..length]).ShouldStartWith("x.npy: ");
    }

    private static StoredArray Open(byte[] content) => StoredArray.FromNpy(ByteSource.FromStream(new MemoryStream(content), "x.npy"));

    private static string Fail(byte[] content) => Should.Throw<LfaDataException>(() => Open(content)).Message;

    private static byte[] Encode(float value, int size) => size switch
    {
        2 => BitConverter.GetBytes((Half)value),
        4 => BitConverter.GetBytes(value),
        _ => BitConverter.GetBytes((double)value),
    };

    private static byte[] Pad(byte[] bytes, int length) => [.. bytes, .. new byte[length - bytes.Length]];
}
