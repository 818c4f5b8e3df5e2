namespace Lfa.Cli.Parsing;

/// <summary>Makes arguments that name a file.</summary>
internal static class PathArgument
{
    /// <summary>Begins the message about a word with dashes that is no option.</summary>
    public const string UnknownOption = "unknown option";

    /// <summary>Makes an argument; a mistyped option is not taken for a file.</summary>
    /// <param name="name">What the help calls it.</param>
    /// <param name="description">What it is.</param>
    public static Argument<string> Create(string name, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        argument.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: ['-', _, ..] word }])
                result.AddError($"{UnknownOption} '{word}'");
        });
        return argument;
    }
}
