using System.Collections;
using Lfa.Encoders.Datasets;

namespace Lfa.Encoders.Pipeline;

/// <summary>The names of images, each made when it is asked for: a million of them need not be in memory together.</summary>
internal sealed class LazyNames(IReadOnlyList<ImageItem> items) : IReadOnlyList<string>
{
    public int Count => items.Count;

    public string this[int index] => items[index].Name;

    public IEnumerator<string> GetEnumerator() => items.Select(item => item.Name).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
