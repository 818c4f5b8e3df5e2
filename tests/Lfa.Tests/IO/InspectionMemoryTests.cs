using System.IO.Compression;
using Lfa.IO;
using Lfa.Tests.Support;

namespace Lfa.Tests.IO;

[Collection(nameof(Alone))]
public sealed class InspectionMemoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Inspect_BombOfZeros_TakesBoundedMemory()
    {
        // 64 MB of zeros deflate to 64 kB: whoever reads them in parts needs little.
        var array = NpyBytes.Make("<f4", "(32768, 512)", new byte[64 << 20]);
        var path = _folder.Write("x.npz", NpyBytes.Zip(CompressionLevel.Optimal, ("image_features.npy", array), ("text_features.npy", array)));
        PeakMemory.Of(() => FileInspection.Inspect(path).Problems.Count.ShouldBe(2)).ShouldBeLessThan(8 << 20);
    }
}
