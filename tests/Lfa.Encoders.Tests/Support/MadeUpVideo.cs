using System.ComponentModel;
using System.Diagnostics;

namespace Lfa.Encoders.Tests.Support;

/// <summary>Makes videos with ffmpeg, where it is installed.</summary>
internal static class MadeUpVideo
{
    /// <summary>Makes a video of one of ffmpeg's own sources.</summary>
    public static void Save(string path, string source, double seconds, string codec = "mpeg4")
    {
        RequireProgram();
        string[] arguments = ["-nostdin", "-v", "error", "-f", "lavfi", "-i", source, "-t", Invariant($"{seconds}"), "-c:v", codec, "-pix_fmt", codec == "mjpeg" ? "yuvj420p" : "yuv420p", "file:" + path];
        using var program = Process.Start(new ProcessStartInfo("ffmpeg", arguments))!;
        program.WaitForExit();
        program.ExitCode.ShouldBe(0);
    }

    /// <summary>Skips the test where ffmpeg is absent.</summary>
    public static void RequireProgram()
    {
        try
        {
            using var program = Process.Start(new ProcessStartInfo("ffprobe", ["-version"]) { RedirectStandardOutput = true })!;
            program.StandardOutput.ReadToEnd();
        }
        catch (Win32Exception)
        {
            Assert.Skip("ffmpeg is not installed.");
        }
    }
}
