using System.Collections.Immutable;

namespace Lfa;

/// <summary>Lists what there is of a kind, in a fixed order: methods, losses, experts, file formats.</summary>
/// <remarks>Instances are safe for use by several threads at once.</remarks>
/// <typeparam name="T">The kind.</typeparam>
public sealed class Registry<T>
    where T : class, INamed
{
    private readonly string _kind;
    private ImmutableArray<T> _items;

    /// <summary>Initializes a registry.</summary>
    /// <param name="kind">What an item is called in messages, such as "method".</param>
    /// <param name="items">The items, each with a name of its own.</param>
    public Registry(string kind, params IEnumerable<T> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        (_kind, _items) = (kind, []);
        foreach (var item in items)
            Register(item);
    }

    /// <summary>Gets the items in their order.</summary>
    public IReadOnlyList<T> All => _items;

    /// <summary>Gets the names of the items in their order.</summary>
    public IReadOnlyList<string> Names => [.. _items.Select(item => item.Name)];

    /// <summary>Finds an item.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The item; null where there is none of this name.</returns>
    public T? Find(string name) => _items.FirstOrDefault(item => item.Name == name);

    /// <summary>Finds an item that must be there.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="LfaDataException">There is none of this name; the message lists those there are.</exception>
    public T Get(string name) => Find(name) ?? throw new LfaDataException($"There is no {_kind} {name}; there are {string.Join(", ", Names)}.") { Subject = name };

    /// <summary>Adds an item behind those there are.</summary>
    /// <param name="item">The item.</param>
    /// <exception cref="ArgumentException">There is another item of its name.</exception>
    public void Register(T item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (!ImmutableInterlocked.Update(ref _items, static (items, item) => items.Any(other => other.Name == item.Name) ? items : items.Add(item), item))
            throw new ArgumentException($"There is a {_kind} {item.Name} already.", nameof(item));
    }
}
