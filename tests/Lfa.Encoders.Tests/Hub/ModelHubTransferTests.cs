using Lfa.Encoders.Hub;

namespace Lfa.Encoders.Tests.Hub;

/// <summary>Transfers that break, stall or arrive damaged.</summary>
public sealed class ModelHubTransferTests : IDisposable
{
    private const int Half = HubServer.TowerBytes / 2;

    private readonly HubFixture _hub = new();

    private HubServer Server => _hub.Server;

    public void Dispose() => _hub.Dispose();

    [Fact]
    public async Task Pull_BrokenInTheMiddle_GetsOnlyTheRest()
    {
        Server.Script = (request, answer) => request.IsFor(HubServer.Vision) && request.Number == 1 ? answer with { CutAfter = Half } : answer;
        await _hub.PullAsync();
        _hub.ShouldHoldTheModel();
        Server.RequestsFor(HubServer.Vision).Select(request => request.From).ShouldBe([0, Half]);
    }

    [Fact]
    public async Task Pull_BreaksAgainAndAgain_GoesOnWhileItProgresses()
    {
        Server.Script = (request, answer) => request.IsFor(HubServer.Vision) ? answer with { CutAfter = HubServer.TowerBytes / 20 } : answer;
        await _hub.PullAsync();
        _hub.ShouldHoldTheModel();
        Server.RequestsFor(HubServer.Vision).Count.ShouldBe(20);
        _hub.Time.Waits.ShouldAllBe(wait => wait == _hub.Options.RetryDelay); // each break follows progress
    }

    [Fact]
    public async Task Pull_AfterAFailedOne_GetsOnlyTheRest()
    {
        Server.Script = (request, answer) => !request.IsFor(HubServer.Vision) ? answer : request.Number == 1 ? answer with { CutAfter = Half } : ServerAnswer.Text(500, "");
        (await _hub.FailAsync()).ShouldStartWith($"{HubServer.Repository}: 127.0.0.1 fails (500); try again later, the same command goes on where it stopped.");
        Directory.Exists(_hub.Snapshot).ShouldBeFalse();
        new FileInfo(_hub.Partial(HubServer.Vision)).Length.ShouldBe(Half);
        Server.Script = (_, answer) => answer;
        await _hub.PullAsync();
        _hub.ShouldHoldTheModel();
        Server.RequestsFor(HubServer.Vision)[^1].From.ShouldBe(Half);
        Server.RequestsFor("config.json").Count.ShouldBe(1);
    }

    [Fact]
    public async Task Pull_CancelledInTheMiddle_GoesOnThere()
    {
        using var cancellation = new CancellationTokenSource();
        Server.Script = (request, answer) => request.IsFor(HubServer.Vision) ? answer with { CutAfter = Half, Stalls = true } : answer;
        var progress = new OnceThere(BeforeTheTowers + 1, cancellation.Cancel);
        await Should.ThrowAsync<OperationCanceledException>(() => _hub.PullAsync(cancellationToken: cancellation.Token, progress: progress));
        var kept = new FileInfo(_hub.Partial(HubServer.Vision)).Length;
        kept.ShouldBeInRange(1, Half);
        Directory.Exists(_hub.Snapshot).ShouldBeFalse();
        Server.Script = (_, answer) => answer;
        await _hub.PullAsync();
        _hub.ShouldHoldTheModel();
        Server.RequestsFor(HubServer.Vision).Select(request => request.From).ShouldBe([0, kept]);
    }

    [Fact]
    public async Task Pull_Stalled_IsTakenUpAnew()
    {
        Server.Script = (request, answer) => request.IsFor(HubServer.Vision) && request.Number == 1 ? answer with { CutAfter = Half, Stalls = true } : answer;
        await _hub.PullAsync(progress: new OnceThere(BeforeTheTowers + Half, _hub.Time.FallSilent));
        _hub.ShouldHoldTheModel();
        Server.RequestsFor(HubServer.Vision).Select(request => request.From).ShouldBe([0, Half]);
    }

