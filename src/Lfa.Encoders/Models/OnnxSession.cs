using Microsoft.ML.OnnxRuntime;

namespace Lfa.Encoders.Models;

/// <summary>Sets the runtime up.</summary>
internal static class OnnxSession
{
    /// <summary>Makes the options of a session.</summary>
    /// <exception cref="LfaDataException">The execution provider is not in this installation.</exception>
    public static SessionOptions Options(string path, EncoderOptions options)
    {
        var session = new SessionOptions
        {
            IntraOpNumThreads = options.MaxDegreeOfParallelism == -1 ? Environment.ProcessorCount : options.MaxDegreeOfParallelism,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, // failures arrive as exceptions
        };
        // Threads that wait by spinning would take the cores from the decoding of the next images.
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        try
        {
            Append(session, options.Provider);
            return session;
        }
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
        {
            session.Dispose();
            throw new LfaDataException($"{path}: this installation cannot run graphs on {options.Provider} ({FirstLine(e)}); put the package Microsoft.ML.OnnxRuntime.{PackageSuffix(options.Provider)} in place of Microsoft.ML.OnnxRuntime, or use {nameof(ExecutionProvider.Cpu)}.", e);
        }
    }

    /// <summary>Returns what the runtime says went wrong, without its traces.</summary>
    public static string FirstLine(Exception e) => e.Message.ReplaceLineEndings("\n").Split('\n')[0].TrimEnd('.', ' ');

    private static void Append(SessionOptions session, ExecutionProvider provider)
    {
        if (provider == ExecutionProvider.Cuda)
            session.AppendExecutionProvider_CUDA();
        else if (provider == ExecutionProvider.DirectML)
            session.AppendExecutionProvider_DML();
    }

    private static string PackageSuffix(ExecutionProvider provider) => provider == ExecutionProvider.Cuda ? "Gpu" : "DirectML";
}
