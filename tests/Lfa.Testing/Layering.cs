using System.Reflection;

namespace Lfa.Testing;

/// <summary>Layers that depend one way: a layer uses itself and those before it; parts of one layer may use each other, but not in a circle.</summary>
/// <param name="layers">The layers from the lowest, each with the names of its parts.</param>
public sealed class Layering(params string[][] layers)
{
    /// <summary>Gets all names.</summary>
    public IEnumerable<string> Names => layers.SelectMany(layer => layer);

    /// <summary>Returns the uses that break the order, or are of no layer, with who uses what.</summary>
    public IReadOnlyList<string> Violations(IEnumerable<(string From, string To, string Detail)> uses)
    {
        var all = uses.Where(use => use.From != use.To).ToArray();
        var beside = all.Where(use => Level(use.From) == Level(use.To)).Select(use => (use.From, use.To)).ToHashSet();
        return [.. all.Where(use => Level(use.From) < 0 || Level(use.To) < 0 || Level(use.To) > Level(use.From) || (Level(use.To) == Level(use.From) && Reaches(use.To, use.From)))
            .Select(use => $"{use.From} uses {use.To}: {use.Detail}").Distinct().Order(StringComparer.Ordinal)];

        bool Reaches(string from, string to)
        {
            var (reached, open) = (new HashSet<string> { from }, new Queue<string>([from]));
            while (open.TryDequeue(out var name))
            {
                foreach (var (_, next) in beside.Where(edge => edge.From == name && reached.Add(edge.To)))
                    open.Enqueue(next);
            }
            return reached.Contains(to);
        }
    }

    /// <summary>Returns the uses between the namespaces of an assembly, each with the two types.</summary>
    public static IReadOnlyList<(string From, string To, string Detail)> Uses(IEnumerable<Type> types) =>
        [.. types.Where(type => type.Namespace is not null).SelectMany(type => TypeReferences.Of(type)
            .Where(used => used.Assembly == type.Assembly && used.Namespace is not null && used.Namespace != type.Namespace)
            .Select(used => (type.Namespace!, used.Namespace!, $"{Outermost(type).Name} uses {Outermost(used).Name}")))];

    /// <summary>Returns the types of an assembly, the compiler's own apart.</summary>
    public static IEnumerable<Type> Types(Assembly assembly) => assembly.GetTypes().Where(type => type.Namespace?.StartsWith(nameof(Lfa), StringComparison.Ordinal) ?? false);

    private int Level(string name) => Array.FindIndex(layers, layer => layer.Contains(name));

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
