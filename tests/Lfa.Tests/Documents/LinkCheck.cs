using System.Text;
using System.Text.RegularExpressions;

namespace Lfa.Tests.Documents;

/// <summary>Finds links of Markdown documents that lead nowhere: files that are not there, anchors without a heading.</summary>
/// <param name="exists">Whether there is a file or folder at a path from the root of the repository.</param>
/// <param name="read">The text of a document.</param>
internal sealed partial class LinkCheck(Func<string, bool> exists, Func<string, string> read)
{
    /// <summary>Lists the broken links of a document, one line each.</summary>
    public List<string> Problems(string path, string text)
    {
        var problems = new List<string>();
        foreach (Match match in Link().Matches(Code().Replace(text, "")))
        {
            var target = match.Groups["target"].Value;
            if (Scheme().IsMatch(target))
                continue;
            var (file, anchor) = target.Split('#', 2) is [var left, var right] ? (left, right) : (target, null);
            var full = file.Length == 0 ? path : Combine(path, file);
            if (full is null || !exists(full))
                problems.Add($"{path}: {target} is not there.");
            else if (anchor is not null && !Anchors(file.Length == 0 ? text : read(full)).Contains(anchor))
                problems.Add($"{path}: {target} names no heading.");
        }
        return problems;
    }

    /// <summary>Lists the anchors of the headings of a document, as GitHub makes them.</summary>
    public static HashSet<string> Anchors(string text)
    {
        var (anchors, counts) = (new HashSet<string>(), new Dictionary<string, int>());
        foreach (Match heading in Heading().Matches(Fence().Replace(text, "")))
        {
            var anchor = new StringBuilder();
            foreach (var c in heading.Groups["text"].Value.Trim().ToLowerInvariant())
            {
                if (char.IsLetterOrDigit(c) || c is '-' or '_')
                    anchor.Append(c);
                else if (c == ' ')
                    anchor.Append('-');
            }
            var name = anchor.ToString();
            var count = counts[name] = counts.GetValueOrDefault(name) + 1;
            anchors.Add(count == 1 ? name : Invariant($"{name}-{count - 1}"));
        }
        return anchors;
    }

    /// <summary>Resolves a link; null where it leads out of the repository.</summary>
    private static string? Combine(string path, string target)
    {
        var parts = path.Split('/')[..^1].ToList();
        foreach (var part in target.TrimEnd('/').Split('/'))
        {
            if (part == "..")
            {
                if (parts.Count == 0)
                    return null;
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part != ".")
                parts.Add(part);
        }
        return string.Join('/', parts);
    }

    [GeneratedRegex(@"\]\((?<target>[^()\s]+)\)|<(img|a) [^>]*(src|href)=""(?<target>[^""]+)""")]
    private static partial Regex Link();

    [GeneratedRegex("^[a-z]+:", RegexOptions.IgnoreCase)]
    private static partial Regex Scheme();

    [GeneratedRegex(@"^#{1,6} (?<text>.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("^ *```.*?^ *```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("^ *```.*?^ *```|`[^`\n]+`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();
}
