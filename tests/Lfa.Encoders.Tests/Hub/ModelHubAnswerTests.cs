using System.Net;
using System.Net.Sockets;
using Lfa.Encoders.Tests.Http;

namespace Lfa.Encoders.Tests.Hub;

/// <summary>Hubs that refuse, fail, are busy, talk nonsense or are not there: each is one line that says what to do.</summary>
public sealed class ModelHubAnswerTests : IDisposable
{
    private readonly HubFixture _hub = new();

    private HubServer Server => _hub.Server;

    private string Endpoint => Server.Endpoint.GetLeftPart(UriPartial.Authority);

    public void Dispose() => _hub.Dispose();

    [Fact]
    public async Task Pull_NoSuchModel_SaysWhereNamesAre()
    {
        (await _hub.FailAsync(model: "openai/clap")).ShouldBe($"openai/clap: no such model or revision 'main' at {Endpoint}; see ModelCatalog.All.");
        (await _hub.FailAsync(revision: "v9")).ShouldBe($"{HubServer.Repository}: no such model or revision 'v9' at {Endpoint}; see ModelCatalog.All.");
        Server.Requests.Count.ShouldBe(2);
        Directory.Exists(_hub.Options.CacheFolder).ShouldBeFalse();
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task Pull_AccessRefused_AsksForAToken(int status)
    {
        Server.Script = (_, _) => ServerAnswer.Text(status, "Invalid username or password.");
        (await _hub.FailAsync()).ShouldBe(Invariant($"{HubServer.Repository}: {Endpoint} refuses access ({status}): the model may be private, gated or misspelled; set HF_TOKEN to a token that may read it, or see ModelCatalog.All."));
        Server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Pull_Token_IsSentToTheHub()
    {
        _hub.Options = _hub.Options with { Token = "hf_secret" };
        await _hub.PullAsync();
        Server.Requests.ShouldAllBe(request => request.Token == "Bearer hf_secret");
        _hub.Options.ToString().ShouldNotContain("secret");
    }

    [Fact]
    public async Task Pull_RedirectedElsewhere_KeepsTheTokenBack()
    {
        using var elsewhere = new HubServer();
        _hub.Options = _hub.Options with { Token = "hf_secret" };
        Server.Script = (request, answer) => request.IsFor(HubServer.Vision) ? ServerAnswer.Text(302, "", $"Location: {elsewhere.Endpoint.GetLeftPart(UriPartial.Authority)}{request.Path}") : answer;
        elsewhere.Script = (request, answer) => request.Number == 1 ? answer with { CutAfter = 1000 } : answer;
        await _hub.PullAsync();
        _hub.ShouldHoldTheModel();
        elsewhere.Requests.Select(request => (request.From, request.Token)).ShouldBe([(0, null), (1000, null)]);
        Server.RequestsFor(HubServer.Vision).ShouldAllBe(request => request.Token == "Bearer hf_secret");
    }

    [Fact]
    public async Task Pull_RedirectedWithinTheHub_Follows()
    {
        _hub.Options = _hub.Options with { Token = "hf_secret" };
        Server.Script = (request, answer) => request.Path.EndsWith("/revision/main") ? ServerAnswer.Text(307, "", $"Location: /api/models/{HubServer.Repository}/revision/{Server.Commit}") : answer;
        await _hub.PullAsync();
        _hub.ShouldHoldTheModel();
        Server.Requests.ShouldAllBe(request => request.Token == "Bearer hf_secret");
    }

    [Fact]
    public async Task Pull_RedirectedInACircle_SaysSo()
    {
        Server.Script = (request, _) => ServerAnswer.Text(302, "", $"Location: {request.Path}");
        (await _hub.FailAsync()).ShouldContain("redirects without an end");
    }

    [Fact]
    public async Task Pull_RedirectedToAFile_IsRefused()
    {
        Server.Script = (_, _) => ServerAnswer.Text(302, "", "Location: file:///etc/passwd");
        (await _hub.FailAsync()).ShouldContain("redirects to 'file:///etc/passwd', which is less safe than http");
    }

    [Fact]
    public async Task Pull_TooManyRequests_WaitsAsLongAsAsked()
    {
        Server.Script = (request, answer) => request.Number > 1 ? answer
            : request.IsFor("config.json") ? ServerAnswer.Text(429, "", "Retry-After: 17")
            : request.IsFor(HubServer.Vision) ? ServerAnswer.Text(429, "", $"Retry-After: {ImmediateTime.Now.AddSeconds(40):R}")
            : request.IsFor(HubServer.Text) ? ServerAnswer.Text(429, "")
            : answer;
        await _hub.PullAsync();
        _hub.ShouldHoldTheModel();
        _hub.Time.Waits.Order().ShouldBe([TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(17), TimeSpan.FromSeconds(40)]);
    }

    [Fact]
    public async Task Pull_TooManyRequests_NamesAWaitThatIsTooLong()
    {
        Server.Script = (request, answer) => request.IsFor(HubServer.Vision) ? ServerAnswer.Text(429, "", "Retry-After: 3600") : answer;
        (await _hub.FailAsync()).ShouldBe($"{HubServer.Repository}: 127.0.0.1 asks for fewer requests (429) and wants 3600 seconds of patience; try again later, or set HF_TOKEN: known users may ask more.");
        _hub.Time.Waits.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(408)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Pull_FailsTwice_IsTriedAgain(int status)
    {
        Server.Script = (request, answer) => request.Number <= 2 ? ServerAnswer.Text(status, "") : answer;
        await _hub.PullAsync();
        _hub.ShouldHoldTheModel();
        _hub.Time.Waits.Take(2).ShouldBe([TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1)]);
    }

    [Fact]
    public async Task Pull_FailsAlways_GivesUp()
    {
        Server.Script = (_, _) => ServerAnswer.Text(503, "");
        (await _hub.FailAsync()).ShouldBe($"{HubServer.Repository}: 127.0.0.1 fails (503); try again later, the same command goes on where it stopped.");
        _hub.Time.Waits.Select(wait => wait.TotalSeconds).ShouldBe([0.5, 1, 2, 4, 8]);
    }

    [Fact]
    public async Task Pull_UnexpectedStatus_IsNamed()
    {
        Server.Script = (_, _) => ServerAnswer.Text(418, "");
        (await _hub.FailAsync()).ShouldBe($"{HubServer.Repository}: 127.0.0.1 answered 418 Scripted to /api/models/{HubServer.Repository}/revision/main; is HF_ENDPOINT a hub?");
    }

    [Fact]
    public async Task Pull_NobodyListens_SaysWhatToSet()
    {
        Server.Dispose();
        var line = await _hub.FailAsync();
        line.ShouldStartWith($"{HubServer.Repository}: no connection to {Endpoint} (");
        line.ShouldEndWith("; check the network, set HF_ENDPOINT to a hub that can be reached, or HF_HUB_OFFLINE=1 to work from the cache.");
        _hub.Time.Waits.Count.ShouldBe(1); // a hub that never answered is not worth more
    }

    [Fact]
    public async Task Pull_UnknownHost_IsNamed()
    {
        _hub.Options = _hub.Options with { Endpoint = new Uri("http://no-such-host.invalid") };
        (await _hub.FailAsync()).ShouldStartWith($"{HubServer.Repository}: the host no-such-host.invalid is not known (");
    }

    [Fact]
    public async Task Pull_NotASecureServer_SaysSo()
    {
        using var listener = Listen("https", "HTTP/1.1 400 Speak plainly\r\n\r\n"u8.ToArray());
        (await _hub.FailAsync()).ShouldStartWith($"{HubServer.Repository}: no secure connection to 127.0.0.1 (");
        _hub.Time.Waits.ShouldBeEmpty();
    }

    [Fact]
    public async Task Pull_ServerHangsUp_SaysSo()
    {
        using var listener = Listen("http", []);
        (await _hub.FailAsync()).ShouldEndWith("; check the network, the same command goes on where it stopped.");
    }

    [Fact]
    public async Task Pull_LoginPage_IsNotAHub()
    {
        Server.Script = (_, _) => ServerAnswer.Text(200, "<html>Welcome to our hotel</html>");
        (await _hub.FailAsync()).ShouldBe($"{HubServer.Repository}: {Endpoint} sent text/html that is not the JSON of a hub; a proxy or a login page may have answered instead of a hub: open the address in a browser, or set HF_ENDPOINT.");
    }

    [Theory]
    [InlineData("{\"sha\": \"ccc", "sent text/html that is not the JSON of a hub")] // ends too early
    [InlineData("", "sent text/html that is not the JSON of a hub")]
    [InlineData("null", "sent an empty document")]
    [InlineData("{}", "gave no commit")]
    [InlineData("{\"sha\": \"../../../etc\"}", "gave no commit")]
    [InlineData("{\"sha\": 5}", "sent text/html that is not the JSON of a hub")]
    public async Task Pull_NoCommit_SaysSo(string document, string problem)
    {
        Server.Script = (_, _) => ServerAnswer.Text(200, document);
        (await _hub.FailAsync()).ShouldContain(problem);
    }

    [Theory]
    [InlineData("[{\"type\": \"fi", "is not the JSON of a hub")]
    [InlineData("[{\"type\": \"file\", \"path\": \"config.json\", \"size\": 5}]", "gave no size or checksum of config.json")]
    [InlineData("[{\"type\": \"file\", \"path\": \"config.json\", \"oid\": \"0123456789012345678901234567890123456789\"}]", "gave no size or checksum of config.json")]
    [InlineData("[{\"type\": \"file\", \"path\": \"config.json\", \"oid\": \"../23456789012345678901234567890123456789\", \"size\": 5}]", "gave no size or checksum of config.json")]
    [InlineData("[{\"type\": \"file\", \"path\": \"config.json\", \"oid\": \"0123456789012345678901234567890123456789\", \"size\": -5}]", "gave no size or checksum of config.json")]
    [InlineData("[null, {\"type\": \"file\"}]", "lists a file without a path")]
    public async Task Pull_BadListing_SaysSo(string document, string problem)
    {
        string[] towers = [.. new[] { HubServer.Vision, HubServer.Text }.Select(tower => $"{{\"type\": \"file\", \"path\": \"{tower}\", \"oid\": \"{new string('1', 40)}\", \"size\": 5}}")];
        var listing = document.EndsWith("}]", StringComparison.Ordinal) ? $"{document[..^1]}, {string.Join(", ", towers)}]" : document;
        Server.Script = (request, answer) => request.Path.Contains("/tree/") ? ServerAnswer.Text(200, listing) : answer;
        (await _hub.FailAsync()).ShouldContain(problem);
    }

    [Theory]
    [InlineData("onnx/vision_model.onnx_data/../../../x")]
    [InlineData("onnx/vision_model.onnx_data//x")]
    [InlineData("onnx/vision_model.onnx_data\\..\\x")]
    [InlineData("onnx/vision_model.onnx_data:x")]
    [InlineData("onnx/vision_model.onnx_data\n\u001b[2J")]
    public async Task Pull_UnsafePathThatIsNeeded_IsRefused(string path)
    {
        Server.Files[path] = [1, 2, 3];
        var shown = path.Replace("\n", "\\u000a").Replace("\u001b", "\\u001b");
        (await _hub.FailAsync()).ShouldStartWith($"{HubServer.Repository}: its file '{shown}' has an unsafe path, ");
        Directory.Exists(_hub.Options.CacheFolder).ShouldBeFalse();
    }

    [Theory]
    [InlineData("../config.json")]
    [InlineData("onnx/../../config.json")]
    [InlineData("/etc/config.json")]
    [InlineData("onnx\\..\\config.json")]
    [InlineData("C:config.json")]
    [InlineData("onnx//vision_model.onnx")]
    [InlineData("what is this?: a\nfile")]
    public async Task Pull_UnsafePathThatIsNotNeeded_IsIgnored(string path)
    {
        Server.Files[path] = [1, 2, 3];
        await _hub.PullAsync();
        _hub.ShouldHoldTheModel();
    }

    [Fact]
    public async Task Pull_NoSumOfAFileThatIsNotNeeded_IsIgnored()
    {
        Server.WrongDigests["README.md"] = "none";
        await _hub.PullAsync();
        _hub.ShouldHoldTheModel();
    }

    [Fact]
    public async Task Pull_VariantsWithControlCharacters_StaysOneLine()
    {
        Server.Files["onnx/vision_model_a\nb.onnx"] = Server.Files["onnx/text_model_a\nb.onnx"] = [1];
        (await _hub.FailAsync("int8")).ShouldEndWith("it has fp32, a\\u000ab, q4.");
    }

    [Fact]
    public async Task Pull_NextPageIsAFile_IsRefused()
    {
        Server.Script = (request, answer) => request.Path.Contains("/tree/") ? ServerAnswer.Text(200, "[]", "Link: <file:///etc/passwd>; rel=\"next\"") : answer;
        (await _hub.FailAsync()).ShouldContain("goes on at 'file:///etc/passwd', which is less safe than http");
    }

    [Fact]
    public async Task Pull_ListingWithoutAnEnd_IsGivenUp()
    {
        Server.Script = (request, answer) => request.Path.Contains("/tree/") ? ServerAnswer.Text(200, "[]", $"Link: <{request.Path}>; rel=\"next\"") : answer;
        (await _hub.FailAsync()).ShouldContain("lists files without an end");
    }

    [Fact]
    public async Task Pull_VariantAbsent_ListsThoseThatAreThere()
    {
        (await _hub.FailAsync("int8")).ShouldBe($"{HubServer.Repository}: {HubServer.Repository} has no variant 'int8'; it has fp32, q4.");
        Server.Files.Remove(HubServer.Text);
        Server.Files.Remove("onnx/model.onnx");
        (await _hub.FailAsync()).ShouldBe($"{HubServer.Repository}: {HubServer.Repository} has no variant 'fp32'; it has q4.");
    }

    [Fact]
    public async Task Pull_NoTowers_NamesARepositoryThatHasThem()
    {
        foreach (var file in Server.Files.Keys.Where(file => file.StartsWith("onnx/")).ToArray())
            Server.Files.Remove(file);
        (await _hub.FailAsync()).ShouldEndWith("has no ONNX towers (onnx/vision_model.onnx and onnx/text_model.onnx); ModelCatalog.All lists some that have.");
        Server.Script = (request, answer) => request.Path.Contains("/tree/") ? ServerAnswer.Text(200, "[]") : request.Path.Contains("/revision/") ? ServerAnswer.Text(200, $"{{\"sha\": \"{Server.Commit}\"}}") : answer;
        (await _hub.FailAsync(model: "someone/CLIP-ViT-Base-Patch32")).ShouldEndWith("; Xenova/clip-vit-base-patch32 has them.");
    }

    /// <summary>Makes the hub a listener that says the same to everybody and hangs up.</summary>
    private TcpListener Listen(string scheme, byte[] answer)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _hub.Options = _hub.Options with { Endpoint = new Uri(Invariant($"{scheme}://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}")) };
        _ = AnswerAsync();
        return listener;

        async Task AnswerAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await listener.AcceptTcpClientAsync();
                    await client.GetStream().ReadExactlyAsync(new byte[20]);
                    await client.GetStream().WriteAsync(answer);
                }
            }
            catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
