using System.Text;
using Lfa.Data;
using Lfa.IO;
using Lfa.Tests.Support;

namespace Lfa.Tests.IO;

/// <summary>What every format of feature files keeps.</summary>
public sealed class FeatureFormatTests : IDisposable
{
    private static readonly EncoderIdentity Images = new("openai/clip-vit-base-patch32 «B»") { Fingerprint = "0123abcd", Space = "0123abcd", Dimension = 6, Temperature = 0.01 };
    private static readonly EncoderIdentity Texts = new("words");

    private readonly TemporaryFolder _folder = new();

    /// <summary>All formats.</summary>
    public static TheoryData<string> Names => [.. FeatureFormats.Formats.Names];

    /// <summary>Those that hold more than one matrix.</summary>
    public static TheoryData<string> Archives => [.. FeatureFormats.Formats.Names.Except(["npy"])];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Formats_NamesAndExtensions_AreGivenOnce()
    {
        FeatureFormats.Formats.Names.ShouldBe(["npy", "npz", "safetensors"]);
        FeatureFormats.Formats.All.Select(format => format.Extension).ShouldBeUnique();
        FeatureFormats.Formats.All.ShouldAllBe(format => format.Extension.StartsWith('.') && !format.Extension.Any(char.IsAsciiLetterUpper));
    }

    [Theory]
    [MemberData(nameof(Archives))]
    public void Write_Task_ComesBackFromFilesAndStreams(string name)
    {
        var (set, path) = (Task(crops: 1), _folder["x" + Find(name).Extension]);
        FeatureFile.Write(path, set);
        using var stream = new MemoryStream();
        FeatureFile.Write(stream, set, Find(name));
        stream.ToArray().ShouldBe(File.ReadAllBytes(path));
        FeatureFormats.Identify(stream, "a stream").Name.ShouldBe(name);
        Check(FeatureFile.Read(path), set);
        Check(FeatureFile.Read(stream, "a stream"), set);
        stream.CanRead.ShouldBeTrue("the stream is left open");
        FileInspection.Inspect(path).ShouldSatisfyAllConditions(report => report.Kind.ShouldBe(FileKind.FeatureFile), report => report.Problems.ShouldBeEmpty(), report => report.Classes!.Names.ShouldBe(set.ClassNames));
    }

    [Theory]
    [MemberData(nameof(Archives))]
    public void Write_SeveralCrops_ComeBackAsCrops(string name)
    {
        var set = Task(crops: 3);
        using var stream = Written(name, set);
        var read = FeatureFile.Read(stream, "x");
        read.Crops.Select(crop => crop.Values.ToArray()).ShouldBe(set.Crops.Select(crop => crop.Values.ToArray()));
        using var reader = FeatureReader.Open(stream, "x");
        reader.ReadBlocks(2).SelectMany(block => block.Values.ToArray()).ShouldBe(set.ImageFeatures.Values.ToArray());
    }

