namespace Lfa.Tests.Architecture.Planted.High;

internal class Higher
{
    public static int Count => 3;
}

[AttributeUsage(AttributeTargets.All)]
internal sealed class HigherAttribute : Attribute;
