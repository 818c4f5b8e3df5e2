using Lfa.Encoders.Datasets;
using Lfa.Encoders.Tests.Support;

namespace Lfa.Encoders.Tests.Datasets;

public sealed class VideoFramesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a b.mp4", "mpeg4")]
    [InlineData("-i.mkv", "mpeg4")]
    [InlineData("http:%d é.avi", "mjpeg")]
    public void Sample_TestVideo_GivesFramesInOrder(string name, string codec)
    {
        MadeUpVideo.Save(_folder[name], "color=c=red:s=64x48:r=10:d=1[a];color=c=blue:s=64x48:r=10:d=1[b];[a][b]concat", seconds: 2, codec);
        var frames = VideoFrames.Sample(_folder[name], 4, TestContext.Current.CancellationToken);
        frames.Select(frame => (frame.Width, frame.Height)).ShouldBe(Enumerable.Repeat((64, 48), 4));
        frames.Select(frame => frame.Pixels.Span[0] > frame.Pixels.Span[2]).ShouldBe([true, true, false, false]);
    }

    [Fact]
    public void Sample_OneFrame_IsRepeated()
    {
        MadeUpVideo.Save(_folder["one.mp4"], "testsrc=s=32x32:r=10", seconds: 0.1);
        VideoFrames.Sample(_folder["one.mp4"], 3, TestContext.Current.CancellationToken).Count.ShouldBe(3);
    }

    [Fact]
    public void Sample_Default_GivesEight()
    {
        MadeUpVideo.Save(_folder["v.mp4"], "testsrc=s=32x32:r=25", seconds: 1);
        VideoFrames.Sample(_folder["v.mp4"]).Count.ShouldBe(8);
    }

    [Fact]
    public void Sample_NoVideo_FailsInOneLine()
    {
        MadeUpVideo.RequireProgram();
        _folder.Write("text.mp4", "this is text"u8.ToArray());
        Problem("text.mp4");
        _folder.Write("empty.mp4", []);
        Problem("empty.mp4");
    }

    [Fact]
    public void Sample_CutOffVideo_FailsInOneLineOrGivesFrames()
    {
        MadeUpVideo.Save(_folder["v.mp4"], "testsrc=s=32x32:r=25", seconds: 1);
        var bytes = File.ReadAllBytes(_folder["v.mp4"]);
        _folder.Write("cut.mp4", bytes[..(bytes.Length / 2)]);
        Problem("cut.mp4");
    }

    [Fact]
    public void Sample_PlaylistThatNamesAFile_IsRefused()
    {
        MadeUpVideo.Save(_folder["v.mp4"], "testsrc=s=32x32:r=25", seconds: 1);
        File.WriteAllText(_folder["list.mp4"], $"ffconcat version 1.0\nfile '{_folder["v.mp4"]}'\n");
        Problem("list.mp4");
        File.WriteAllText(_folder["list.avi"], $"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1.0,\n{_folder["v.mp4"]}\n#EXT-X-ENDLIST\n");
        Problem("list.avi");
    }

    [Fact]
    public void Sample_Cancelled_Stops()
    {
        MadeUpVideo.Save(_folder["v.mp4"], "testsrc=s=32x32:r=25", seconds: 1);
        Should.Throw<OperationCanceledException>(() => VideoFrames.Sample(_folder["v.mp4"], 8, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Sample_NoSuchFile_SaysSo() => Should.Throw<FileNotFoundException>(() => VideoFrames.Sample(_folder["gone.mp4"]));

    private void Problem(string name)
    {
        var message = Should.Throw<LfaDataException>(() => VideoFrames.Sample(_folder[name])).Message;
        message.ShouldNotContain(_folder.FullName);
        message.ShouldNotContain('\n');
    }
}
