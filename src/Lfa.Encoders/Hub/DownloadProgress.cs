namespace Lfa.Encoders.Hub;

/// <summary>Represents how far a pull is.</summary>
/// <param name="File">The file that is being downloaded, as the repository names it.</param>
/// <param name="Bytes">The bytes on the disk, of all files together; it falls when a file has to start anew.</param>
/// <param name="TotalBytes">The bytes of all files together.</param>
public readonly record struct DownloadProgress(string File, long Bytes, long TotalBytes)
{
    /// <summary>Gets whether the pull waits for another one, of this or of another process, that downloads the file.</summary>
    public bool IsWaiting { get; init; }
}
