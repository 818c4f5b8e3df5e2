using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Lfa.Cli.Commands;
using Lfa.Cli.Parsing;
using Lfa.Cli.Rendering;

namespace Lfa.Cli;

/// <summary>The tool: parses the arguments, runs the command, and turns failures into one line and an exit code.</summary>
internal static class CommandLine
{
    private const string Description = """
        Linear Feature Alignment: adapts CLIP-like models to a new task from embeddings alone.

        Try `lfa demo` first; it needs no files. Exit codes: 0 done, 2 bad input (one line on stderr says what),
        130 canceled, 70 internal error. Shell completion works through the dotnet-suggest tool.
        """;

    /// <summary>Runs the tool.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static int Run(IReadOnlyList<string> args, Session session)
    {
        try
        {
            Invoke(Parse(args, session), session);
            session.Output.Flush();
            return ExitCodes.Success;
        }
        catch (OperationCanceledException e)
        {
            return Fail(session, e is CanceledException ? e.Message : "canceled; nothing was left half-written.", ExitCodes.Canceled);
        }
        catch (Exception e) when (e is BadInputException or LfaDataException or IOException or UnauthorizedAccessException)
        {
            return Fail(session, LibraryTerms.ToOptions(e.Message), ExitCodes.BadInput);
        }
        catch (OutOfMemoryException)
        {
            return Fail(session, "there is not enough memory for this input; free some, or split it.", ExitCodes.BadInput);
        }
        catch (Exception e)
        {
            return Fail(session, $"internal error: {e.GetType().Name}: {e.Message} This is a defect of the tool; please report it.", ExitCodes.InternalError);
        }
    }

    /// <summary>Builds the tree of commands.</summary>
    private static RootCommand CreateRoot(Session session)
    {
        var root = CreateCommands(session);
        var help = root.Options.OfType<HelpOption>().Single();
        var plain = (HelpAction)help.Action!;
        help.Action = new GroupedHelp(plain, showsAll: false);
        root.Add(new Option<bool>(GroupedHelp.All) { Description = "Show all options, those of single methods, too", Recursive = true, Hidden = true, Action = new GroupedHelp(plain, showsAll: true) });
        return root;
    }

    private static RootCommand CreateCommands(Session session) => new(Description)
    {
        HelpName = "lfa",
        Subcommands =
        {
            new EmbedCommand(session),
            new FitCommand(session),
            new UpdateCommand(session),
            new EvaluateCommand(session),
            new CompareCommand(session),
            new ProtocolCommand(session),
            new LearnCommand(session),
            new ApproximateCommand(session),
            new PredictCommand(session),
            new ReviewCommand(session),
            new ExportCommand(session),
            new InspectCommand(session),
            new DemoCommand(session),
            new ModelsCommand(session),
            new DatasetsCommand(session),
        },
    };

    /// <summary>Parses the arguments; the first mistake becomes a <see cref="BadInputException"/>.</summary>
    public static ParseResult Parse(IReadOnlyList<string> args, Session session)
    {
        if (args.Contains(""))
            throw new BadInputException("an argument is empty; give it a value or leave it out.");
        if (args is [] or ["models"] or ["protocol"])
            args = [.. args, "--help"];
        // "@name" is a file name like others, not a file of arguments.
        var result = CreateRoot(session).Parse(FormerOptions.Rename(args), new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Action is not ParseErrorAction)
            return result;
        throw new BadInputException($"{FirstMistake(result).TrimEnd('.', ' ')}; see `{FullName(result.CommandResult)} --help`.");
    }

    // The root is named after the program's file, which is not always lfa.
    private static string FullName(CommandResult command) => command.Parent is CommandResult parent ? $"{FullName(parent)} {command.Command.Name}" : "lfa";

    // An unknown option is the mistake to name: it also shifts the arguments after it, whose complaints only mislead.
    private static string FirstMistake(ParseResult result)
    {
        if (result.Errors.FirstOrDefault(error => error.Message.StartsWith(PathArgument.UnknownOption, StringComparison.Ordinal)) is { } mistaken)
            return mistaken.Message;
        if (result.UnmatchedTokens.Count == 0)
            return result.Errors[0].Message;
        var unknown = result.UnmatchedTokens.FirstOrDefault(token => token.StartsWith('-')) ?? result.UnmatchedTokens[0];
        var kind = unknown.StartsWith('-') ? PathArgument.UnknownOption : result.CommandResult.Command.Subcommands.Count > 0 ? "unknown command" : "one argument too many:";
        return $"{kind} '{unknown}'";
    }

    /// <summary>Runs the command; failures are thrown.</summary>
    public static void Invoke(ParseResult result, Session session) =>
        result.Invoke(new InvocationConfiguration { Output = session.Output, Error = session.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });

    private static int Fail(Session session, string message, int exitCode)
    {
        try
        {
            session.Error.WriteLine($"lfa: {OneLine.Of(message)}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nobody listens; the exit code still tells.
        }
        return exitCode;
    }
}
