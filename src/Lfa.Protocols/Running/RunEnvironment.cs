using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Lfa.Protocols.Running;

/// <summary>What a result depends on beside its input: the library, the runtime, the processor.</summary>
internal static class RunEnvironment
{
    private const string LinuxProcessors = "/proc/cpuinfo";

    /// <summary>Gets the version of the library.</summary>
    public static string Version { get; } = typeof(Model.LfaModel).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Gets the runtime and the operating system.</summary>
    public static string Runtime { get; } = $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}";

    /// <summary>Gets the processor, and the width of its registers, with which sums are split.</summary>
    public static string Processor { get; } = Invariant($"{ProcessorName()}, {RegisterBits} bits");

    private static int RegisterBits => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 64;

    private static string ProcessorName()
    {
        var line = OperatingSystem.IsLinux() && File.Exists(LinuxProcessors) ? File.ReadLines(LinuxProcessors).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
            ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
