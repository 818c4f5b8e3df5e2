using System.Text.RegularExpressions;

namespace Lfa.Testing;

/// <summary>The examples of README.md, and the methods in the tests that are the same letter for letter.</summary>
public static partial class Readme
{
    /// <summary>Asserts that a block of C# in a document is the body of the method in a source file, usings included.</summary>
    /// <param name="block">Which block, from 0.</param>
    /// <param name="path">The source file, from the root of the repository.</param>
    /// <param name="document">The document, from the root of the repository.</param>
    public static void ShouldHold(int block, string path, string document = "README.md")
    {
        var blocks = CSharpBlock().Matches(Repository.Read(document));
        var source = Repository.Read(path);
        var usings = source[..source.IndexOf("namespace ", StringComparison.Ordinal)];
        var body = MethodBody().Match(source).Groups["body"].Value;
        Normalize(blocks[block].Groups["code"].Value).ShouldBe(Normalize(usings + body));
    }

    /// <summary>Runs what uses relative paths and the console, and returns the lines that it prints.</summary>
    public static string[] RunIn(string folder, Action action)
    {
        var (before, console) = (Directory.GetCurrentDirectory(), Console.Out);
        using var output = new StringWriter();
        try
        {
            Directory.SetCurrentDirectory(folder);
            Console.SetOut(output);
            action();
        }
        finally
        {
            Console.SetOut(console);
            Directory.SetCurrentDirectory(before);
        }
        return output.ToString().Split(output.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }

    private static string Normalize(string code) => Whitespace().Replace(code, " ").Trim();

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();

    [GeneratedRegex("\n    {\n(?<body>.*)\n    }\n", RegexOptions.Singleline)]
    private static partial Regex MethodBody();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();
}
