using System.Runtime.CompilerServices;

namespace Lfa.Numerics;

/// <summary>A pinned buffer that starts on a cache line and grows on demand; it is collected like any other object.</summary>
internal sealed unsafe class AlignedBuffer<T>
    where T : unmanaged
{
    private const int CacheLine = 64;

    private T[] _storage = [];
    private int _offset;

    /// <summary>Gets the start of the buffer; the object must stay reachable while it is used.</summary>
    public T* Pointer => (T*)Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(_storage)) + _offset;

    /// <summary>Makes room for <paramref name="length"/> entries; the contents are undefined after growth.</summary>
    public T* Reserve(long length)
    {
        var slack = CacheLine / sizeof(T);
        if (_storage.Length < length + slack)
        {
            _storage = GC.AllocateUninitializedArray<T>(checked((int)(length + slack)), pinned: true);
            _offset = 0;
            _offset = (int)((CacheLine - ((nint)Pointer % CacheLine)) % CacheLine) / sizeof(T);
        }
        return Pointer;
    }
}
