namespace Lfa;

/// <summary>Defines what a <see cref="Registry{T}"/> lists.</summary>
public interface INamed
{
    /// <summary>Gets the name in files and on a command line: lower case, words joined by hyphens.</summary>
    string Name { get; }
}
