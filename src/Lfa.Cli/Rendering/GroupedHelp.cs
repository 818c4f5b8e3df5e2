using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Lfa.Cli.Parsing;

namespace Lfa.Cli.Rendering;

/// <summary>Shows the help with commands by task and options by group; rare options only where all are asked for.</summary>
/// <param name="plain">Writes the help without groups.</param>
/// <param name="showsAll">Whether rare options are shown, too.</param>
internal sealed class GroupedHelp(HelpAction plain, bool showsAll) : SynchronousCommandLineAction
{
    /// <summary>The option that shows everything.</summary>
    public const string All = "--help-all";

    private const string CommandsTitle = "Commands:";
    private const string OptionsTitle = "Options:";

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        var rare = command.Options.Where(option => IsRare(option.Name)).ToArray();
        var lines = Plain(parseResult, command, showsAll ? [] : rare).Split('\n').Select(line => line.TrimEnd()).ToList();
        Group(lines, CommandsTitle, command is RootCommand ? HelpGroups.Commands : []);
        Group(lines, OptionsTitle, HelpGroups.Options);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine(string.Join(Environment.NewLine, lines).TrimEnd());
        if (!showsAll && rare.Length > 0)
            output.WriteLine($"{Environment.NewLine}{All} shows {Counted.Of(rare.Length, "more option", "more options")}.");
        return 0;
    }

    private string Plain(ParseResult result, Command command, Option[] hidden)
    {
        var (configuration, output) = (result.InvocationConfiguration, result.InvocationConfiguration.Output);
        using var text = new StringWriter();
        foreach (var option in command.Options)
            option.Hidden = hidden.Contains(option) || (option.Name == All && !command.Options.Any(one => IsRare(one.Name)));
        configuration.Output = text;
        plain.Invoke(result);
        configuration.Output = output;
        return text.ToString();
    }

    /// <summary>Puts the lines of a section under the titles of the groups, where these share more than one.</summary>
    private static void Group(List<string> lines, string title, IReadOnlyList<HelpGroup> groups)
    {
        var start = lines.IndexOf(title);
        if (start < 0)
            return;
        var count = lines.Skip(start + 1).TakeWhile(line => line.Length > 0).Count();
        var section = lines.GetRange(start + 1, count);
        var grouped = groups.Select(group => (group.Title, Lines: section.Where(line => group.Names.Contains(Name(line))).ToArray())).Where(group => group.Lines.Length > 0).ToArray();
        if (grouped.Length < 2)
            return;
        var others = section.Except(grouped.SelectMany(group => group.Lines)).ToArray();
        lines.RemoveRange(start, count + 1);
        lines.InsertRange(start, grouped.Append((Title: title[..^1], Lines: others)).Where(group => group.Lines.Length > 0)
            .SelectMany((group, i) => (string[])[.. i == 0 ? Array.Empty<string>() : [""], $"{group.Title}:", .. group.Lines]));
    }

    // A line begins with the name of a command, or with those of an option, the long one last.
    private static string Name(string line)
    {
        var names = line.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries).TakeWhile((word, i) => i == 0 || word.StartsWith('-'));
        return names.Last().TrimEnd(',');
    }

    private static bool IsRare(string option) => HelpGroups.Options.Any(group => group.IsRare && group.Names.Contains(option));
}
