using System.Runtime.InteropServices;

namespace Lfa.Benchmarks;

/// <summary>The system's OpenBLAS, where there is one: the yardstick of the matrix product.</summary>
internal static unsafe partial class OpenBlas
{
    private const string Library = "libopenblas.so.0";
    private const int RowMajor = 101;
    private const int Plain = 111;
    private const int Transposed = 112;

    public static bool IsAvailable { get; } = NativeLibrary.TryLoad(Library, out _);

    public static void Multiply(float[] a, bool transposeA, float[] b, bool transposeB, float[] c, int m, int k, int n)
    {
        fixed (float* pa = a, pb = b, pc = c)
            Sgemm(RowMajor, transposeA ? Transposed : Plain, transposeB ? Transposed : Plain, m, n, k, 1, pa, transposeA ? m : k, pb, transposeB ? k : n, 0, pc, n);
    }

    [LibraryImport(Library, EntryPoint = "cblas_sgemm")]
    private static partial void Sgemm(int order, int transposeA, int transposeB, int m, int n, int k, float alpha, float* a, int lda, float* b, int ldb, float beta, float* c, int ldc);
}