    [Theory]
    [MemberData(nameof(Archives))]
    public void Write_ImagesWithNamesOnly_AreReadInBlocks(string name)
    {
        var set = Task(crops: 1);
        using var stream = new MemoryStream();
        FeatureFile.Write(stream, new FeatureFileContent { ImageCount = 5, Dimension = 6, FileNames = set.FileNames, ImageEncoder = Images }, [set.ImageFeatures.Values[..7], set.ImageFeatures.Values[7..]], Find(name));
        using var reader = FeatureReader.Open(stream, "x");
        (reader.Count, reader.Dimension, reader.ImageEncoder).ShouldBe((5, 6, Images));
        reader.FileNames.ShouldBe(set.FileNames);
        reader.ReadBlocks(2).Select(block => block.Rows).ShouldBe([2, 2, 1]);
        reader.ReadBlocks(2).SelectMany(block => block.Values.ToArray()).ShouldBe(set.ImageFeatures.Values.ToArray());
        Should.Throw<LfaDataException>(() => FeatureFile.Read(stream, "x")).Message.ShouldStartWith("x: image_features: these image features come without text features");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Write_MatrixAlone_ComesBackInBlocksAndAsPrototypes(string name)
    {
        var matrix = MadeUp.Features(7, 4, seed: 3);
        using var stream = new MemoryStream();
        FeatureFile.Write(stream, new FeatureFileContent { ImageCount = 7, Dimension = 4 }, [matrix.Values], Find(name));
        using (var reader = FeatureReader.Open(stream, "x", new FeatureFileOptions { Normalize = false }))
            reader.ReadBlocks(3).SelectMany(block => block.Values.ToArray()).ShouldBe(matrix.Values.ToArray());
        var path = _folder["m" + Find(name).Extension];
        FeatureFile.WriteMatrix(path, matrix);
        var read = FeatureFile.ReadPrototypes(path, normalize: false);
        read.Prototypes.Values.ToArray().ShouldBe(matrix.Values.ToArray());
        (read.Prototypes.Rows, read.ClassNames, read.TextEncoder).ShouldBe((7, null, null));
    }

    [Theory]
    [MemberData(nameof(Archives))]
    public void WritePrototypes_NamesAndEncoder_ComeBack(string name)
    {
        var prototypes = new NamedPrototypes(MadeUp.Features(3, 6, seed: 1), ["a", "b\n", "ç"]) { TextEncoder = Images };
        using var stream = new MemoryStream();
        FeatureFile.WritePrototypes(stream, prototypes, new float[] { 1, 2, 3 }, Find(name));
        var read = FeatureFile.ReadPrototypes(stream, "x", normalize: false);
        read.Prototypes.Values.ToArray().ShouldBe(prototypes.Prototypes.Values.ToArray());
        read.ClassNames.ShouldBe(prototypes.ClassNames);
        read.TextEncoder.ShouldBe(Images);
        FeatureFile.ReadPrototypes(Written(name, Task(crops: 1)), "x").ClassNames.ShouldBe(Task(crops: 1).ClassNames);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_AnyTruncation_IsRefusedInOneLine(string name)
    {
        using var stream = new MemoryStream();
        FeatureFile.Write(stream, new FeatureFileContent { ImageCount = 7, Dimension = 4 }, [MadeUp.Features(7, 4, seed: 3).Values], Find(name));
        var whole = stream.ToArray();
        for (var length = 1; length < whole.Length; length++)
        {
            var part = whole[..length];
            var message = Should.Throw<LfaDataException>(() =>
            {
                using var reader = FeatureReader.Open(new MemoryStream(part), "x");
                _ = reader.ReadBlocks(2).Count();
            }).Message;
            message.ShouldStartWith("x: ");
            message.ShouldNotContain('\n');
        }
    }

    [Fact]
    public void Npy_MoreThanAMatrix_IsRefused()
    {
        var npy = Find("npy");
        Should.Throw<LfaDataException>(() => FeatureFile.Write(_folder["x.npy"], Task(crops: 1))).Message.ShouldBe("A .npy file holds one matrix, without class names, labels, names of images or crops; write a .npz file.");
        File.Exists(_folder["x.npy"]).ShouldBeFalse();
        Should.Throw<LfaDataException>(() => FeatureFile.Write(Stream.Null, new FeatureFileContent { ImageCount = 1, Dimension = 1, FileNames = ["a"] }, [new float[1]], npy));
        Should.Throw<LfaDataException>(() => FeatureFile.WritePrototypes(Stream.Null, new NamedPrototypes(MadeUp.Features(1, 2, seed: 1), ["a"]), format: npy)).Message.ShouldContain("without class names or biases");
    }

    [Fact]
    public void Write_NameWithoutAKnownExtension_IsNpz()
    {
        FeatureFile.Write(_folder["features.bin"], Task(crops: 1));
        File.ReadAllBytes(_folder["features.bin"]).AsSpan(0, 2).SequenceEqual("PK"u8).ShouldBeTrue();
        FeatureFile.WriteMatrix(_folder["matrix"], MadeUp.Features(1, 2, seed: 1));
        File.ReadAllBytes(_folder["matrix"])[0].ShouldBe((byte)0x93);
    }

    [Fact]
    public void Streams_ThatCannotBeUsed_AreRefused()
    {
        Should.Throw<ArgumentException>(() => FeatureFile.Read(new ForwardOnly(), "x")).Message.ShouldStartWith("The stream cannot be read or cannot seek");
        Should.Throw<LfaDataException>(() => FeatureFile.Read(new MemoryStream(), "x")).Message.ShouldBe("x: the file is empty.");
        Should.Throw<LfaDataException>(() => FeatureFile.Read(new MemoryStream("PAR1 and more than that"u8.ToArray()), "x")).Message.ShouldContain("a Parquet file");
        Should.Throw<LfaDataException>(() => FeatureFile.Read(new MemoryStream("hello"u8.ToArray()), "x")).Message.ShouldStartWith("x: this is neither a .npy nor a .npz nor a .safetensors file;");
    }

    [Theory]
    [MemberData(nameof(Archives))]
    public void Write_StreamThatOnlyGoesForward_IsRead(string name)
    {
        using var target = new ForwardOnly();
        FeatureFile.Write(target, Task(crops: 1), Find(name));
        Check(FeatureFile.Read(new MemoryStream(target.Written), "x"), Task(crops: 1));
    }

    [Theory]
    [InlineData("F16")]
    [InlineData("F64")]
    public void Safetensors_OtherTypes_AreRead(string type)
    {
        byte[] Encode(params float[] values) => [.. values.SelectMany(value => type == "F16" ? BitConverter.GetBytes((Half)value) : BitConverter.GetBytes((double)value))];
        var tensors = new Dictionary<string, SafetensorsTensor>
        {
            ["image_features"] = new(type, [2, 2], Encode(1, 0, 0, -1)),
            ["text_features"] = new(type, [2, 2], Encode(0, 1, 1, 0)),
            ["labels"] = SafetensorsTensor.From([1, 0], 2), // I32
        };
        using var stream = new MemoryStream();
        SafetensorsFile.Write(stream, tensors, new Dictionary<string, string> { ["class_names"] = "[\"cat\", \"dog\"]" });
        var read = FeatureFile.Read(stream, "x");
        read.ImageFeatures.Values.ToArray().ShouldBe([1, 0, 0, -1]);
        read.ClassPrototypes.Values.ToArray().ShouldBe([0, 1, 1, 0]);
        read.Labels.ToArray().ShouldBe([1, 0]);
        read.ClassNames.ShouldBe(["cat", "dog"]);
        (read.FileNames, read.ImageEncoder).ShouldBe((null, null));
    }

    [Theory]
    [InlineData("class_names", "cat", "the metadata entry class_names is not a JSON array of strings; save the file again.")]
    [InlineData("class_names", "[1, 2]", "the metadata entry class_names is not a JSON array of strings; save the file again.")]
    [InlineData("class_names", "[\"cat\"]", "class_names has 1 entries but text_features has 2 rows; give one for each row.")]
    [InlineData("filenames", "{}", "the metadata entry filenames is not a JSON array of strings; save the file again.")]
    [InlineData("middle_axis", "frames", "the metadata entry middle_axis expected the single string \"crops\"; remove the array or correct it.")]
    [InlineData("image_encoder", "ViT", "the metadata entry image_encoder expected a single string, the JSON object of an encoder; remove it or embed again.")]
    public void Safetensors_DamagedMetadata_IsRefusedInOneLineAndInspected(string key, string value, string problem)
    {
        var tensors = new Dictionary<string, SafetensorsTensor> { ["image_features"] = SafetensorsTensor.From([1f, 0], 1, 2), ["text_features"] = SafetensorsTensor.From([1f, 0, 0, 1], 2, 2) };
        using var stream = new MemoryStream();
        SafetensorsFile.Write(stream, tensors, new Dictionary<string, string> { [key] = value });
        Should.Throw<LfaDataException>(() => FeatureFile.Read(stream, "x")).Message.ShouldBe($"x: {problem}");
        FileInspection.Inspect(stream, "x").Problems.ShouldBe([problem]);
    }

    [Theory]
    [MemberData(nameof(Archives))]
    public void Encoders_OfOneWidthAndTwoSpaces_AreNotOneSpaceAndNoted(string name)
    {
        var set = Task(crops: 1, Texts with { Space = "another" });
        using var stream = Written(name, set);
        FeatureFile.Read(stream, "x").SharesSpace.ShouldBeFalse();
        FileInspection.Inspect(stream, "x").Notes.ShouldContain(note => note.EndsWith("encoders of two spaces, between which a fit makes a projection.", StringComparison.Ordinal));
        FeatureFile.Read(Written(name, Task(crops: 1)), "x").SharesSpace.ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Archives))]
    public void Encoders_Unknown_AreNotWritten(string name)
    {
        var set = MadeUp.Task(2, 4, shots: 1, seed: 1);
        using var stream = Written(name, set);
        Encoding.Latin1.GetString(stream.ToArray()).ShouldNotContain("encoder");
        var read = FeatureFile.Read(stream, "x");
        (read.ImageEncoder, read.TextEncoder).ShouldBe((null, null));
    }

