using System.Numerics.Tensors;
using Lfa.Data;

namespace Lfa.Review;

/// <summary>Makes products of rows cosines.</summary>
internal static class UnitRows
{
    // What scaling in single precision leaves; features stored in half precision are scaled after reading.
    private const float Tolerance = 1e-5f;

    /// <summary>Returns the matrix with rows of unit length: itself where they are so already.</summary>
    /// <exception cref="ArgumentException">A row is zero or not finite.</exception>
    public static Matrix Of(Matrix features)
    {
        for (var i = 0; i < features.Rows; i++)
        {
            if (!(Math.Abs(TensorPrimitives.SumOfSquares(features.Row(i)) - 1) <= Tolerance))
                return features.NormalizeRows();
        }
        return features;
    }
}
