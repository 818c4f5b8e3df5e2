namespace Lfa.Numerics;

/// <summary>Keeps the working memory of the threads of a loop: at most one item for each processor, made at the start.</summary>
internal sealed class Pool<T>
    where T : class
{
    private readonly T?[] _items;
    private readonly Func<T> _create;

    /// <summary>Initializes the pool.</summary>
    /// <param name="create">Makes an item.</param>
    /// <param name="most">The number of items that can be of use at once.</param>
    public Pool(Func<T> create, int most = int.MaxValue)
    {
        _create = create;
        _items = new T?[Math.Min(most, Environment.ProcessorCount)];
        for (var i = 0; i < _items.Length; i++)
            _items[i] = create();
    }

    /// <summary>Takes an item that no other thread has.</summary>
    public T Rent()
    {
        foreach (ref var slot in _items.AsSpan())
        {
            if (Interlocked.Exchange(ref slot, null) is { } item)
                return item;
        }
        return _create();
    }

    /// <summary>Gives an item back; one too many is left to the collector.</summary>
    public void Return(T item)
    {
        foreach (ref var slot in _items.AsSpan())
        {
            if (Interlocked.CompareExchange(ref slot, item, null) is null)
                return;
        }
    }
}
