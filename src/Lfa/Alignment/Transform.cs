using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Alignment;

/// <summary>Represents a linear map W of embeddings, applied on the right of rows: X · W.</summary>
/// <remarks>Instances are immutable and safe for use by several threads at once.</remarks>
public sealed class Transform
{
    /// <summary>Initializes a transform from its matrix.</summary>
    /// <param name="matrix">The matrix W, d × d, or d_image × d_text between two spaces: its rows belong to components of the image features, its columns to components of the text features.</param>
    public Transform(Matrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        Matrix = matrix;
    }

    /// <summary>Gets the matrix W.</summary>
    public Matrix Matrix { get; }

    /// <summary>Gets the number of components of an embedding that the transform takes.</summary>
    public int InputDimension => Matrix.Rows;

    /// <summary>Gets the number of components of an embedding that the transform gives.</summary>
    public int OutputDimension => Matrix.Columns;

    /// <summary>Returns the transform that changes nothing.</summary>
    /// <param name="dimension">The number of components d, at least 1.</param>
    public static Transform Identity(int dimension) => FromDouble(SquareMatrix.Identity(dimension));

    /// <summary>Computes X · W; the rows of the result are not scaled to unit length.</summary>
    /// <param name="features">The features X, n × d.</param>
    /// <param name="maxDegreeOfParallelism">The number of threads at most; −1 for all processors. Default: −1.</param>
    /// <returns>The transformed features, n rows of <see cref="OutputDimension"/> columns.</returns>
    /// <exception cref="LfaDataException">The features have another number of columns than the transform takes.</exception>
    public Matrix Apply(Matrix features, int maxDegreeOfParallelism = -1)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.Columns != InputDimension)
            throw new LfaDataException(Invariant($"features is {features.Rows} × {features.Columns} but the transform is {InputDimension} × {OutputDimension}; the columns of the one must be the rows of the other."));
        var result = new float[checked(features.Rows * OutputDimension)];
        MatrixProducts.Single().Multiply(features.AsOperand(), Matrix.AsOperand(), result, Threads.Resolve(maxDegreeOfParallelism));
        return new Matrix(result, features.Rows, OutputDimension);
    }

    /// <summary>Returns the transposed transform Wᵀ.</summary>
    public Transform Transpose()
    {
        var values = new float[Matrix.Values.Length];
        for (var i = 0; i < InputDimension; i++)
        {
            for (var j = 0; j < OutputDimension; j++)
                values[(j * InputDimension) + i] = Matrix[i, j];
        }
        return new Transform(new Matrix(values, OutputDimension, InputDimension));
    }

    internal static Transform FromDouble(SquareMatrix matrix) => FromDouble(matrix.Values, matrix.Size, matrix.Size);

    /// <summary>Makes a transform of columns that lie one after the other.</summary>
    internal static Transform FromColumns(double[] values, int columns, int rows)
    {
        var matrix = new float[columns * rows];
        for (var j = 0; j < columns; j++)
        {
            for (var i = 0; i < rows; i++)
                matrix[(i * columns) + j] = (float)values[(j * rows) + i];
        }
        return new Transform(new Matrix(matrix, rows, columns));
    }

    internal static Transform FromDouble(double[] matrix, int rows, int columns)
    {
        var values = new float[matrix.Length];
        System.Numerics.Tensors.TensorPrimitives.ConvertTruncating<double, float>(matrix, values);
        return new Transform(new Matrix(values, rows, columns));
    }
}
