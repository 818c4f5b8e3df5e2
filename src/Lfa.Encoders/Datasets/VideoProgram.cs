using System.ComponentModel;
using System.Diagnostics;

namespace Lfa.Encoders.Datasets;

/// <summary>Runs a program that reads a video.</summary>
internal static class VideoProgram
{
    // A single frame of a long video takes seconds on a slow disk.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>Runs a program and returns what it writes.</summary>
    public static byte[] Run(string path, string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var process = Start(path, program, arguments);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Longest);
        using var ending = limit.Token.Register(() => End(process));
        // Both are read at once: a full pipe would halt the program.
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        cancellationToken.ThrowIfCancellationRequested();
        if (limit.IsCancellationRequested)
            throw BadInput.Because(Invariant($"{program} took over {Longest.TotalSeconds:F0} s; the file is damaged or too large."));
        var message = errors.GetAwaiter().GetResult().Trim();
        if (process.ExitCode != 0)
            throw BadInput.Because($"{program} cannot read it ({Shorten(message, path)}).");
        return output.ToArray();
    }

    private static Process Start(string path, string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            return process;
        }
        catch (Win32Exception e)
        {
            throw BadInput.Because($"videos need the program {program}, which is not on the PATH; install ffmpeg (Debian: apt-get install ffmpeg).", e);
        }
    }

    private static void End(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    /// <summary>Takes the last line, without the file's name, which stands ahead already.</summary>
    private static string Shorten(string message, string path) =>
        message.Split('\n')[^1].Replace($"file:{Path.GetFullPath(path)}: ", "", StringComparison.Ordinal);
}
