namespace Lfa.Numerics;

/// <summary>
/// Multiplies matrices: C = A · B, where either factor may be stored transposed.
/// </summary>
/// <remarks>
/// Panels of both factors are copied into the order in which a register tile reads them (K. Goto, R. van de Geijn,
/// "Anatomy of high-performance matrix multiplication", ACM TOMS 34(3), 2008). Each entry of C sums its terms in an
/// order that depends on the inner dimension alone, so the result has the same bits on any number of threads.
/// An instance keeps its buffers and allocates nothing once they have grown; it serves one caller at a time.
/// </remarks>
internal abstract class MatrixProduct<T>
    where T : unmanaged
{
    /// <summary>Computes C = A · B, or C += A · B.</summary>
    /// <param name="a">The left factor, m × k.</param>
    /// <param name="b">The right factor, k × n.</param>
    /// <param name="c">The result, m × n by rows.</param>
    /// <param name="threads">The number of threads at most.</param>
    /// <param name="accumulate">Whether to add to <paramref name="c"/>.</param>
    public abstract void Multiply(Operand<T> a, Operand<T> b, Memory<T> c, int threads, bool accumulate = false);

    /// <summary>Packs the right factor of products to come.</summary>
    public abstract void Pack(Operand<T> b, int threads);

    /// <summary>Computes C = A · B, or C += A · B, with the packed B, on the calling thread; several threads may do so at once.</summary>
    /// <param name="a">The left factor, rows × k by rows.</param>
    /// <param name="rows">The number of rows m.</param>
    /// <param name="c">The result, rows × n by rows.</param>
    /// <param name="accumulate">Whether to add to <paramref name="c"/>. Default: false.</param>
    public abstract void MultiplyPacked(ReadOnlySpan<T> a, int rows, Span<T> c, bool accumulate = false);
}
