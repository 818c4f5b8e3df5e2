using Lfa.Tests.Architecture.Planted.High;

namespace Lfa.Tests.Architecture.Planted.Low;

// Every way to use a type of another namespace, one a class.

internal sealed class Base : Higher;

internal sealed class Field
{
    public Higher? One { get; set; }
}

internal sealed class Parameter
{
    public static bool IsGiven(Higher?[] ones) => ones.Length > 0;
}

internal sealed class Argument
{
    public static List<List<Higher>>? Lists => null;
}

internal sealed class Code
{
    public static int Count() => Higher.Count + 1;
}

internal sealed class TypeArgument
{
    public static bool IsNone() => Enumerable.Empty<Higher>() is null;
}

[Higher]
internal sealed class Marked;

internal sealed class Lambda
{
    public static Func<int> Count() => () => Higher.Count;
}
