using System.Reflection;

namespace Lfa;

/// <summary>The version of this library.</summary>
internal static class LibraryVersion
{
    public static string Current { get; } =
        typeof(LibraryVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
