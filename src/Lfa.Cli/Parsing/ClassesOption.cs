using Lfa.Encoders.Datasets;

namespace Lfa.Cli.Parsing;

/// <summary>The option that names the classes of images.</summary>
internal sealed class ClassesOption
{
    private readonly Option<string?> _classes = new("--classes") { Description = "A text file with one class name a line, or folder = class name; without it, the names of the folders", HelpName = "file" };

    public ClassesOption(Command command) => command.Add(_classes);

    public string? Path(ParseResult result) => result.GetValue(_classes);

    public ClassNameList? Read(ParseResult result) => Path(result) is { } path ? ClassNameList.Read(path) : null;
}
