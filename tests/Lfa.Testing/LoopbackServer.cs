using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Lfa.Testing;

/// <summary>A request that the server got.</summary>
/// <param name="Path">The path with its query.</param>
/// <param name="From">The first byte asked for; 0 where no range is.</param>
/// <param name="Token">The Authorization header, or null.</param>
/// <param name="Number">How often the path has been asked for, this time included.</param>
public sealed record ServerRequest(string Path, long From, string? Token, int Number)
{
    /// <summary>Gets the body.</summary>
    public string Body { get; init; } = "";

    public bool IsFor(string file) => Path.EndsWith("/" + file, StringComparison.Ordinal);
}

/// <summary>What the server answers.</summary>
public sealed record ServerAnswer(int Status, byte[] Body, string Type = "application/json")
{
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>Gets how many bytes of the body are sent before the connection is closed; null for all.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Gets whether the connection stays open in silence where it would be closed early.</summary>
    public bool Stalls { get; init; }

    /// <summary>Gets whether the length of the body is declared.</summary>
    public bool DeclaresLength { get; init; } = true;

    public static ServerAnswer Text(int status, string body, params string[] headers) => new(status, Encoding.UTF8.GetBytes(body), "text/html") { Headers = headers };
}

/// <summary>A server on this machine, whose answers a test may spoil.</summary>
public abstract class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<ServerRequest> _requests = new();

    // A proxy of this machine would not know the server.
    static LoopbackServer() => HttpClient.DefaultProxy = new WebProxy();

    protected LoopbackServer()
    {
        _listener.Start();
        Endpoint = new Uri(Invariant($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}"));
        Task.Run(AcceptAsync);
    }

    /// <summary>Gets or sets what becomes of an answer.</summary>
    public Func<ServerRequest, ServerAnswer, ServerAnswer> Script { get; set; } = (_, answer) => answer;

    public Uri Endpoint { get; }

    public IReadOnlyList<ServerRequest> Requests => [.. _requests];

    public void Dispose()
    {
        _end.Cancel();
        _listener.Stop();
        GC.SuppressFinalize(this);
    }

    /// <summary>Answers a request as it should be answered.</summary>
    protected abstract ServerAnswer Answer(ServerRequest request);

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

    private async Task<ServerRequest?> ReadAsync(Stream stream, CancellationToken end)
    {
        // A letter a byte, so that the length of a body is its number of letters.
        using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
        if (await reader.ReadLineAsync(end) is not { } first)
            return null;
        var (path, from, token, length) = (first.Split(' ')[1], 0L, (string?)null, 0);
        while (await reader.ReadLineAsync(end) is { Length: > 0 } line)
        {
            if (line.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase))
                from = long.Parse(line["Range: bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
            if (line.StartsWith("Authorization: ", StringComparison.OrdinalIgnoreCase))
                token = line["Authorization: ".Length..];
            if (line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase))
                length = int.Parse(line["Content-Length: ".Length..], CultureInfo.InvariantCulture);
        }
        var body = new char[length];
        // Without a body there is nothing to wait for.
        if (length > 0)
            await reader.ReadBlockAsync(body, end);
        lock (_requests)
        {
            var request = new ServerRequest(path, from, token, _requests.Count(earlier => earlier.Path == path) + 1) { Body = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(body)) };
            _requests.Enqueue(request);
            return request;
        }
    }

    private static async Task WriteAsync(NetworkStream stream, ServerAnswer answer, CancellationToken end)
    {
        string[] length = answer.DeclaresLength ? [Invariant($"Content-Length: {answer.Body.Length}")] : [];
        string[] head = [Invariant($"HTTP/1.1 {answer.Status} Scripted"), $"Content-Type: {answer.Type}", "Connection: close", .. length, .. answer.Headers, "", ""];
        await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Join("\r\n", head)), end);
        await stream.WriteAsync(answer.Body.AsMemory(0, Math.Min(answer.CutAfter ?? int.MaxValue, answer.Body.Length)), end);
        if (answer.Stalls)
            await Task.Delay(Timeout.Infinite, end);
    }
}
