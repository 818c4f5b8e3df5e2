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
        Server.Script = (request, answer) => !request.IsFor(HubServer.Vision) ? answer : request.Number == 1 ? answer with { CutAfter = Half } : HubServerAnswer.Text(500, "");
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
        var progress = new Cancelling(cancellation, Half);
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
        _hub.Options = _hub.Options with { Timeout = TimeSpan.FromSeconds(2) };
        Server.Script = (request, answer) => request.IsFor(HubServer.Vision) && request.Number == 1 ? answer with { CutAfter = Half, Stalls = true } : answer;
        await _hub.PullAsync();
        _hub.ShouldHoldTheModel();
        Server.RequestsFor(HubServer.Vision).Select(request => request.From).ShouldBe([0, Half]);
    }

    [Fact]
    public async Task Pull_StalledAlways_SaysSo()
    {
        _hub.Options = _hub.Options with { Timeout = TimeSpan.FromSeconds(1), Retries = 1 };
        Server.Script = (request, answer) => request.IsFor(HubServer.Vision) ? answer with { CutAfter = 0, Stalls = true } : answer;
        (await _hub.FailAsync()).ShouldBe($"{HubServer.Repository}: {Server.Endpoint.GetLeftPart(UriPartial.Authority)} sent nothing for 1 seconds; check the network, the same command goes on where it stopped.");
        Server.RequestsFor(HubServer.Vision).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Pull_LengthNotDeclared_CutShort_GetsTheRest()
    {
        Server.Script = (request, answer) => request.IsFor(HubServer.Vision) ? answer with { DeclaresLength = false, CutAfter = request.Number == 1 ? Half : null } : answer;
        await _hub.PullAsync();
        _hub.ShouldHoldTheModel();
    }

    [Fact]
    public async Task Pull_ServerWithoutRanges_StartsFromNothing()
    {
        Server.HasRanges = false;
        Server.Script = (request, answer) => request.IsFor(HubServer.Vision) && request.Number == 1 ? answer with { CutAfter = Half } : answer;
        await _hub.PullAsync();
        _hub.ShouldHoldTheModel();
    }

    [Theory]
    [InlineData("Content-Range: bytes 0-299999/300000")]
    [InlineData("Content-Range: bytes 150000-299999/400000")]
    [InlineData("X-None: of it")]
    public async Task Pull_OtherRangeThanAsked_StartsFromNothing(string range)
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

    [Fact]
    public async Task Pull_AnotherLength_IsDamage()
    {
        Server.Script = (request, answer) => request.IsFor(HubServer.Vision) ? HubServerAnswer.Text(200, "<html>Log in</html>") : answer;
        (await _hub.FailAsync()).ShouldContain("arrives damaged");
        File.Exists(_hub.Partial(HubServer.Vision)).ShouldBeFalse();
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

    private sealed class Cancelling(CancellationTokenSource cancellation, long afterBytes) : IProgress<Lfa.Encoders.Hub.DownloadProgress>
    {
        public void Report(Lfa.Encoders.Hub.DownloadProgress value)
        {
            if (value.File == HubServer.Vision && value.Bytes > afterBytes)
                cancellation.Cancel();
        }
    }
}