    [Fact]
    public async Task Pull_StalledAlways_SaysSo()
    {
        _hub.Options = _hub.Options with { Retries = 1 };
        Server.Script = (request, answer) =>
        {
            if (!request.IsFor(HubServer.Vision))
                return answer;
            _hub.Time.FallSilent(); // the pull waits for the answer: no other silence is measured
            return answer with { CutAfter = 0, Stalls = true };
        };
        (await _hub.FailAsync()).ShouldBe($"{HubServer.Repository}: {Server.Endpoint.GetLeftPart(UriPartial.Authority)} sent nothing for 600 seconds; check the network, the same command goes on where it stopped.");
        Server.RequestsFor(HubServer.Vision).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Pull_LengthNotDeclared_CutShort_GetsTheRest()
    {
        Server.Script = (request, answer) => request.IsFor(HubServer.Vision) ? answer with { DeclaresLength = false, CutAfter = request.Number == 1 ? Half : null } : answer;
        await _hub.PullAsync();
        _hub.ShouldHoldTheModel();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pull_ServerWithoutRanges_SkipsWhatIsThere(bool declaresLength)
    {
        Server.HasRanges = false;
        Server.Script = (request, answer) => request.IsFor(HubServer.Vision) ? answer with { DeclaresLength = declaresLength, CutAfter = request.Number < 4 ? Half / request.Number : null } : answer;
        var reports = new List<long>();
        await _hub.PullAsync(progress: new Reports(reports));
        _hub.ShouldHoldTheModel();
        reports.ShouldBeInOrder(); // an answer that is cut earlier than the last takes nothing away
    }

    [Theory]
    [InlineData("Content-Range: bytes */300000")]
    [InlineData("Content-Range: bytes 0-299999/300000")]
    public async Task Pull_CutAtTheSamePlaceByAHostWithoutRanges_GivesUp(string range)
    {
        Server.Script = (request, answer) => !request.IsFor(HubServer.Vision) ? answer
            : request.Number > 20 ? ServerAnswer.Text(410, "") // an endless loop is a failure, not a wait
            : request.From == 0 ? answer with { CutAfter = Half }
            : range.Contains('*') ? ServerAnswer.Text(416, "", range)
            : answer with { Headers = [range] };
        (await _hub.FailAsync()).ShouldContain(" broke during a download (");
        Server.RequestsFor(HubServer.Vision).Select(request => request.From).ShouldBe([0, Half, 0, 0, 0, 0]);
        new FileInfo(_hub.Partial(HubServer.Vision)).Length.ShouldBe(Half);
    }

    [Theory]
    [InlineData("Content-Range: bytes 0-299999/300000")]
    [InlineData("Content-Range: bytes 150000-299999/400000")]
    [InlineData("X-None: of it")]
    public async Task Pull_OtherRangeThanAsked_AsksForTheWholeFile(string range)
    {
        Server.Script = (request, answer) => !request.IsFor(HubServer.Vision) || request.Number > 2 ? answer : request.Number == 1 ? answer with { CutAfter = Half } : answer with { Headers = [range] };
        await _hub.PullAsync();
        _hub.ShouldHoldTheModel();
        Server.RequestsFor(HubServer.Vision).Select(request => request.From).ShouldBe([0, Half, 0]);
    }

    [Theory]
    [InlineData(HubServer.TowerBytes + 10)] // longer than the file
    [InlineData(HubServer.TowerBytes)] // as long, of other bytes
    [InlineData(10)] // shorter, of other bytes
    public async Task Pull_PartOfAnotherFile_StartsFromNothing(int length)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_hub.Partial(HubServer.Vision))!);
        File.WriteAllBytes(_hub.Partial(HubServer.Vision), HubServer.Content(length, 99));
        await _hub.PullAsync();
        _hub.ShouldHoldTheModel();
    }

    [Fact]
    public async Task Pull_WholePartLeft_NeedsNoDownload()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_hub.Partial(HubServer.Vision))!);
        File.WriteAllBytes(_hub.Partial(HubServer.Vision), Server.Files[HubServer.Vision]);
        await _hub.PullAsync();
        _hub.ShouldHoldTheModel();
        Server.RequestsFor(HubServer.Vision).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData(HubServer.Vision)]
    public async Task Pull_CorruptedOnce_IsDownloadedAgain(string file)
    {
        Server.Script = (request, answer) => request.IsFor(file) && request.Number == 1 ? answer with { Body = Corrupted(answer.Body) } : answer;
        await _hub.PullAsync();
        _hub.ShouldHoldTheModel();
        Server.RequestsFor(file).Select(request => request.From).ShouldBe([0, 0]);
    }

    [Fact]
    public async Task Pull_CorruptedAlways_NamesBothSumsAndKeepsNothing()
    {
        Server.Script = (request, answer) => request.IsFor(HubServer.Vision) ? answer with { Body = Corrupted(answer.Body) } : answer;
        var line = await _hub.FailAsync();
        line.ShouldStartWith($"{HubServer.Repository}: {HubServer.Vision} arrives damaged from {Server.Endpoint.GetLeftPart(UriPartial.Authority)}: expected 300000 bytes with the SHA-256 {Server.Digest(HubServer.Vision)}, got ");
        Server.RequestsFor(HubServer.Vision).Count.ShouldBe(2);
        Directory.Exists(_hub.Snapshot).ShouldBeFalse();
        (File.Exists(_hub.Blob(HubServer.Vision)), File.Exists(_hub.Partial(HubServer.Vision))).ShouldBe((false, false));
    }

    [Theory]
    [InlineData("config.json", 40, "git SHA-1")]
    [InlineData(HubServer.Vision, 64, "SHA-256")]
    public async Task Pull_WrongSumInTheListing_NamesBothSums(string file, int digits, string kind)
    {
        var right = Server.Digest(file);
        Server.WrongDigests[file] = new string('0', digits);
        (await _hub.FailAsync()).ShouldContain($"bytes with the {kind} {new string('0', digits)}, got {right};");
        Directory.Exists(_hub.Snapshot).ShouldBeFalse();
    }

    [Theory]
    [InlineData("text/html", true, "19 bytes of text/html")]
    [InlineData("text/html", false, "text/html")]
    [InlineData("application/json", true, "19 bytes of application/json")]
    public async Task Pull_LoginPageInPlaceOfAFile_KeepsThePart(string type, bool declaresLength, string sent)
    {
        var page = ServerAnswer.Text(200, "<html>Log in</html>") with { Type = type, DeclaresLength = declaresLength };
        Server.Script = (request, answer) => !request.IsFor(HubServer.Vision) ? answer : request.Number == 1 ? answer with { CutAfter = Half } : page;
        (await _hub.FailAsync()).ShouldContain($" sent {sent} in place of {HubServer.Vision}, which has 300000 bytes; a proxy or a login page may have answered");
        Server.RequestsFor(HubServer.Vision).Count.ShouldBe(2);
        new FileInfo(_hub.Partial(HubServer.Vision)).Length.ShouldBe(Half);
        Server.Script = (_, answer) => answer;
        await _hub.PullAsync();
        _hub.ShouldHoldTheModel();
        Server.RequestsFor(HubServer.Vision)[^1].From.ShouldBe(Half);
    }

    [Fact]
    public async Task Pull_BlobIsAFolder_SaysSo()
    {
        Directory.CreateDirectory(Path.Combine(_hub.Blob(HubServer.Vision), "x"));
        (await _hub.FailAsync()).ShouldStartWith($"{_hub.Blob(HubServer.Vision)}: cannot be written: ");
        new FileInfo(_hub.Partial(HubServer.Vision)).Length.ShouldBe(HubServer.TowerBytes);
    }

    [Fact]
    public async Task Pull_DiskFull_SaysSo()
    {
        if (!File.Exists("/dev/full"))
            Assert.Skip("This system has no /dev/full.");
        Directory.CreateDirectory(Path.GetDirectoryName(_hub.Partial(HubServer.Vision))!);
        File.CreateSymbolicLink(_hub.Partial(HubServer.Vision), "/dev/full");
        (await _hub.FailAsync()).ShouldBe($"{_hub.Partial(HubServer.Vision)}: cannot be written: No space left on device; make room, or set HF_HOME to another folder. What was downloaded is kept for the next try.");
        File.Exists(_hub.Blob("config.json")).ShouldBeTrue();
    }

    [Fact]
    public async Task Pull_CacheIsAFile_SaysSo()
    {
        File.WriteAllText(_hub.Options.CacheFolder, "");
        (await _hub.FailAsync()).ShouldStartWith($"{_hub.Options.CacheFolder}: cannot be written: ");
    }

    private static byte[] Corrupted(byte[] body)
    {
        var corrupted = body.ToArray();
        corrupted[body.Length / 2] ^= 1;
        return corrupted;
    }

    /// <summary>Gets the bytes of the files that are pulled before the towers.</summary>
    private long BeforeTheTowers => Server.Files["config.json"].Length + Server.Files["tokenizer.json"].Length;

    /// <summary>Does something once so many bytes are there.</summary>
    private sealed class OnceThere(long bytes, Action action) : IProgress<DownloadProgress>
    {
        private Action? _action = action;

        public void Report(DownloadProgress value)
        {
            if (value.Bytes >= bytes)
                Interlocked.Exchange(ref _action, null)?.Invoke();
        }
    }

    private sealed class Reports(List<long> reports) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => reports.Add(value.Bytes);
    }
}
