using System.Buffers.Binary;
using System.Text;
using NetVips;

namespace Lfa.Encoders.Tests.Images;

public class ImageDecoderTests
{
    private const int Width = 9, Height = 6; // of the files in decode.txt

    public static TheoryData<string> Names => [.. GoldenFile.Lines("decode.txt").Select(line => line[0])];

    public static TheoryData<string> Suffixes => [".jpg", ".png", ".webp", ".gif", ".tif", ".avif"];

    [Theory, MemberData(nameof(Names))]
    public void Decode_FileOfEachKind_HasThePixelsOfPillow(string name)
    {
        var line = Line(name);
        // Pillow would clip; the image has the red of the one in color.
        var expected = line[2] == "clips"
            ? [.. ImageDecoder.Decode(Bytes("png-rgb-16-bits")).Pixels.ToArray().Chunk(3).SelectMany(pixel => Enumerable.Repeat(pixel[0], 3))]
            : Convert.FromHexString(line[2]);
        var image = ImageDecoder.Decode(Bytes(name));
        // From the fifth orientation on a TIFF lies on its side.
        (image.Width, image.Height).ShouldBe(name.StartsWith("tiff-orientation-", StringComparison.Ordinal) && name[^1] >= '5' ? (Height, Width) : (Width, Height));
        image.Pixels.ToArray().ShouldBe(expected);
    }

    [Fact]
    public void Decode_TransparentPixelsOfAGif_AreBlack()
    {
        using var clear = Image.Black(4, 3, bands: 4).Copy(interpretation: Enums.Interpretation.Srgb);
        ImageDecoder.Decode(clear.WriteToBuffer(".gif")).Pixels.ToArray().ShouldAllBe(level => level == 0);
    }

    [Fact]
    public void Decode_Avif_IsRead()
    {
        var image = ImageDecoder.Decode(MadeUpImage.Encode(MadeUpImage.Waves(20, 10), ".avif", new VOption { { "lossless", true } }));
        (image.Width, image.Height).ShouldBe((20, 10));
    }

    [Theory, MemberData(nameof(Suffixes))]
    public void Decode_OnePixel_IsRead(string suffix)
    {
        var image = ImageDecoder.Decode(MadeUpImage.Encode(MadeUpImage.Constant(1, 1, 200, 200, 200), suffix));
        (image.Width, image.Height).ShouldBe((1, 1));
    }

    [Fact]
    public void Decode_PartOfAnArray_IsRead()
    {
        var encoded = Bytes("png-rgb");
        var padded = new byte[encoded.Length + 20];
        encoded.CopyTo(padded, 7);
        ImageDecoder.Decode(padded.AsMemory(7, encoded.Length)).Pixels.ToArray().ShouldBe(ImageDecoder.Decode(encoded).Pixels.ToArray());
    }

    [Fact]
    public void Decode_Orientation_IsAppliedOnlyOnRequest()
    {
        var encoded = File.ReadAllBytes(GoldenFile.PathOf("preprocess/14_exif_rotated.jpg"));
        var (lying, turned) = (ImageDecoder.Decode(encoded), ImageDecoder.Decode(encoded, new ImageDecoderOptions { ApplyOrientation = true }));
        (lying.Width, lying.Height).ShouldBe((641, 480));
        (turned.Width, turned.Height).ShouldBe((480, 641));
        for (var y = 0; y < turned.Height; y++) // a quarter to the right: its rows are columns, from the bottom
            turned.Pixels.Slice(3 * y * turned.Width, 3).ToArray().ShouldBe(lying.Pixels.Slice(3 * (479 * lying.Width + y), 3).ToArray());
    }

