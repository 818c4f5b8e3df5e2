using Lfa.Cli.Inputs;
using Lfa.Data;
using Lfa.IO;

namespace Lfa.Cli.Commands;

/// <summary>The options by which classes are added by their names alone: in a file of features, or on the command line.</summary>
internal sealed class AddedClassSymbols
{
    private readonly Option<string?> _file = new("--add-classes") { Description = "A .npz file with the text features and the names of classes to add without an example", HelpName = "file" };
    private readonly Option<string[]> _names = new("--add-class") { Description = "The name of a class to add without an example, embedded by the model of the fit; may be given several times", HelpName = "name", DefaultValueFactory = _ => [] };

    /// <summary>Adds the options to a command.</summary>
    public AddedClassSymbols(Command command)
    {
        command.Add(_file);
        command.Add(_names);
    }

    public bool AreGiven(ParseResult result) => File(result) is not null || Names(result).Length > 0;

    public string? File(ParseResult result) => result.GetValue(_file);

    /// <summary>Refuses what contradicts itself, or another change beside it.</summary>
    public void Check(ParseResult result, bool isAlone)
    {
        if (File(result) is not null && Names(result).Length > 0)
            throw new BadInputException($"{_names.Name} and {_file.Name}: give the names on the command line or in the file, not both.");
        if (Names(result).GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { Key: var twice })
            throw new BadInputException($"{_names.Name} {twice}: the class is named twice; name it once.");
        if (AreGiven(result) && !isAlone)
            throw new BadInputException($"{(File(result) is null ? _names.Name : _file.Name)}: classes are added by their names in an update of its own; leave out the examples, --with and --remove-class.");
    }

    /// <summary>Reads the prototypes of the classes, or embeds their names.</summary>
    public NamedPrototypes Read(ParseResult result, FeatureInput input) =>
        File(result) is { } path ? FeatureFile.ReadPrototypes(path) : input.EncodeNames(Names(result));

    private string[] Names(ParseResult result) => result.GetRequiredValue(_names);
}
