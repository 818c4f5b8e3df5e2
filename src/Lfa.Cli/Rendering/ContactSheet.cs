using System.Net;
using Lfa.Classification;

namespace Lfa.Cli.Rendering;

/// <summary>An image of a contact sheet, with what was said of it before and after adaptation.</summary>
/// <param name="Path">The image's file.</param>
/// <param name="ClassName">The class it belongs to.</param>
/// <param name="Before">The class that zero-shot classification found.</param>
/// <param name="After">The class that the adapted classifier found.</param>
internal sealed record SheetImage(string Path, string ClassName, ClassProbability Before, ClassProbability After)
{
    public bool WasRight => Before.ClassName == ClassName;

    public bool IsRight => After.ClassName == ClassName;
}

/// <summary>Writes images with their predictions as a web page that needs no other file.</summary>
internal static class ContactSheet
{
    private const string Style = """
        :root { color-scheme: light dark; --right: #2e9e5b; --wrong: #d64545; --card: color-mix(in srgb, currentColor 5%, transparent); }
        body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 78rem; padding: 0 1.5rem; }
        h1 { font-size: 1.6rem; margin-bottom: .3rem; } h2 { font-size: 1.1rem; margin: 2.2rem 0 .8rem; }
        p { max-width: 46rem; } .count { opacity: .6; font-weight: normal; }
        .sheet { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: .8rem; }
        figure { margin: 0; padding: .7rem; border-radius: .6rem; background: var(--card); border-top: 4px solid var(--wrong); }
        figure.right { border-top-color: var(--right); }
        img { display: block; width: 5.5rem; height: 5.5rem; margin: 0 auto .5rem; object-fit: contain; border-radius: .4rem; background: #fff; }
        figcaption { font-size: .82rem; text-align: center; } figcaption b { display: block; }
        .said { display: block; } .said.right::before { content: "✓ "; color: var(--right); } .said.wrong::before { content: "✗ "; color: var(--wrong); }
        .before { opacity: .65; }
        """;

    /// <summary>Writes a page.</summary>
    /// <param name="output">Takes the page.</param>
    /// <param name="title">Its title.</param>
    /// <param name="introduction">What it shows.</param>
    /// <param name="images">The images.</param>
    public static void Write(TextWriter output, string title, string introduction, IReadOnlyList<SheetImage> images)
    {
        output.WriteLine($"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>{Html(title)}</title>\n<style>\n{Style}\n</style>\n</head>\n<body>");
        output.WriteLine($"<h1>{Html(title)}</h1>\n<p>{Html(introduction)}</p>");
        WriteSection(output, "Put right by adaptation", [.. images.Where(image => image is { WasRight: false, IsRight: true })]);
        WriteSection(output, "Wrong before and after", [.. images.Where(image => image is { WasRight: false, IsRight: false })]);
        WriteSection(output, "Spoilt by adaptation", [.. images.Where(image => image is { WasRight: true, IsRight: false })]);
        WriteSection(output, "Right from the start", [.. images.Where(image => image is { WasRight: true, IsRight: true })]);
        output.WriteLine("</body>\n</html>");
    }

    private static void WriteSection(TextWriter output, string title, SheetImage[] images)
    {
        if (images.Length == 0)
            return;
        output.WriteLine(Invariant($"<h2>{title} <span class=\"count\">{images.Length}</span></h2>\n<div class=\"sheet\">"));
        foreach (var image in images)
            WriteImage(output, image);
        output.WriteLine("</div>");
    }

    private static void WriteImage(TextWriter output, SheetImage image)
    {
        var name = System.IO.Path.GetFileNameWithoutExtension(image.Path);
        output.WriteLine($"<figure class=\"{Mark(image.IsRight)}\" title=\"{Html(name)}\"><img alt=\"{Html(name)}\" src=\"data:image/png;base64,{Convert.ToBase64String(File.ReadAllBytes(image.Path))}\">");
        output.WriteLine($"<figcaption><b>{Html(image.ClassName)}</b><span class=\"said before {Mark(image.WasRight)}\">{Said(image.Before)}</span><span class=\"said {Mark(image.IsRight)}\">{Said(image.After)}</span></figcaption></figure>");
    }

    private static string Mark(bool isRight) => isRight ? "right" : "wrong";

    private static string Said(ClassProbability said) => Invariant($"{Html(said.ClassName)} {100 * said.Probability:F0}&nbsp;%");

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
