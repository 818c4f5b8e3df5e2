using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Lfa.Numerics;

/// <summary>
/// Decomposes a symmetric matrix, A = VᵀΛV: eigenvalues from the largest on, and their eigenvectors as rows.
/// </summary>
/// <remarks>
/// Reflections make the matrix tridiagonal, then implicit QR steps with Wilkinson's shift make it diagonal (G. H. Golub,
/// C. F. Van Loan, "Matrix computations", 4th edition, sections 8.3.1 to 8.3.3). Vectors lie along rows throughout, so that
/// reflections and rotations run over contiguous memory. Eigenvalues are exact to rounding of the largest one.
/// </remarks>
internal sealed class SymmetricEigen
{
    private const double Rounding = 1.1e-16; // 2⁻⁵³

    // Each eigenvalue takes two or three steps; so many mean entries that are not finite.
    private const int StepsPerValue = 60;

    private readonly SquareMatrix _matrix;
    private readonly double[] _diagonal;
    private readonly double[] _beside; // the entry at i stands between i and i + 1
    private readonly int _threads;
    private SquareMatrix _vectors;
    private double[] _reflector = [];
    private double[] _image = [];
    private int _start;

    private SymmetricEigen(SquareMatrix matrix, int threads)
    {
        (_matrix, _threads) = (matrix.Clone(), threads);
        _vectors = SquareMatrix.Identity(matrix.Size);
        (_diagonal, _beside) = (new double[matrix.Size], new double[matrix.Size]);
    }

    /// <summary>Decomposes.</summary>
    /// <param name="matrix">The matrix A, symmetric, of finite entries.</param>
    /// <param name="threads">The number of threads at most; it does not change the result.</param>
    /// <returns>The eigenvalues, in falling order, and their eigenvectors of unit length, by rows.</returns>
    public static (double[] Values, SquareMatrix Vectors) Of(SquareMatrix matrix, int threads)
    {
        var work = new SymmetricEigen(matrix, threads);
        work.Tridiagonalize();
        work.Diagonalize();
        return work.Sorted();
    }

    /// <summary>A ← HAH with reflections H = I − 2uuᵀ that clear a row beyond its neighbor; Q ← QH, so that A = QTQᵀ.</summary>
    private void Tridiagonalize()
    {
        var size = _matrix.Size;
        (_reflector, _image) = (new double[size], new double[size]);
        for (var k = 0; k < size; k++)
        {
            _start = k + 1;
            _diagonal[k] = _matrix[k, k];
            if (_start < size)
                _beside[k] = _start + 1 < size ? Reflect(_matrix.Row(k)[_start..]) : _matrix[k, _start];
        }
    }

    /// <summary>Clears all but the first entry of a row by a reflection of what is left; returns what that entry becomes.</summary>
    private double Reflect(Span<double> row)
    {
        var norm = TensorPrimitives.Norm<double>(row);
        if (TensorPrimitives.Norm<double>(row[1..]) == 0)
            return row[0];
        var u = _reflector.AsSpan(_start);
        row.CopyTo(u);
        u[0] += row[0] < 0 ? -norm : norm;
        var first = row[0] < 0 ? norm : -norm;
        TensorPrimitives.Divide(u, TensorPrimitives.Norm<double>(u), u);
        ParallelLoop.For(u.Length, _threads, this, static (work, i) => work._image[work._start + i] = TensorPrimitives.Dot<double>(work._matrix.Row(work._start + i)[work._start..], work._reflector.AsSpan(work._start)));
        var p = _image.AsSpan(_start);
        TensorPrimitives.MultiplyAdd(u, -TensorPrimitives.Dot<double>(u, p), p, p); // p = Au − (uᵀAu)u
        ParallelLoop.For(u.Length, _threads, this, static (work, i) => work.Update(work._start + i));
        ParallelLoop.For(_matrix.Size, _threads, this, static (work, i) => work.ReflectVector(i));
        return first;
    }