    [Theory]
    [InlineData("{\"name\": \"\"}")]
    [InlineData("{}")]
    [InlineData("{\"name\": 3}")]
    [InlineData("{\"name\": \"a\", \"dimension\": 0}")]
    [InlineData("{\"name\": \"a\", \"dimension\": 2.5}")]
    [InlineData("{\"name\": \"a\", \"temperature\": -1}")]
    [InlineData("[]")]
    [InlineData("{")]
    public void Encoders_Damaged_AreRefusedInOneLine(string text)
    {
        var path = _folder.Write("x.npz", NpyBytes.NamedSet(("image_encoder", NpyBytes.Strings(text))));
        Should.Throw<LfaDataException>(() => FeatureFile.Read(path)).Message.ShouldBe($"{path}: image_encoder: expected a single string, the JSON object of an encoder; remove it or embed again.");
        FileInspection.Inspect(path).Problems.ShouldHaveSingleItem().ShouldStartWith("image_encoder: expected");
    }

    [Fact]
    public void Encoders_OfAnotherWidth_AreRefused()
    {
        var path = _folder.Write("x.npz", NpyBytes.NamedSet(("text_encoder", NpyBytes.Strings("{\"name\": \"words\", \"dimension\": 7}"))));
        Should.Throw<LfaDataException>(() => FeatureFile.Read(path)).Message.ShouldBe($"{path}: text_features has 2 columns but the embeddings of words have 7 components; these are not its features. Embed again, or leave its identity out.");
        Should.Throw<LfaDataException>(() => FeatureFile.ReadPrototypes(path)).Message.ShouldContain("the prototypes have 2 columns but the embeddings of words");
    }

