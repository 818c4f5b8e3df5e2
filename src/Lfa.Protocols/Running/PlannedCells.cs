using System.Security.Cryptography;
using System.Text;

namespace Lfa.Protocols.Running;

/// <summary>The cells of a plan, each with a key of all that determines its outcome.</summary>
internal sealed class PlannedCells
{
    private PlannedCells(IReadOnlyDictionary<string, string> digests, IReadOnlyList<(ProtocolCell Cell, string Key)> all) => (Digests, All) = (digests, all);

    /// <summary>Gets the SHA-256 sums of the files, by their paths.</summary>
    public IReadOnlyDictionary<string, string> Digests { get; }

    /// <summary>Gets the cells and their keys, in the order of the results.</summary>
    public IReadOnlyList<(ProtocolCell Cell, string Key)> All { get; }

    /// <summary>Reads the files and makes the keys.</summary>
    public static PlannedCells Of(ProtocolPlan plan, CancellationToken cancellationToken)
    {
        var digests = FileDigest.Of(plan.Data.SelectMany(data => data.Files), cancellationToken);
        return new PlannedCells(digests, [.. plan.Cells.Select(cell => (cell, KeyOf(plan.Protocol, cell, digests)))]);
    }

    // The names of files belong to it: they stand in the rows. Without its files no cell is finished.
    private static string KeyOf(IProtocol protocol, ProtocolCell cell, IReadOnlyDictionary<string, string> digests)
    {
        var files = cell.Data.Files.Select(file => $"{file.Name}={digests.GetValueOrDefault(file.Path, "none")}");
        var targets = cell.Data.Targets.Select(target => target.Name);
        string[] parts = [protocol.Name, cell.ToString(), cell.Options, RunEnvironment.Version, .. files, .. targets];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));
    }
}
