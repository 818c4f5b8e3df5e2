namespace Lfa.Cli.Rendering;

/// <summary>Writes fractions for a person.</summary>
internal static class Per
{
    /// <summary>Returns a fraction in per cent, with two digits.</summary>
    public static string Cent(double fraction) => Invariant($"{100 * fraction:F2}");
}
