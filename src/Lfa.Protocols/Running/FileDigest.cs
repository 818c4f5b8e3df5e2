using System.Security.Cryptography;

namespace Lfa.Protocols.Running;

/// <summary>The SHA-256 sums of files, as sha256sum prints them.</summary>
internal static class FileDigest
{
    /// <summary>Returns the sum of each file that is there, by its path; a file that several datasets name is read once.</summary>
    public static IReadOnlyDictionary<string, string> Of(IEnumerable<DataFile> files, CancellationToken cancellationToken)
    {
        var digests = new Dictionary<string, string>();
        foreach (var path in files.Select(file => file.Path).Distinct().Where(File.Exists))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var stream = File.OpenRead(path);
            digests.Add(path, Convert.ToHexStringLower(SHA256.HashData(stream)));
        }
        return digests;
    }
}