    /// <summary>A ← A − 2upᵀ − 2puᵀ, a row.</summary>
    private void Update(int index)
    {
        var row = _matrix.Row(index)[_start..];
        TensorPrimitives.MultiplyAdd(_image.AsSpan(_start), -2 * _reflector[index], row, row);
        TensorPrimitives.MultiplyAdd(_reflector.AsSpan(_start), -2 * _image[index], row, row);
    }

    private void ReflectVector(int index)
    {
        var row = _vectors.Row(index)[_start..];
        TensorPrimitives.MultiplyAdd(_reflector.AsSpan(_start), -2 * TensorPrimitives.Dot<double>(_reflector.AsSpan(_start), row), row, row);
    }

    /// <summary>Takes QR steps on the last block that is not diagonal yet, until none is left.</summary>
    private void Diagonalize()
    {
        _vectors = _vectors.Transpose(); // Rotations act on the columns of Q: from here on, they are rows.
        var scale = TensorPrimitives.Norm<double>(_diagonal) + TensorPrimitives.Norm<double>(_beside);
        bool IsZero(int i) => Math.Abs(_beside[i]) <= Rounding * scale;
        var last = _diagonal.Length - 1;
        for (var steps = 0; last > 0;)
        {
            if (IsZero(last - 1))
            {
                last--;
                steps = 0;
                continue;
            }
            var first = last - 1;
            while (first > 0 && !IsZero(first - 1))
                first--;
            if (++steps > StepsPerValue)
                throw new ArithmeticException(Invariant($"The eigenvalues of a {_matrix.Size} × {_matrix.Size} matrix did not converge."));
            Step(first, last);
        }
    }

    /// <summary>One implicit QR step on the rows from first to last: the bulge that the shifted first rotation makes is chased out.</summary>
    private void Step(int first, int last)
    {
        var half = (_diagonal[last - 1] - _diagonal[last]) / 2;
        var corner = _beside[last - 1];
        var shift = _diagonal[last] - (corner * corner / (half + Math.CopySign(double.Hypot(half, corner), half)));
        var (x, z) = (_diagonal[first] - shift, _beside[first]);
        for (var k = first; k < last; k++)
        {
            var length = double.Hypot(x, z);
            var (cosine, sine) = length > 0 ? (x / length, z / length) : (1, 0);
            if (k > first)
                _beside[k - 1] = length;
            var (a, b, c) = (_diagonal[k], _beside[k], _diagonal[k + 1]);
            _diagonal[k] = (cosine * cosine * a) + (2 * cosine * sine * b) + (sine * sine * c);
            _diagonal[k + 1] = (sine * sine * a) - (2 * cosine * sine * b) + (cosine * cosine * c);
            _beside[k] = (cosine * sine * (c - a)) + (((cosine * cosine) - (sine * sine)) * b);
            if (k + 1 < last)
            {
                (x, z) = (_beside[k], sine * _beside[k + 1]);
                _beside[k + 1] *= cosine;
            }
            Rotate(_vectors.Row(k), _vectors.Row(k + 1), cosine, sine);
        }
    }

    private static void Rotate(Span<double> first, Span<double> second, double cosine, double sine)
    {
        var p = MemoryMarshal.Cast<double, Vector<double>>(first);
        var q = MemoryMarshal.Cast<double, Vector<double>>(second);
        for (var i = 0; i < p.Length; i++)
            (p[i], q[i]) = ((cosine * p[i]) + (sine * q[i]), (cosine * q[i]) - (sine * p[i]));
        for (var i = first.Length - (first.Length % Vector<double>.Count); i < first.Length; i++)
            (first[i], second[i]) = ((cosine * first[i]) + (sine * second[i]), (cosine * second[i]) - (sine * first[i]));
    }

    private (double[] Values, SquareMatrix Vectors) Sorted()
    {
        int[] order = [.. Enumerable.Range(0, _diagonal.Length).OrderByDescending(i => _diagonal[i])];
        var sorted = new SquareMatrix(order.Length);
        for (var i = 0; i < order.Length; i++)
            _vectors.Row(order[i]).CopyTo(sorted.Row(i));
        return (Array.ConvertAll(order, i => _diagonal[i]), sorted);
    }
}
