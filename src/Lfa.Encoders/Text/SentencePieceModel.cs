using Google.Protobuf;

namespace Lfa.Encoders.Text;

/// <summary>The kinds of segmentation that a SentencePiece model may ask for.</summary>
internal enum SegmentationKind
{
    Unigram = 1,
    BytePairs = 2,
    Words = 3,
    Characters = 4,
}

/// <summary>What stands in a SentencePiece model, a message of Protocol Buffers (<c>sentencepiece_model.proto</c>).</summary>
internal sealed record SentencePieceModel
{
    public List<Piece> Pieces { get; } = [];

    public SegmentationKind Kind { get; private set; } = SegmentationKind.Unigram;

    public bool ByteFallback { get; private set; }

    public CharacterMap? Map { get; private set; }

    public bool AddsPrefix { get; private set; } = true;

    public bool RemovesExtraSpaces { get; private set; } = true;

    /// <summary>Reads a model.</summary>
    /// <exception cref="LfaDataException">The bytes are no such model.</exception>
    public static SentencePieceModel Read(byte[] bytes)
    {
        try
        {
            var model = new SentencePieceModel();
            ReadFields(new CodedInputStream(bytes), model.ReadField);
            return model.Pieces.Count > 0 ? model : throw new LfaDataException("it holds no pieces.");
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new LfaDataException("it is not a SentencePiece model, or damaged; get the file again.", e);
        }
    }

    private bool ReadField(int field, CodedInputStream input)
    {
        switch (field)
        {
            case 1:
                Pieces.Add(ReadPiece(input));
                return true;
            case 2:
                ReadFields(input.ReadBytes().CreateCodedInput(), ReadTraining);
                return true;
            case 3:
                ReadFields(input.ReadBytes().CreateCodedInput(), ReadNormalization);
                return true;
            default:
                return false;
        }
    }

    private bool ReadTraining(int field, CodedInputStream input)
    {
        if (field == 3)
            Kind = (SegmentationKind)input.ReadEnum();
        else if (field == 35)
            ByteFallback = input.ReadBool();
        else
            return false;
        return true;
    }

    private bool ReadNormalization(int field, CodedInputStream input)
    {
        if (field == 2)
            Map = CharacterMap.Read(input.ReadBytes().Span);
        else if (field == 3)
            AddsPrefix = input.ReadBool();
        else if (field == 4)
            RemovesExtraSpaces = input.ReadBool();
        else
            return false;
        return true;
    }

    private static Piece ReadPiece(CodedInputStream input)
    {
        var (text, score, type) = ("", 0f, PieceType.Normal);
        ReadFields(input.ReadBytes().CreateCodedInput(), (field, fields) =>
        {
            if (field == 1)
                text = fields.ReadString();
            else if (field == 2)
                score = fields.ReadFloat();
            else if (field == 3)
                type = (PieceType)fields.ReadEnum();
            else
                return false;
            return true;
        });
        return new Piece(text, score, type);
    }

    private static void ReadFields(CodedInputStream input, Func<int, CodedInputStream, bool> read)
    {
        while (input.ReadTag() is var tag and not 0)
        {
            if (!read(WireFormat.GetTagFieldNumber(tag), input))
                input.SkipLastField();
        }
    }

    internal enum PieceType
    {
        Normal = 1,
        Unknown = 2,
        Control = 3,
        UserDefined = 4,
        Unused = 5,
        Byte = 6,
    }

    internal readonly record struct Piece(string Text, float Score, PieceType Type);
}