    [Fact]
    public void Encoders_UnknownMembers_AreIgnored() =>
        EncoderIdentityJson.TryRead("{\"name\": \"a\", \"later\": [1], \"space\": null}").ShouldBe(new EncoderIdentity("a"));

    private static IFeatureFormat Find(string name) => FeatureFormats.Formats.Get(name);

    private static MemoryStream Written(string name, FeatureSet set)
    {
        var stream = new MemoryStream();
        FeatureFile.Write(stream, set, Find(name));
        return stream;
    }

    private static FeatureSet Task(int crops, EncoderIdentity? texts = null) =>
        new([.. Enumerable.Range(0, crops).Select(crop => MadeUp.Features(5, 6, seed: 10 + crop))], MadeUp.Features(3, 6, seed: 20), new[] { 0, 2, 1, 1, 0 }, ["cat", "dög", "犬 \"x\""], ["a.jpg", "b/ç.jpg", "c", "d", "e"])
        {
            ImageEncoder = Images,
            TextEncoder = texts ?? Texts,
        };

    private static void Check(FeatureSet read, FeatureSet expected)
    {
        read.ImageFeatures.Values.ToArray().ShouldBe(expected.ImageFeatures.Values.ToArray());
        read.ClassPrototypes.Values.ToArray().ShouldBe(expected.ClassPrototypes.Values.ToArray());
        read.Labels.ToArray().ShouldBe(expected.Labels.ToArray());
        read.ClassNames.ShouldBe(expected.ClassNames);
        read.FileNames.ShouldBe(expected.FileNames);
        (read.ImageEncoder, read.TextEncoder).ShouldBe((expected.ImageEncoder, expected.TextEncoder));
    }

    /// <summary>A stream that can neither seek nor be read, like the body of an answer.</summary>
    private sealed class ForwardOnly : Stream
    {
        private readonly MemoryStream _written = new();

        public byte[] Written => _written.ToArray();
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() => _written.Flush();
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => _written.Write(buffer, offset, count);

        protected override void Dispose(bool disposing)
        {
            _written.Dispose();
            base.Dispose(disposing);
        }
    }
}
