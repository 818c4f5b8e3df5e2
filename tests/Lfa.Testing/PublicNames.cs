using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Lfa.Testing;

/// <summary>What public identifiers are called: the field's words, in American spelling.</summary>
public static partial class PublicNames
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // American words that end as British ones do.
    private static readonly HashSet<string> AlikeInAmerica = new(StringComparer.OrdinalIgnoreCase)
    {
        "noise", "noised", "otherwise", "precise", "raise", "raised", "rise", "revise", "revised", "advise", "comprise", "concise", "exercise", "likewise", "pairwise", "piecewise", "elementwise",
        "promise", "promised", "premise", "supervise", "supervised", "unsupervised", "semisupervised", "surprise", "wise",
        "contour", "four", "hour", "our", "pour", "tour", "your",
    };

    /// <summary>Returns the public identifiers of an assembly that break a rule, each with where it is and the rule.</summary>
    public static IReadOnlyList<string> Faults(Assembly assembly) => Faults(assembly.GetExportedTypes());

    /// <summary>Returns the public identifiers of types that break a rule, each with where it is and the rule.</summary>
    public static IReadOnlyList<string> Faults(IEnumerable<Type> types) =>
        [.. types.SelectMany(Identifiers).SelectMany(one => Rules(one.Name, one.IsType).Select(rule => $"{one.Place}: {rule}")).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Returns the rules that an identifier breaks.</summary>
    public static IEnumerable<string> Rules(string identifier, bool isType = false)
    {
        string[] words = [.. Word().Matches(identifier).Select(match => match.Value)];
        if (words.Any(word => word.StartsWith("picture", StringComparison.OrdinalIgnoreCase)))
            yield return "it is an image, not a picture";
        if (words is ["Known" or "known", _, ..])
            yield return "a list of things is named by them, without Known";
        if (isType && words is [.., "Names"])
            yield return "a type is no helper for names";
        foreach (var word in words.Where(word => British().IsMatch(word) && !AlikeInAmerica.Contains(word)))
            yield return $"{word} is British";
    }

    private static IEnumerable<(string Name, string Place, bool IsType)> Identifiers(Type type)
    {
        var place = type.FullName!;
        yield return (type.Name.Split('`')[0], place, true);
        foreach (var part in type.Namespace!.Split('.'))
            yield return (part, type.Namespace, false);
        foreach (var member in type.GetMembers(Declared).Where(member => member is not Type && !member.IsDefined(typeof(CompilerGeneratedAttribute)) && IsVisible(member)))
        {
            yield return (member.Name, $"{place}.{member.Name}", false);
            foreach (var parameter in member is MethodBase method ? method.GetParameters() : [])
                yield return (parameter.Name ?? "", $"{place}.{member.Name}({parameter.Name})", false);
        }
    }

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly) && (!method.IsSpecialName || method.IsConstructor),
        FieldInfo field => (field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly) && !field.IsSpecialName,
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(accessor => accessor.IsPublic || accessor.IsFamily || accessor.IsFamilyOrAssembly),
        EventInfo => true,
        _ => false,
    };

    [GeneratedRegex("[A-Z]?[a-z]+|[A-Z]+(?![a-z])")]
    private static partial Regex Word();

    [GeneratedRegex("(is(e|es|ed|er|ers|ing|ation|ations)$)|(yse[ds]?$)|(ours?$)|(oured$)|(ouring$)|(oural$)|([^aeiou]tres?$)|(tred$)|(logue$)|(ll(ed|ing)$)|^neighbour|^behaviour|^colour|^favour|^centre|^centring|^grey|^licence|^defence", RegexOptions.IgnoreCase)]
    private static partial Regex British();
}
