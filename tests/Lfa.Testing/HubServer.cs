using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Lfa.Testing;

/// <summary>A model hub of one repository on this machine, whose answers a test may spoil.</summary>
public sealed class HubServer : LoopbackServer
{
    public const string Repository = "Xenova/clip-vit-base-patch32";
    public const string KnownName = "openai/clip-vit-base-patch32";
    public const string Vision = "onnx/vision_model.onnx";
    public const string Text = "onnx/text_model.onnx";
    public const int TowerBytes = 300_000;

    // Files above this size are in LFS, as hubs keep them.
    private const int LargestPlainFile = 1000;

    public HubServer()
    {
        Files["config.json"] = "{\"model_type\": \"clip\"}"u8.ToArray();
        Files["README.md"] = "Not needed."u8.ToArray();
        Files["tokenizer.json"] = Content(5000, 1);
        Files[Vision] = Content(TowerBytes, 2);
        Files[Text] = Content(TowerBytes, 3);
        Files["onnx/vision_model_q4.onnx"] = Content(2000, 4);
        Files["onnx/text_model_q4.onnx"] = Content(2000, 5);
        Files["onnx/vision_model_q4.onnx_data"] = Content(3000, 6);
        Files["onnx/model.onnx"] = Content(100, 7);
    }

    public string Commit { get; set; } = new('c', 40);

    /// <summary>Gets the content of the repository by path.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    /// <summary>Gets the checksums that the listing gives in place of the true ones.</summary>
    public Dictionary<string, string> WrongDigests { get; } = [];

    /// <summary>Gets or sets how many entries a page of the listing has.</summary>
    public int PageSize { get; set; } = 4;

    /// <summary>Gets or sets whether ranges are understood.</summary>
    public bool HasRanges { get; set; } = true;

    /// <summary>Returns the requests for a file.</summary>
    public IReadOnlyList<ServerRequest> RequestsFor(string file) => [.. Requests.Where(request => request.IsFor(file))];

    /// <summary>Makes bytes that differ at every place and in every file.</summary>
    public static byte[] Content(int length, int seed) => [.. Enumerable.Range(0, length).Select(i => (byte)((i * 31 + i / 256 * 7 + seed * 13) % 251))];

#pragma warning disable CA5350 // Git's sums are SHA-1.
    /// <summary>Returns the checksum of a file, as the listing gives it and the cache names blobs.</summary>
    public string Digest(string file)
    {
        if (WrongDigests.TryGetValue(file, out var wrong))
            return wrong;
        var content = Files[file];
        return Convert.ToHexStringLower(IsLarge(file) ? SHA256.HashData(content) : SHA1.HashData([.. Encoding.ASCII.GetBytes(Invariant($"blob {content.Length}\0")), .. content]));
    }
#pragma warning restore CA5350

    private bool IsLarge(string file) => Files[file].Length > LargestPlainFile;

    protected override ServerAnswer Answer(ServerRequest request)
    {
        var (path, query) = request.Path.Split('?') is [var before, var after] ? (before, after) : (request.Path, "");
        if (path == $"/api/models/{Repository}/revision/main" || path == $"/api/models/{Repository}/revision/{Commit}")
            return Json(new { sha = Commit });
        if (path == $"/api/models/{Repository}/tree/{Commit}")
            return Page(path, query);
        var files = $"/{Repository}/resolve/{Commit}/";
        return path.StartsWith(files, StringComparison.Ordinal) && Files.TryGetValue(path[files.Length..], out var content)
            ? Part(content, request.From)
            : ServerAnswer.Text(404, "Repository not found");
    }

    private ServerAnswer Page(string path, string query)
    {
        var start = query.IndexOf("cursor=", StringComparison.Ordinal) is >= 0 and var at ? int.Parse(query[(at + "cursor=".Length)..], CultureInfo.InvariantCulture) : 0;
        object Entry(string file) => IsLarge(file)
            ? new { type = "file", path = file, oid = new string('1', 40), size = Files[file].Length, lfs = new { oid = Digest(file), size = Files[file].Length, pointerSize = 130 } }
            : new { type = "file", path = file, oid = Digest(file), size = Files[file].Length };
        var entries = Files.Keys.Select(Entry).Prepend(new { type = "directory", path = "onnx", oid = new string('2', 40), size = 0 }).ToArray();
        string[] next = start + PageSize < entries.Length ? [Invariant($"Link: <{Endpoint.AbsoluteUri.TrimEnd('/')}{path}?recursive=true&cursor={start + PageSize}>; rel=\"next\"")] : [];
        return Json(entries.Skip(start).Take(PageSize)) with { Headers = next };
    }

    private ServerAnswer Part(byte[] content, long from)
    {
        if (from == 0 || !HasRanges)
            return new ServerAnswer(200, content, "application/octet-stream");
        if (from >= content.Length)
            return ServerAnswer.Text(416, "", Invariant($"Content-Range: bytes */{content.Length}"));
        return new ServerAnswer(206, content[(int)from..], "application/octet-stream") { Headers = [Invariant($"Content-Range: bytes {from}-{content.Length - 1}/{content.Length}")] };
    }

    private static ServerAnswer Json(object value) => new(200, JsonSerializer.SerializeToUtf8Bytes(value));
}
