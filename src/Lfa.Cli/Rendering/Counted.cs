namespace Lfa.Cli.Rendering;

/// <summary>Writes how many there are of something.</summary>
internal static class Counted
{
    /// <summary>Returns the number and the word for it.</summary>
    /// <param name="count">The number.</param>
    /// <param name="one">The word for one.</param>
    /// <param name="many">The word for any other number.</param>
    public static string Of(long count, string one, string many) => Invariant($"{count} {(count == 1 ? one : many)}");

    public static string Images(long count) => Of(count, "image", "images");

    public static string Classes(long count) => Of(count, "class", "classes");
}
