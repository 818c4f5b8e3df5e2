namespace Lfa.IO;

/// <summary>Represents strings in a file: their number, and their values when asked for.</summary>
/// <param name="Name">The name in the file.</param>
/// <param name="Count">The number of strings.</param>
/// <param name="Read">Reads them.</param>
/// <param name="Bad">Makes the exception for what is wrong with them.</param>
internal sealed record StoredNames(string Name, long Count, Func<string[]> Read, Func<string, LfaDataException> Bad)
{
    /// <summary>Takes an array of one name for each row.</summary>
    public static StoredNames FromRows(StoredArray array) => new(array.Name, array.Count, () =>
    {
        array.RequireDimensions("one name for each row", 1);
        return array.ToStrings();
    }, array.Bad);

    /// <summary>Takes an array of any dimensions.</summary>
    public static StoredNames FromValues(StoredArray array) => new(array.Name, array.Count, array.ToStrings, array.Bad);

    /// <summary>Reads the only string; null where there is another number of them.</summary>
    public string? ReadSingle() => Count == 1 ? Read()[0] : null;
}
