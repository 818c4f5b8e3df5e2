namespace Lfa.Encoders.Http;

/// <summary>Sends requests with a client of our own, or with one that the caller gives and keeps.</summary>
internal sealed class Connection : IDisposable
{
    private static readonly string Agent = Invariant($"lfa/{typeof(Connection).Assembly.GetName().Version?.ToString(3)}");

    private readonly HttpClient _client;
    private readonly bool _ownsClient;

    /// <summary>Initializes a connection.</summary>
    /// <param name="client">The client; null to make one that follows no redirect, keeps no cookies and has no timeout.</param>
    /// <param name="connectTimeout">How long the client of our own waits for a server.</param>
    public Connection(HttpClient? client, TimeSpan connectTimeout)
    {
        _ownsClient = client is null;
        // Redirects are followed by hand, so that no token goes to another host.
        _client = client ?? new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = connectTimeout }) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Sends a request and waits for the head of the answer.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.UserAgent.ParseAdd(Agent);
        return _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public void Dispose()
    {
        if (_ownsClient)
            _client.Dispose();
    }
}
