using System.Globalization;
using System.Text.Json;
using Lfa.Encoders.Images;

namespace Lfa.Encoders.Datasets;

/// <summary>Takes images out of videos with the programs <c>ffprobe</c> and <c>ffmpeg</c>, which must be on the PATH.</summary>
/// <remarks>The programs get file names as arguments, never through a shell, read no other file and no network, and are ended after a minute.</remarks>
internal static class VideoFrames
{
    // A frame above this is no video that a model was meant for.
    private const long MostPixels = 100_000_000;

    // Protocols and containers: playlists, which name further files, are not among them.
    private static readonly string[] Safety =
    [
        "-v", "error", "-protocol_whitelist", "file,pipe",
        "-format_whitelist", "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,m4v,flv,asf,ogg",
    ];

    // Where no frame starts after the middle of the last segment, a little earlier one does.
    private static readonly double[] StepsBack = [0, 0.05, 0.25, 1, double.PositiveInfinity];

    /// <summary>Takes frames at the centers of equal segments of a video.</summary>
    /// <param name="path">The path of the video.</param>
    /// <param name="count">The number of frames, at least 1. Default: 8.</param>
    /// <param name="cancellationToken">Ends the programs.</param>
    /// <returns>The frames in order of time, turned as the video says.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="LfaDataException">The file is no video or a damaged one, a frame takes over a minute, or the programs are missing. The message is one line and does not name the file.</exception>
    /// <exception cref="OperationCanceledException">The work was canceled.</exception>
    public static IReadOnlyList<RgbImage> Sample(string path, int count = 8, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (!File.Exists(path))
            throw new FileNotFoundException(OneLine.Of($"{path}: there is no such file."), path);
        if (!ImageFile.HasContent(path))
            throw BadInput.Because("the file is empty.");
        var (seconds, pixels) = Probe(path, cancellationToken);
        if (pixels > MostPixels)
            throw BadInput.Because(Invariant($"its frames have {pixels} pixels; at most {MostPixels} are read."));
        return [.. Enumerable.Range(0, count).Select(i => ReadFrame(path, seconds * (i + 0.5) / count, cancellationToken))];
    }

    private static (double Seconds, long Pixels) Probe(string path, CancellationToken cancellationToken)
    {
        var output = VideoProgram.Run(path, "ffprobe", [.. Safety, "-select_streams", "v:0", "-show_entries", "stream=width,height,duration:format=duration", "-of", "json", "-i", Source(path)], cancellationToken);
        using var json = JsonDocument.Parse(output);
        if (!json.RootElement.TryGetProperty("streams", out var streams) || streams.GetArrayLength() == 0)
            throw BadInput.Because("it holds no video.");
        var seconds = Duration(streams[0]) ?? (json.RootElement.TryGetProperty("format", out var format) ? Duration(format) : null);
        if (seconds is not { } length || !double.IsFinite(length) || length < 0)
            throw BadInput.Because("its length is unknown; convert it to mp4.");
        return (length, streams[0].GetProperty("width").GetInt64() * streams[0].GetProperty("height").GetInt64());
    }

    private static double? Duration(JsonElement entry) =>
        entry.TryGetProperty("duration", out var text) && double.TryParse(text.GetString(), CultureInfo.InvariantCulture, out var seconds) ? seconds : null;

    private static RgbImage ReadFrame(string path, double seconds, CancellationToken cancellationToken)
    {
        foreach (var back in StepsBack)
        {
            var time = Math.Max(0, seconds - back).ToString("F6", CultureInfo.InvariantCulture);
            var frame = VideoProgram.Run(path, "ffmpeg", ["-nostdin", .. Safety, "-ss", time, "-i", Source(path), "-map", "0:v:0", "-frames:v", "1", "-f", "image2pipe", "-c:v", "ppm", "-pix_fmt", "rgb24", "pipe:1"], cancellationToken);
            if (frame.Length > 0)
                return ParsePpm(frame);
        }
        throw BadInput.Because(Invariant($"no frame can be read at {seconds:F2} s; the file is damaged."));
    }

    /// <summary>Names a file so that no name is taken for an option or a protocol.</summary>
    private static string Source(string path) => "file:" + Path.GetFullPath(path);

    /// <summary>Parses "P6\nWIDTH HEIGHT\n255\n" and the pixels behind it.</summary>
    private static RgbImage ParsePpm(byte[] frame)
    {
        var (numbers, at) = (new int[3], 2);
        for (var i = 0; i < numbers.Length; i++)
        {
            at++;
            for (; at < frame.Length && frame[at] is >= (byte)'0' and <= (byte)'9'; at++)
                numbers[i] = checked((numbers[i] * 10) + frame[at] - '0');
        }
        var (width, height, pixels) = (numbers[0], numbers[1], frame.AsMemory(Math.Min(at + 1, frame.Length)));
        return width > 0 && height > 0 && pixels.Length == 3L * width * height ? new RgbImage(pixels, width, height) : throw BadInput.Because("a frame is cut off; the file is damaged.");
    }
}
