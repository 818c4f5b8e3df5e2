using System.Diagnostics;

namespace Lfa.Cli.Tests.Support;

/// <summary>Runs programs as processes of their own.</summary>
internal static class ToolProcess
{
    private static readonly string Runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!; // …/shared/Microsoft.NETCore.App/version

    /// <summary>Gets the folder of the .NET installation.</summary>
    public static string DotnetRoot { get; } = Path.GetFullPath(Path.Combine(Runtime, "..", "..", ".."));

    /// <summary>Gets the program that runs .NET assemblies.</summary>
    public static string Dotnet { get; } = Path.Combine(DotnetRoot, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");

    /// <summary>Gets the assembly of the tool.</summary>
    public static string ToolPath { get; } = Path.Combine(AppContext.BaseDirectory, "Lfa.Cli.dll");

    /// <summary>Runs the tool.</summary>
    public static ToolResult RunTool(params string[] args) => Run(Dotnet, [ToolPath, .. args]);

    /// <summary>Runs the tool in an environment, and measures the memory that it takes at most.</summary>
    public static (ToolResult Result, long PeakBytes) Measure(string[] args, params (string Name, string Value)[] environment)
    {
        var peak = 0L;
        var result = Run(Dotnet, [ToolPath, .. args], meanwhile: Watch, environment: environment);
        return (result, peak);

        void Watch(Process process)
        {
            do
            {
                process.Refresh();
                peak = Math.Max(peak, PeakOf(process));
            }
            while (!process.WaitForExit(TimeSpan.FromMilliseconds(20)));
            peak.ShouldBeGreaterThan(0);
        }

        static long PeakOf(Process process)
        {
            try
            {
                return process.HasExited ? 0 : process.PeakWorkingSet64;
            }
            catch (InvalidOperationException) // It ended between the two.
            {
                return 0;
            }
        }
    }

    /// <summary>Sends a signal to a process.</summary>
    /// <param name="process">The process.</param>
    /// <param name="signal">Its name, such as INT.</param>
    public static void Signal(Process process, string signal) => Run("/bin/sh", ["-c", $"kill -{signal} {process.Id}"]);

    /// <summary>Runs a program to its end.</summary>
    public static ToolResult Run(string program, string[] args, string? workingFolder = null, Action<Process>? meanwhile = null, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = workingFolder ?? "" };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        meanwhile?.Invoke(process);
        if (!process.WaitForExit(TimeSpan.FromMinutes(2)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', args)} did not end within two minutes.");
        }
        return new ToolResult(process.ExitCode, output.Result, error.Result);
    }
}
