using System.Text;
using System.Text.Json;

namespace Lfa.Cli.Tests.Support;

/// <summary>Runs the tool within the test process.</summary>
internal static class Tool
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Runs the tool with what it prints captured, as a process would print it.</summary>
    public static ToolResult Run(params string[] args) => Run(CancellationToken.None, args);

    public static ToolResult Run(CancellationToken cancellationToken, params string[] args)
    {
        using var stdout = new MemoryStream();
        var output = new StreamWriter(stdout, Utf8, 1 << 16);
        using var error = new StringWriter();
        var exitCode = CommandLine.Run(args, new Session(output, error, ShowsProgress: false, cancellationToken));
        return new ToolResult(exitCode, Utf8.GetString(stdout.ToArray()), error.ToString());
    }

    /// <summary>Runs the tool, which must succeed, and returns what it prints.</summary>
    public static string Succeed(params string[] args)
    {
        var result = Run(args);
        result.Error.ShouldBeEmpty();
        result.ExitCode.ShouldBe(0);
        return result.Output;
    }

    /// <summary>Runs the tool, which must succeed and warn in one line.</summary>
    /// <param name="warning">What the line says behind "lfa: ".</param>
    /// <param name="args">The arguments.</param>
    /// <returns>What it prints.</returns>
    public static string SucceedWithWarning(string warning, params string[] args)
    {
        var result = Run(args);
        result.Error.ShouldBe($"lfa: {warning}{Environment.NewLine}");
        result.ExitCode.ShouldBe(0);
        return result.Output;
    }

    /// <summary>Runs the tool, which must print one JSON document.</summary>
    public static JsonElement SucceedWithJson(params string[] args)
    {
        using var document = JsonDocument.Parse(Succeed(args));
        return document.RootElement.Clone();
    }

    /// <summary>Runs the tool, which must fail with one line about the input and print nothing else.</summary>
    /// <returns>The line.</returns>
    public static string Fail(params string[] args) => Run(args).ShouldBeBadInput();
}

/// <summary>What a run of the tool gave.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    /// <summary>Asserts that one line says what is wrong with the input.</summary>
    /// <returns>The line.</returns>
    public string ShouldBeBadInput()
    {
        ExitCode.ShouldBe(2, Error);
        Output.ShouldBeEmpty();
        Error.ShouldStartWith("lfa: ");
        Error.ShouldEndWith(Environment.NewLine);
        var line = Error[..^Environment.NewLine.Length];
        line.ShouldNotContain('\n');
        line.ShouldNotContain(" at Lfa.");
        line.ShouldNotContain("(Parameter");
        line.ShouldNotContain("Exception");
        return line;
    }
}
