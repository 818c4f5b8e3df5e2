namespace Lfa.Encoders.Hub;

/// <summary>Represents the checksum that the hub gives for a file, which also names its blob in the cache.</summary>
/// <param name="Hex">The checksum, lower-case hexadecimal.</param>
internal readonly record struct BlobDigest(string Hex)
{
    private const int Sha1Digits = 40;
    private const int Sha256Digits = 64;

    /// <summary>Gets whether it is a SHA-256 of the content (large files), not git's SHA-1 of a blob.</summary>
    public bool IsSha256 => Hex.Length == Sha256Digits;

    /// <summary>Gets how messages name the checksum.</summary>
    public string Kind => IsSha256 ? "SHA-256" : "git SHA-1";

    /// <summary>Returns whether a text is a SHA-1, as git names commits and blobs.</summary>
    public static bool IsSha1Text(string? text) => IsHex(text, Sha1Digits);

    /// <summary>Returns whether a text is a SHA-256.</summary>
    public static bool IsSha256Text(string? text) => IsHex(text, Sha256Digits);

    private static bool IsHex(string? text, int digits) => text?.Length == digits && text.All(char.IsAsciiHexDigitLower);
}
