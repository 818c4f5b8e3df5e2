namespace Lfa.Numerics;

/// <summary>A factor of a matrix product: Rows × Columns as it takes part, stored by rows either so or transposed.</summary>
internal readonly record struct Operand<T>(ReadOnlyMemory<T> Values, int Rows, int Columns, bool IsTransposed = false)
    where T : unmanaged
{
    /// <summary>Gets the transpose, a view of the same values.</summary>
    public Operand<T> Transpose() => new(Values, Columns, Rows, !IsTransposed);

    /// <summary>Gets the distance between stored rows.</summary>
    public int Stride => IsTransposed ? Rows : Columns;
}
