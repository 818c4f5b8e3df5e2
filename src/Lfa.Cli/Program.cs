using System.Runtime.InteropServices;
using System.Text;

namespace Lfa.Cli;

/// <summary>The process: its streams and its signals.</summary>
internal static class Program
{
    private const int OutputBuffer = 1 << 16;

    private static int Main(string[] args)
    {
        using var cancellation = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        if (OperatingSystem.IsWindows())
            Console.OutputEncoding = Encoding.UTF8;
        // Not disposed: what a failed command has left in the buffer must not be written.
        var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), OutputBuffer);
        return CommandLine.Run(args, new Session(output, Console.Error, ShowsProgress: !Console.IsErrorRedirected, cancellation.Token));

        // The first signal asks the work to stop, so that it leaves nothing half-written; the second one ends the process.
        void Cancel(PosixSignalContext context)
        {
            context.Cancel = !cancellation.IsCancellationRequested;
            cancellation.Cancel();
        }
    }
}
