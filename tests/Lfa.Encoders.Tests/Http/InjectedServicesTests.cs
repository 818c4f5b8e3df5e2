using Lfa.Encoders.Api;
using Lfa.Encoders.Hub;
using Lfa.Encoders.Tests.Hub;
using Lfa.Encoders.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Lfa.Encoders.Tests.Http;

/// <summary>The client, the clock and the logger that a host gives.</summary>
public sealed class InjectedServicesTests : IDisposable
{
    private readonly CountingHandler _handler = new();
    private readonly ImmediateTime _time = new();

    public void Dispose() => _handler.Dispose();

    [Fact]
    public async Task EmbeddingsApi_GivenClientAndLogger_UsesThemAndLeavesTheClient()
    {
        using var server = new ApiServer { Script = (request, answer) => request.Number == 1 ? ServerAnswer.Text(500, "") : answer };
        using var client = new HttpClient(_handler, disposeHandler: false);
        var logger = new RecordingLogger<EmbeddingsApi>();
        using (var api = new EmbeddingsApi(new EmbeddingsApiOptions { Endpoint = server.Base, Model = "tiny", CacheFolder = null, Key = "sk-secret" }, client, _time, logger))
            await api.GenerateAsync(["a"], cancellationToken: Cancellation);
        _handler.Agents.ShouldAllBe(agent => agent.StartsWith("lfa/", StringComparison.Ordinal));
        _handler.Agents.Count.ShouldBe(2);
        _time.Waits.Count.ShouldBe(1);
        var retry = logger.Entries.Single(entry => entry.Level == LogLevel.Warning).Message;
        retry.ShouldStartWith("tiny: ");
        retry.ShouldContain("fails (500)");
        logger.Entries.ShouldAllBe(entry => !entry.Message.Contains("sk-secret"));
        // A client that was disposed would throw.
        using var answer = await client.GetAsync(server.Endpoint, Cancellation);
    }

    [Fact]
    public async Task ModelHub_GivenClientAndLogger_UsesThemAndLeavesTheClient()
    {
        using var fixture = new HubFixture();
        fixture.Server.Script = (request, answer) => request.IsFor("config.json") && request.Number == 1 ? ServerAnswer.Text(503, "") : answer;
        using var client = new HttpClient(_handler, disposeHandler: false);
        var logger = new RecordingLogger<ModelHub>();
        using (var hub = new ModelHub(fixture.Options, client, fixture.Time, logger))
            await hub.PullAsync(HubFixture.Repository, cancellationToken: Cancellation);
        fixture.ShouldHoldTheModel();
        _handler.Agents.Count.ShouldBe(fixture.Server.Requests.Count);
        logger.Entries.Single(entry => entry.Level == LogLevel.Information).Message.ShouldStartWith($"Pulling {HubFixture.Repository} at {fixture.Server.Commit}: 4 files");
        logger.Entries.Single(entry => entry.Level == LogLevel.Warning).Message.ShouldContain("fails (503)");
        using var answer = await client.GetAsync(fixture.Server.Endpoint, Cancellation);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private sealed class CountingHandler() : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        public List<string> Agents { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Agents.Add(request.Headers.UserAgent.ToString());
            return base.SendAsync(request, cancellationToken);
        }
    }
}
