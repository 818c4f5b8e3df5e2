using System.CommandLine.Parsing;
using System.Globalization;

namespace Lfa.Cli.Parsing;

/// <summary>Makes options whose values are checked while parsing, with messages that name the option and the value.</summary>
internal static class OptionOf
{
    /// <summary>Makes an option that takes a number.</summary>
    /// <param name="name">The name, with its dashes.</param>
    /// <param name="description">What it does.</param>
    /// <param name="defaultValue">The value where it is not given.</param>
    /// <param name="check">Throws an <see cref="ArgumentException"/> for a value out of range.</param>
    /// <param name="helpName">What stands for the value in the help. Default: "number".</param>
    public static Option<double> Number(string name, string description, double defaultValue, Action<double> check, string helpName = "number") => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => defaultValue,
        CustomParser = argument => ReadNumber(name, argument, check),
    };

    /// <summary>Makes an option that takes a number, or is not given.</summary>
    /// <param name="name">The name, with its dashes.</param>
    /// <param name="description">What it does.</param>
    /// <param name="check">Throws an <see cref="ArgumentException"/> for a value out of range.</param>
    public static Option<double?> MaybeNumber(string name, string description, Action<double> check) => new(name)
    {
        Description = description,
        HelpName = "number",
        CustomParser = argument => ReadNumber(name, argument, check),
    };

    /// <summary>Makes an option that takes an integer.</summary>
    /// <param name="name">The name, with its dashes.</param>
    /// <param name="description">What it does.</param>
    /// <param name="defaultValue">The value where it is not given.</param>
    /// <param name="check">Throws an <see cref="ArgumentException"/> for a value out of range.</param>
    public static Option<int> Integer(string name, string description, int defaultValue, Action<int>? check = null) => new(name)
    {
        Description = description,
        HelpName = "integer",
        DefaultValueFactory = _ => defaultValue,
        CustomParser = argument => ReadInteger(name, argument, check),
    };

    /// <summary>Makes an option that takes an integer, or is not given.</summary>
    /// <param name="name">The name, with its dashes.</param>
    /// <param name="description">What it does.</param>
    /// <param name="check">Throws an <see cref="ArgumentException"/> for a value out of range.</param>
    public static Option<int?> MaybeInteger(string name, string description, Action<int> check) => new(name)
    {
        Description = description,
        HelpName = "integer",
        CustomParser = argument => ReadInteger(name, argument, check),
    };

    /// <summary>Makes an option that takes one of some words.</summary>
    /// <param name="name">The name, with its dashes.</param>
    /// <param name="description">What it does.</param>
    /// <param name="defaultValue">The value where it is not given, one of <paramref name="choices"/>.</param>
    /// <param name="choices">The words.</param>
    public static Option<string> Choice(string name, string description, string defaultValue, params string[] choices)
    {
        var words = string.Join("|", choices);
        var option = new Option<string>(name)
        {
            Description = description,
            HelpName = words,
            DefaultValueFactory = _ => defaultValue,
            CustomParser = argument => choices.Contains(argument.Tokens[0].Value) ? argument.Tokens[0].Value : Wrong<string>(name, argument, $"one of {words}"),
        };
        option.CompletionSources.Add(choices);
        return option;
    }

    /// <summary>Makes an option that is given or not.</summary>
    public static Option<bool> Switch(string name, string description) => new(name) { Description = description };

    /// <summary>Returns whether an option is given, not left to its default.</summary>
    public static bool IsGiven(this ParseResult result, Option option) => result.GetResult(option) is { Implicit: false };

    /// <summary>Throws for a value out of range.</summary>
    public static void Require(bool holds, string expected)
    {
        if (!holds)
            throw new ArgumentException(expected);
    }

    /// <summary>Reads a number and checks it.</summary>
    public static double ReadNumber(string name, ArgumentResult argument, Action<double> check) =>
        double.TryParse(argument.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? Checked(name, argument, value, check)
            : Wrong<double>(name, argument, "a number");

    private static int ReadInteger(string name, ArgumentResult argument, Action<int>? check) =>
        int.TryParse(argument.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? Checked(name, argument, value, check)
            : Wrong<int>(name, argument, "an integer");

    private static T Checked<T>(string name, ArgumentResult argument, T value, Action<T>? check)
    {
        try
        {
            check?.Invoke(value);
        }
        catch (Exception e) when (e is ArgumentException or LfaDataException)
        {
            argument.AddError($"{name} {argument.Tokens[0].Value}: {BadInputException.WithoutParameter(e.Message)}");
        }
        return value;
    }

    private static T? Wrong<T>(string name, ArgumentResult argument, string expected)
    {
        argument.AddError($"{name} {argument.Tokens[0].Value}: expected {expected}");
        return default;
    }
}
