namespace Lfa.Cli;

/// <summary>The exit codes of the tool.</summary>
internal static class ExitCodes
{
    /// <summary>The work is done.</summary>
    public const int Success = 0;

    /// <summary>An argument or a file is wrong; one line says which and what to do.</summary>
    public const int BadInput = 2;

    /// <summary>A defect of the tool, as sysexits.h numbers it.</summary>
    public const int InternalError = 70;

    /// <summary>Ctrl-C, as shells number it: 128 + SIGINT.</summary>
    public const int Canceled = 130;
}