    [Theory]
    [InlineData("", "the file is empty.")]
    [InlineData("This is a text.", "not an image of a format that is read (JPEG, PNG, WebP, GIF, TIFF, AVIF)")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", "not an image")]
    [InlineData("%PDF-1.7\n", "not an image")]
    [InlineData("BM1234567890", "not an image")]
    [InlineData("\u00ff\u00d8\u00ff\u00e0 and then nothing", "the JPEG image is damaged or cut short")]
    [InlineData("GIF89a", "the GIF image is damaged or cut short")]
    [InlineData("II*\0", "the TIFF image is damaged or cut short")]
    public void Decode_NoImage_SaysSoInOneLine(string content, string message)
    {
        var exception = Should.Throw<LfaDataException>(() => ImageDecoder.Decode(Encoding.Latin1.GetBytes(content)));
        exception.Message.ShouldContain(message);
        exception.Message.ShouldNotContain("\n");
    }

    [Fact]
    public void Decode_SamplesOfFloat_AreRefused()
    {
        using var image = Image.Black(4, 3, bands: 3).Cast(Enums.BandFormat.Float);
        Should.Throw<LfaDataException>(() => ImageDecoder.Decode(image.WriteToBuffer(".tif"))).Message.ShouldBe("the samples of the image are of type Float; save it with 8 or 16 bits a channel.");
    }

    [Fact]
    public void Decode_FiveChannels_AreRefused()
    {
        using var image = Image.Black(4, 3, bands: 5);
        Should.Throw<LfaDataException>(() => ImageDecoder.Decode(image.WriteToBuffer(".tif"))).Message.ShouldBe("the image has 5 channels; save it as red, green and blue.");
    }

    [Theory, InlineData("png-rgb"), InlineData("jpeg-420"), InlineData("tiff-rgb")]
    public void Decode_ClaimOfManyPixels_IsRefusedBeforeMemoryIsTaken(string name)
    {
        var bomb = WithSize(name, 60000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var exception = Should.Throw<LfaDataException>(() => ImageDecoder.Decode(bomb));
        exception.Message.ShouldBe("the image claims 60000 × 60000 pixels, more than the 134217728 that are allowed; make it smaller, or raise ImageDecoderOptions.MaxPixels if it is what it says.");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
    }

    [Fact]
    public void Decode_MorePixelsThanTheOptionsAllow_IsRefused() =>
        Should.Throw<LfaDataException>(() => ImageDecoder.Decode(Bytes("png-rgb"), new ImageDecoderOptions { MaxPixels = 53 })).Message.ShouldContain("9 × 6 pixels, more than the 53 that are allowed");

    [Theory, InlineData(0), InlineData(1 << 29)]
    public void MaxPixels_OutOfRange_IsRefused(int pixels) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new ImageDecoderOptions { MaxPixels = pixels }).ParamName.ShouldBe("MaxPixels");

    [Fact]
    public void Decode_HundredMegapixels_AreRead()
    {
        using var image = Image.Black(12500, 8000, bands: 3);
        var decoded = ImageDecoder.Decode(image.WriteToBuffer(".jpg"));
        (decoded.Width, decoded.Height).ShouldBe((12500, 8000));
        new ImagePreprocessor(new ImagePreprocessing()).Crop8(decoded, Crops.Five).Length.ShouldBe(5);
    }

    [Theory, MemberData(nameof(Suffixes))]
    public void Decode_CutShort_IsRefusedOrWhole(string suffix)
    {
        var encoded = MadeUpImage.Encode(MadeUpImage.Waves(61, 47), suffix);
        var whole = ImageDecoder.Decode(encoded).Pixels.ToArray();
        for (var length = 0; length < encoded.Length; length += length < encoded.Length - 40 ? Math.Max(1, encoded.Length / 200) : 1)
            if (TryDecode(encoded[..length]) is { } image)
                image.Pixels.ToArray().ShouldBe(whole, $"cut to {length} of {encoded.Length} bytes");
        TryDecode(encoded[..(encoded.Length / 2)]).ShouldBeNull();
    }

    // A difference from Pillow, which needs neither the end of the frame nor that of the file.
    [Fact]
    public void Decode_GifWithoutItsLastTwoBytes_IsRefused() => TryDecode(Bytes("gif")[..^2]).ShouldBeNull();

    [Theory, MemberData(nameof(Names))]
    public void Decode_ChangedBytes_IsRefusedOrAImage(string name)
    {
        var (encoded, state) = (Bytes(name), 12345u);
        for (var round = 0; round < 150; round++)
        {
            var changed = (byte[])encoded.Clone();
            for (var change = 0; change <= round % 4; change++)
            {
                state = state * 1664525 + 1013904223;
                changed[(state >> 8) % (uint)changed.Length] = (byte)state;
            }
            TryDecode(changed);
        }
    }

    [Fact]
    public void Decode_ManyThreads_GivesThePixelsOfOne()
    {
        var lines = GoldenFile.Lines("decode.txt").Where(line => line[2] != "clips").ToArray();
        Enumerable.Range(0, 40 * lines.Length).AsParallel().WithDegreeOfParallelism(8)
            .All(i => ImageDecoder.Decode(Convert.FromBase64String(lines[i % lines.Length][1])).Pixels.Span.SequenceEqual(Convert.FromHexString(lines[i % lines.Length][2])))
            .ShouldBeTrue();
    }

    // Any other exception fails the test.
    private static RgbImage? TryDecode(byte[] encoded)
    {
        try
        {
            return ImageDecoder.Decode(encoded, new ImageDecoderOptions { MaxPixels = 1 << 20 });
        }
        catch (LfaDataException e)
        {
            e.Message.ShouldNotContain("\n");
            return null;
        }
    }

    private static string[] Line(string name) => GoldenFile.Lines("decode.txt").Single(line => line[0] == name);

    private static byte[] Bytes(string name) => Convert.FromBase64String(Line(name)[1]);

    // Writes another size over that of the header.
    private static byte[] WithSize(string name, ushort side)
    {
        var encoded = Bytes(name);
        if (name.StartsWith("png", StringComparison.Ordinal))
        {
            BinaryPrimitives.WriteInt32BigEndian(encoded.AsSpan(16), side);
            BinaryPrimitives.WriteInt32BigEndian(encoded.AsSpan(20), side);
            BinaryPrimitives.WriteUInt32BigEndian(encoded.AsSpan(29), Crc32(encoded.AsSpan(12, 17)));
        }
        else if (name.StartsWith("jpeg", StringComparison.Ordinal))
        {
            var frame = encoded.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xff, 0xc0]);
            BinaryPrimitives.WriteUInt16BigEndian(encoded.AsSpan(frame + 5), side);
            BinaryPrimitives.WriteUInt16BigEndian(encoded.AsSpan(frame + 7), side);
        }
        else
        {
            foreach (var tag in (ushort[])[256, 257])
                BinaryPrimitives.WriteInt32LittleEndian(encoded.AsSpan(FindTag(encoded, tag) + 8), side);
        }
        return encoded;
    }

    private static int FindTag(byte[] tiff, ushort tag)
    {
        var directory = BinaryPrimitives.ReadInt32LittleEndian(tiff.AsSpan(4));
        return Enumerable.Range(0, tiff[directory]).Select(i => directory + 2 + 12 * i).First(entry => BinaryPrimitives.ReadUInt16LittleEndian(tiff.AsSpan(entry)) == tag);
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0xedb88320 & (uint)-(int)(crc & 1));
        }
        return ~crc;
    }
}
