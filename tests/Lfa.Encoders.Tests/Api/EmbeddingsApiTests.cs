using Lfa.Encoders.Api;
using Lfa.Encoders.Tests.Http;
using Microsoft.Extensions.AI;

namespace Lfa.Encoders.Tests.Api;

public sealed class EmbeddingsApiTests : IDisposable
{
    private const string Secret = "sk-secret-0123";

    private readonly ApiServer _server = new();
    private readonly ImmediateTime _time = new();
    private readonly TemporaryFolder _folder = new();

    private EmbeddingsApiOptions Options => new() { Endpoint = _server.Base, Model = "tiny", CacheFolder = null, Timeout = TimeSpan.FromMinutes(10) };

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task GenerateAsync_AnswerInAnotherOrder_IsOrderedByIndex()
    {
        string[] texts = ["a cat", "a dog", "ein Löwe – «größer»"];
        var embeddings = await EmbedAsync(Options, texts);
        foreach (var (embedding, text) in embeddings.Zip(texts))
            embedding.ShouldBe(ApiServer.Embedding(text));
    }

    [Fact]
    public async Task GenerateAsync_ManyTexts_AreSentInBatches()
    {
        string[] texts = [.. Enumerable.Range(0, 7).Select(i => Invariant($"text {i}"))];
        var embeddings = await EmbedAsync(Options with { BatchSize = 3 }, texts);
        _server.Batches.ShouldBe([texts[..3], texts[3..6], texts[6..]]);
        embeddings[6].ShouldBe(ApiServer.Embedding("text 6"));
    }

    [Fact]
    public async Task GenerateAsync_RepeatedText_IsSentOnce()
    {
        var embeddings = await EmbedAsync(Options, "a", "b", "a");
        _server.Batches.ShouldBe([["a", "b"]]);
        embeddings[2].ShouldBe(embeddings[0]);
    }

    [Fact]
    public async Task GenerateAsync_Request_HoldsModelDimensionsAndKey()
    {
        var embeddings = await EmbedAsync(Options with { Dimensions = 3, Key = Secret }, "a");
        embeddings[0].Length.ShouldBe(3);
        var request = _server.Requests.ShouldHaveSingleItem();
        (request.Path, request.Token).ShouldBe(("/v1/embeddings", $"Bearer {Secret}"));
        (ApiServer.Json(request).GetProperty("model").GetString(), ApiServer.Json(request).GetProperty("dimensions").GetInt32()).ShouldBe(("tiny", 3));
    }

