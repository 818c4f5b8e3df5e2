using System.Text;
using Lfa.IO;

namespace Lfa.Tests.IO;

public sealed class SafetensorsFileTests : IDisposable
{
    private static readonly Dictionary<string, string> NoMetadata = [];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_ThenRead_IsBitExact()
    {
        float[] floats = [1, -0f, float.NaN, float.Epsilon, float.NegativeInfinity, 3];
        var tensors = new Dictionary<string, SafetensorsTensor>
        {
            ["transform"] = SafetensorsTensor.From(floats, 2, 3),
            ["scores"] = new SafetensorsTensor("F64", [2], Enumerable.Range(0, 16).Select(i => (byte)(17 * i)).ToArray()),
            ["steps"] = new SafetensorsTensor("I64", [], new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 }),
            ["shots"] = new SafetensorsTensor("U8", [3], new byte[] { 0, 127, 255 }),
            ["nothing"] = SafetensorsTensor.From(ReadOnlySpan<float>.Empty, 0, 5),
        };
        var metadata = new Dictionary<string, string> { ["classes"] = "[\"dög\", \"犬\"]\n", [""] = "" };
        SafetensorsFile.Write(_folder["m"], tensors, metadata);
        var again = SafetensorsFile.Read(_folder["m"]);
        again.Metadata.ShouldBe(metadata, ignoreOrder: true);
        again.Tensors.Keys.ShouldBe(tensors.Keys, ignoreOrder: true);
        foreach (var (name, tensor) in tensors)
        {
            again.Tensors[name].Bytes.ToArray().ShouldBe(tensor.Bytes.ToArray());
            again.Tensors[name].Shape.ShouldBe(tensor.Shape);
            again.Tensors[name].Type.ShouldBe(tensor.Type);
        }
        again.Tensors["transform"].ToSingle().Select(BitConverter.SingleToInt32Bits).ShouldBe(floats.Select(BitConverter.SingleToInt32Bits));
    }

    [Fact]
    public void Write_OrderOfNames_DoesNotChangeTheBytes()
    {
        var (a, b) = (SafetensorsTensor.From([1f], 1), SafetensorsTensor.From([2f], 1));
        SafetensorsFile.Write(_folder["1"], new Dictionary<string, SafetensorsTensor> { ["a"] = a, ["b"] = b }, new Dictionary<string, string> { ["x"] = "1", ["y"] = "2" });
        SafetensorsFile.Write(_folder["2"], new Dictionary<string, SafetensorsTensor> { ["b"] = b, ["a"] = a }, new Dictionary<string, string> { ["y"] = "2", ["x"] = "1" });
        File.ReadAllBytes(_folder["1"]).ShouldBe(File.ReadAllBytes(_folder["2"]));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("abcd")]
    [InlineData("abcdefg")]
    public void Write_Data_StartsAtAMultipleOf8(string name)
    {
        SafetensorsFile.Write(_folder["m"], new Dictionary<string, SafetensorsTensor> { [name] = SafetensorsTensor.From([1f], 1) }, NoMetadata);
        var bytes = File.ReadAllBytes(_folder["m"]);
        (BitConverter.ToInt64(bytes) % 8).ShouldBe(0);
        bytes[^4..].ShouldBe(BitConverter.GetBytes(1f));
    }

    [Fact]
    public void Write_ShapeDoesNotFit_IsRefused()
    {
        var tensors = new Dictionary<string, SafetensorsTensor> { ["w"] = SafetensorsTensor.From([1f, 2], 3) };
        Should.Throw<ArgumentException>(() => SafetensorsFile.Write(_folder["m"], tensors, NoMetadata)).Message.ShouldBe("w: 3 of F32 does not take 8 bytes.");
        File.Exists(_folder["m"]).ShouldBeFalse();
    }

    [Fact]
    public void Read_OtherWritersFile_GivesHalvesAndBrainFloats()
    {
        // As the format's own library writes: compact JSON padded with spaces.
        const string Header = """{"__metadata__":{"format":"pt"},"b":{"dtype":"BF16","shape":[2],"data_offsets":[4,8]},"h":{"dtype":"F16","shape":[1,2],"data_offsets":[0,4]}}   """;
        var file = Read(Header, [0, 0x3C, 0, 0xC0, 0x80, 0x3F, 0x20, 0xC0]);
        file.Tensors["h"].ToSingle().ShouldBe([1, -2]);
        file.Tensors["b"].ToSingle().ShouldBe([1, -2.5f]);
        file.Metadata["format"].ShouldBe("pt");
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}""", "not valid JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} x""", "not valid JSON")]
    [InlineData("""{"a":1}""", "has no object")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "a stands twice")]
    [InlineData("""{"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}""", "the type \"F31\" is not known")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "a: 2 of F32 does not take the 4 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807,9],"data_offsets":[0,4]}}""", "does not take the 4 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "a: the header's description is not valid")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", "a: the header's description is not valid")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", "a: the header's description is not valid")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}""", "a: the header's description is not valid")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", "a: the header's description is not valid")]
    [InlineData("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}}""", "leave a gap or overlap")]
    [InlineData("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""", "leave a gap or overlap")]
    [InlineData("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}""", "the tensors take 3 bytes but 4 follow")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "the tensors take 8 bytes but 4 follow")]
    [InlineData("""{"__metadata__":{"x":1},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "the value of x is not a string")]
    [InlineData("""{"__metadata__":{"x":"1","x":"2"}}""", "x stands twice")]
    [InlineData("""{"\ud800":{}}""", "not valid JSON")]
    public void Read_BadHeader_SaysWhatIsWrong(string header, string expected)
    {
        var message = Should.Throw<LfaDataException>(() => Read(header, new byte[4])).Message;
        message.ShouldStartWith(_folder["m"] + ": ");
        message.ShouldContain(expected);
    }

    [Fact]
    public void Read_HeaderLengthLies_IsFoundBeforeAnythingIsAllocated()
    {
        var path = _folder.Write("m", [0xFF, 0xFF, 0xFF, 4, 0, 0, 0, 0, (byte)'{', (byte)'}']);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Should.Throw<LfaDataException>(() => SafetensorsFile.Read(path)).Message.ShouldContain("the header claims 83886079 bytes");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
    }

    [Fact]
    public void ToSingle_Integers_SaysWhatWasExpected() =>
        Should.Throw<LfaDataException>(() => new SafetensorsTensor("I32", [1], new byte[4]).ToSingle()).Message.ShouldBe("the type of the tensor is I32; expected F16, BF16, F32 or F64.");

    private SafetensorsFile Read(string header, byte[] data)
    {
        var text = Encoding.UTF8.GetBytes(header);
        return SafetensorsFile.Read(_folder.Write("m", [.. BitConverter.GetBytes((long)text.Length), .. text, .. data]));
    }
}
