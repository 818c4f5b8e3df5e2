using Lfa.Numerics;

namespace Lfa.Data;

internal static class MatrixOperand
{
    /// <summary>Returns a matrix as a factor of a product.</summary>
    public static Operand<float> AsOperand(this Matrix matrix) => new(matrix.Values, matrix.Rows, matrix.Columns);
}