    [Fact]
    public async Task GenerateAsync_WithoutDimensionsAndKey_SendsNeither()
    {
        await EmbedAsync(Options, "a");
        _server.Requests[0].Token.ShouldBeNull();
        ApiServer.Json(_server.Requests[0]).TryGetProperty("dimensions", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task GenerateAsync_NoIndex_TakesTheOrder()
    {
        _server.Script = (_, _) => ApiServer.Data(["""{"embedding": [1, 0]}""", """{"embedding": [0, 2]}"""]);
        (await EmbedAsync(Options, "a", "b"))[1].ShouldBe([0, 2]);
    }

    [Fact]
    public async Task GenerateAsync_TooManyRequests_WaitsAsLongAsAsked()
    {
        _server.Script = (request, answer) => request.Number < 3 ? ServerAnswer.Text(429, "{}", "Retry-After: 7") : answer;
        await EmbedAsync(Options, "a");
        _time.Waits.ShouldBe([TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7)]);
    }

    [Fact]
    public async Task GenerateAsync_TooLongAWait_IsRefusedAtOnce()
    {
        _server.Script = (_, _) => ServerAnswer.Text(429, "{}", "Retry-After: 3600");
        (await FailAsync(Options)).ShouldContain("wants 3600 seconds of patience");
        _server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task GenerateAsync_QuotaUsedUp_IsNotTriedAgain()
    {
        _server.Script = (_, _) => ServerAnswer.Text(429, """{"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}""");
        (await FailAsync(Options)).ShouldContain("quota of the key is used up");
        _server.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(408)]
    public async Task GenerateAsync_ServerFailsThenWorks_Succeeds(int status)
    {
        _server.Script = (request, answer) => request.Number < 3 ? ServerAnswer.Text(status, "") : answer;
        (await EmbedAsync(Options, "a"))[0].ShouldBe(ApiServer.Embedding("a"));
        _time.Waits.ShouldBe([TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1)]);
    }

    [Fact]
    public async Task GenerateAsync_ServerKeepsFailing_GivesUp()
    {
        _server.Script = (_, _) => ServerAnswer.Text(500, "<html>");
        (await FailAsync(Options with { Retries = 2 })).ShouldBe($"tiny: {_server.Base} fails (500); try again later.");
        _server.Requests.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(401, "refuses access (401)")]
    [InlineData(403, "refuses access (403)")]
    [InlineData(400, "refuses the request (400: no such thing as …)")]
    [InlineData(404, "knows no such address or model (404: no such thing as …)")]
    [InlineData(301, "refuses the request (301: no such thing as …)")]
    public async Task GenerateAsync_Refusal_IsNotTriedAgainAndHidesTheKey(int status, string problem)
    {
        _server.Script = (_, _) => ServerAnswer.Text(status, $$$"""{"error": {"message": "no such thing as {{{Secret}}}"}}""");
        var message = await FailAsync(Options with { Key = Secret });
        message.ShouldContain(problem);
        message.ShouldNotContain(Secret);
        _server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task GenerateAsync_RefusalWithoutAKey_NamesTheVariable()
    {
        _server.Script = (_, _) => ServerAnswer.Text(401, "");
        (await FailAsync(Options)).ShouldContain("no key was sent: set the environment variable OPENAI_API_KEY");
    }

    [Theory]
    [InlineData("""{"data": [{""", "not the JSON of embeddings")]
    [InlineData("""<html>login</html>""", "not the JSON of embeddings")]
    [InlineData("""[1]""", "not the JSON of embeddings")]
    [InlineData("""{"embeddings": []}""", "not the JSON of embeddings")]
    [InlineData("""{"data": [{"index": 0, "embedding": "AAAA"}, {"index": 1, "embedding": "AAAA"}]}""", "not the JSON of embeddings")]
    [InlineData("""{"data": [{"index": 0, "embedding": [1, NaN]}, {"index": 1, "embedding": [1, 2]}]}""", "not the JSON of embeddings")]
    [InlineData("""{"data": [{"index": 0, "embedding": [1, null]}, {"index": 1, "embedding": [1, 2]}]}""", "not the JSON of embeddings")]
    [InlineData("""{"data": [{"index": 0, "embedding": [1, 1e99]}, {"index": 1, "embedding": [1, 2]}]}""", "zero or not finite")]
    [InlineData("""{"data": [{"index": 0, "embedding": [0, 0]}, {"index": 1, "embedding": [1, 2]}]}""", "zero or not finite")]
    [InlineData("""{"data": [{"index": 0, "embedding": []}, {"index": 1, "embedding": [1, 2]}]}""", "zero or not finite")]
    [InlineData("""{"data": [{"index": 0, "embedding": [1, 2]}]}""", "2 texts with 1 embeddings")]
    [InlineData("""{"data": [{"index": 0, "embedding": [1, 2]}, {"index": 0, "embedding": [1, 2]}]}""", "index 0, which is there twice")]
    [InlineData("""{"data": [{"index": 0, "embedding": [1, 2]}, {"index": 2, "embedding": [1, 2]}]}""", "index 2, which is not from 0 to 1")]
    [InlineData("""{"data": [{"index": 0, "embedding": [1, 2]}, {"index": 1, "embedding": [1, 2, 3]}]}""", "3 components where 2 are expected")]
    public async Task GenerateAsync_BadAnswer_IsToldAndNotTriedAgain(string body, string problem)
    {
        _server.Script = (_, _) => ServerAnswer.Text(200, body);
        (await FailAsync(Options, "a", "b")).ShouldContain(problem);
        _server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task GenerateAsync_OtherDimensionsThanAskedFor_IsRefused()
    {
        _server.Script = (_, _) => ApiServer.Data([ApiServer.Entry(0, [1, 2, 3])]);
        (await FailAsync(Options with { Dimensions = 2 })).ShouldContain("3 components where 2 are expected");
    }

    [Fact]
    public async Task GenerateAsync_LaterBatchOfAnotherWidth_IsRefused()
    {
        _server.Script = (request, answer) => request.Number == 1 ? answer : ApiServer.Data([ApiServer.Entry(0, [1, 2])]);
        (await FailAsync(Options with { BatchSize = 1 }, "a", "b")).ShouldContain("2 components where 6 are expected");
    }

    [Fact]
    public async Task GenerateAsync_Silence_IsTriedAgain()
    {
        _server.Script = (request, answer) =>
        {
            if (request.Number > 1)
                return answer;
            _time.FallSilent();
            return answer with { CutAfter = 10, Stalls = true };
        };
        (await EmbedAsync(Options, "a"))[0].ShouldBe(ApiServer.Embedding("a"));
        _server.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task GenerateAsync_SilenceThatLasts_IsTold()
    {
        _server.Script = (_, answer) =>
        {
            _time.FallSilent();
            return answer with { CutAfter = 0, Stalls = true };
        };
        (await FailAsync(Options with { Retries = 0 })).ShouldContain("did not answer within 600 seconds");
    }

    [Fact]
    public async Task GenerateAsync_BrokenConnection_IsTriedAgain()
    {
        _server.Script = (request, answer) => request.Number == 1 ? answer with { CutAfter = 20 } : answer;
        (await EmbedAsync(Options, "a"))[0].ShouldBe(ApiServer.Embedding("a"));
    }

    [Fact]
    public async Task GenerateAsync_NobodyThere_SaysSoAtOnce()
    {
        var options = Options;
        _server.Dispose();
        (await FailAsync(options)).ShouldContain("cannot be reached");
        _time.Waits.ShouldBeEmpty();
    }

    [Fact]
    public async Task GenerateAsync_Cancelled_Ends()
    {
        using var cancel = new CancellationTokenSource();
        _server.Script = (_, answer) =>
        {
            cancel.Cancel();
            return answer with { CutAfter = 0, Stalls = true };
        };
        using var api = new EmbeddingsApi(Options, time: _time);
        await Should.ThrowAsync<OperationCanceledException>(() => api.GenerateAsync(["a"], cancellationToken: cancel.Token).WaitAsync(TimeSpan.FromMinutes(1), Cancellation));
    }

    [Fact]
    public async Task GenerateAsync_CachedText_SendsNoRequest()
    {
        var options = Options with { CacheFolder = _folder["cache"] };
        await EmbedAsync(options, "a", "b");
        var again = await EmbedAsync(options, "b", "c");
        _server.Batches.ShouldBe([["a", "b"], ["c"]]);
        again[0].ShouldBe(ApiServer.Embedding("b"));
    }

    [Fact]
    public async Task GenerateAsync_FailureAfterABatch_KeepsTheBatch()
    {
        var options = Options with { CacheFolder = _folder["cache"], BatchSize = 1 };
        _server.Script = (request, answer) => request.Number == 2 ? ServerAnswer.Text(500, "") : answer;
        (await FailAsync(options with { Retries = 0 }, "a", "b")).ShouldEndWith("; try again later, the same command goes on from the cache.");
        await EmbedAsync(options, "a", "b");
        _server.Batches.ShouldBe([["a"], ["b"], ["b"]]);
    }

    [Fact]
    public async Task GenerateAsync_OtherModelAddressOrDimensions_DoesNotShareTheCache()
    {
        var options = Options with { CacheFolder = _folder["cache"] };
        await EmbedAsync(options, "a");
        await EmbedAsync(options with { Model = "other" }, "a");
        await EmbedAsync(options with { Dimensions = 2 }, "a");
        await FailAsync(options with { Endpoint = new Uri(_server.Endpoint, "/v2") });
        _server.Requests.Count.ShouldBe(4);
    }

    [Fact]
    public async Task GenerateAsync_EmptyText_IsNamed() =>
        (await Should.ThrowAsync<LfaDataException>(() => EmbedAsync(Options, "a", ""))).Message.ShouldStartWith("values[1] is empty");

    [Fact]
    public void GetService_Metadata_TellsModelAndAddress()
    {
        using var api = new EmbeddingsApi(Options);
        var metadata = api.GetService<EmbeddingGeneratorMetadata>().ShouldNotBeNull();
        (metadata.DefaultModelId, metadata.ProviderUri).ShouldBe(("tiny", _server.Base));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private async Task<float[][]> EmbedAsync(EmbeddingsApiOptions options, params string[] texts)
    {
        using var api = new EmbeddingsApi(options, time: _time);
        var embeddings = await api.GenerateAsync(texts, cancellationToken: Cancellation).WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
        return [.. embeddings.Select(embedding => embedding.Vector.ToArray())];
    }

    private async Task<string> FailAsync(EmbeddingsApiOptions options, params string[] texts)
    {
        var message = (await Should.ThrowAsync<EmbeddingsApiException>(() => EmbedAsync(options, texts.Length == 0 ? ["a"] : texts))).Message;
        message.ShouldNotContain('\n');
        return message;
    }
}
