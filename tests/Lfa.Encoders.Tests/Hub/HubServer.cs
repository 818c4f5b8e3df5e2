using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Lfa.Encoders.Tests.Hub;

/// <summary>A request that the server got.</summary>
/// <param name="Path">The path with its query.</param>
/// <param name="From">The first byte asked for; 0 where no range is.</param>
/// <param name="Token">The Authorization header, or null.</param>
/// <param name="Number">How often the path has been asked for, this time included.</param>
internal sealed record HubServerRequest(string Path, long From, string? Token, int Number)
{
    public bool IsFor(string file) => Path.EndsWith("/" + file, StringComparison.Ordinal);
}

/// <summary>What the server answers.</summary>
internal sealed record HubServerAnswer(int Status, byte[] Body, string Type = "application/json")
{
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>Gets how many bytes of the body are sent before the connection is closed; null for all.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Gets whether the connection stays open in silence where it would be closed early.</summary>
    public bool Stalls { get; init; }

    /// <summary>Gets whether the length of the body is declared.</summary>
    public bool DeclaresLength { get; init; } = true;

    public static HubServerAnswer Text(int status, string body, params string[] headers) => new(status, Encoding.UTF8.GetBytes(body), "text/html") { Headers = headers };
}

/// <summary>A model hub of one repository on this machine, whose answers a test may spoil.</summary>
internal sealed class HubServer : IDisposable
{
    public const string Repository = "Xenova/clip-vit-base-patch32";
    public const string KnownName = "openai/clip-vit-base-patch32";
    public const string Vision = "onnx/vision_model.onnx";
    public const string Text = "onnx/text_model.onnx";
    public const int TowerBytes = 300_000;

    // Files above this size are in LFS, as hubs keep them.
    private const int LargestPlainFile = 1000;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<HubServerRequest> _requests = new();

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
        _listener.Start();
        Endpoint = new Uri(Invariant($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}"));
        Task.Run(AcceptAsync);
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

    /// <summary>Gets or sets what becomes of an answer.</summary>
    public Func<HubServerRequest, HubServerAnswer, HubServerAnswer> Script { get; set; } = (_, answer) => answer;

    public Uri Endpoint { get; }

    public IReadOnlyList<HubServerRequest> Requests => [.. _requests];

    /// <summary>Returns the requests for a file.</summary>
    public IReadOnlyList<HubServerRequest> RequestsFor(string file) => [.. _requests.Where(request => request.IsFor(file))];

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

    public void Dispose()
    {
        _end.Cancel();
        _listener.Stop();
    }

    private bool IsLarge(string file) => Files[file].Length > LargestPlainFile;

    private async Task AcceptAsync()
    {
        var end = _end.Token;
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(end);
                _ = Task.Run(() => ServeAsync(client, end), end);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken end)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                if (await ReadAsync(stream, end) is not { } request)
                    return;
                await WriteAsync(stream, Script(request, Answer(request)), end);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
            {
                // The client went away.
            }
        }
    }

    private async Task<HubServerRequest?> ReadAsync(Stream stream, CancellationToken end)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        if (await reader.ReadLineAsync(end) is not { } first)
            return null;
        var (path, from, token) = (first.Split(' ')[1], 0L, (string?)null);
        while (await reader.ReadLineAsync(end) is { Length: > 0 } line)
        {
            if (line.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase))
                from = long.Parse(line["Range: bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
            if (line.StartsWith("Authorization: ", StringComparison.OrdinalIgnoreCase))
                token = line["Authorization: ".Length..];
        }
        lock (_requests)
        {
            var request = new HubServerRequest(path, from, token, _requests.Count(earlier => earlier.Path == path) + 1);
            _requests.Enqueue(request);
            return request;
        }
    }

    private static async Task WriteAsync(NetworkStream stream, HubServerAnswer answer, CancellationToken end)
    {
        string[] length = answer.DeclaresLength ? [Invariant($"Content-Length: {answer.Body.Length}")] : [];
        string[] head = [Invariant($"HTTP/1.1 {answer.Status} Scripted"), $"Content-Type: {answer.Type}", "Connection: close", .. length, .. answer.Headers, "", ""];
        await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Join("\r\n", head)), end);
        await stream.WriteAsync(answer.Body.AsMemory(0, Math.Min(answer.CutAfter ?? int.MaxValue, answer.Body.Length)), end);
        if (answer.Stalls)
            await Task.Delay(Timeout.Infinite, end);
    }

    private HubServerAnswer Answer(HubServerRequest request)
    {
        var (path, query) = request.Path.Split('?') is [var before, var after] ? (before, after) : (request.Path, "");
        if (path == $"/api/models/{Repository}/revision/main" || path == $"/api/models/{Repository}/revision/{Commit}")
            return Json(new { sha = Commit });
        if (path == $"/api/models/{Repository}/tree/{Commit}")
            return Page(path, query);
        var files = $"/{Repository}/resolve/{Commit}/";
        return path.StartsWith(files, StringComparison.Ordinal) && Files.TryGetValue(path[files.Length..], out var content)
            ? Part(content, request.From)
            : HubServerAnswer.Text(404, "Repository not found");
    }

    private HubServerAnswer Page(string path, string query)
    {
        var start = query.IndexOf("cursor=", StringComparison.Ordinal) is >= 0 and var at ? int.Parse(query[(at + "cursor=".Length)..], CultureInfo.InvariantCulture) : 0;
        object Entry(string file) => IsLarge(file)
            ? new { type = "file", path = file, oid = new string('1', 40), size = Files[file].Length, lfs = new { oid = Digest(file), size = Files[file].Length, pointerSize = 130 } }
            : new { type = "file", path = file, oid = Digest(file), size = Files[file].Length };
        var entries = Files.Keys.Select(Entry).Prepend(new { type = "directory", path = "onnx", oid = new string('2', 40), size = 0 }).ToArray();
        string[] next = start + PageSize < entries.Length ? [Invariant($"Link: <{Endpoint.AbsoluteUri.TrimEnd('/')}{path}?recursive=true&cursor={start + PageSize}>; rel=\"next\"")] : [];
        return Json(entries.Skip(start).Take(PageSize)) with { Headers = next };
    }

    private HubServerAnswer Part(byte[] content, long from)
    {
        if (from == 0 || !HasRanges)
            return new HubServerAnswer(200, content, "application/octet-stream");
        if (from >= content.Length)
            return HubServerAnswer.Text(416, "", Invariant($"Content-Range: bytes */{content.Length}"));
        return new HubServerAnswer(206, content[(int)from..], "application/octet-stream") { Headers = [Invariant($"Content-Range: bytes {from}-{content.Length - 1}/{content.Length}")] };
    }

    private static HubServerAnswer Json(object value) => new(200, JsonSerializer.SerializeToUtf8Bytes(value));
}
