namespace Lfa.Cli;

/// <summary>Puts messages of the library, which name its types and properties, into the terms of the command line.</summary>
internal static class LibraryTerms
{
    private static readonly (string Term, string Option)[] Options =
    [
        ("SourceLoaderOptions.Model", "--model"),
        ("SourceLoaderOptions.DatasetRoot", "--root"),
        ("ModelCatalog.All lists some", "`lfa models list` shows some"),
        ("ModelCatalog.All", "`lfa models list`"),
        ("DatasetCatalog.All", "`lfa datasets`"),
        ("give the images that it was fitted to, too", "give the images that it was fitted to, too (--with)"),
    ];

    /// <summary>Returns a message with options and commands in place of the library's names.</summary>
    public static string ToOptions(string message) => Options.Aggregate(message, (text, pair) => text.Replace(pair.Term, pair.Option, StringComparison.Ordinal));
}
