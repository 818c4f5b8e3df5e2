namespace Lfa.Numerics;

/// <summary>The right factor of many products, packed once, when it is first needed.</summary>
/// <remarks>Safe for use by several threads at once.</remarks>
internal sealed class PackedFactor(Func<Operand<float>> factor)
{
    private readonly Lazy<MatrixProduct<float>> _product = new(() =>
    {
        var product = MatrixProducts.Single();
        product.Pack(factor(), Environment.ProcessorCount);
        return product;
    });

    /// <summary>Computes C = A · B, or C += A · B, on the calling thread.</summary>
    /// <param name="a">The left factor, rows × k by rows.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="c">The result, rows × n by rows.</param>
    /// <param name="accumulate">Whether to add to <paramref name="c"/>. Default: false.</param>
    public void Multiply(ReadOnlySpan<float> a, int rows, Span<float> c, bool accumulate = false) => _product.Value.MultiplyPacked(a, rows, c, accumulate);
}
