using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lfa.Numerics;

/// <summary>The widths of register for which there is a micro-kernel.</summary>
internal enum RegisterWidth
{
    Scalar,
    Bits128,
    Bits256,
    Bits512,
}

/// <summary>Chooses the micro-kernel for the processor.</summary>
internal static class MatrixProducts
{
    /// <summary>Gets the widest register of this processor.</summary>
    public static RegisterWidth Widest { get; } =
        Vector512.IsHardwareAccelerated ? RegisterWidth.Bits512
        : Vector256.IsHardwareAccelerated && Fma.IsSupported ? RegisterWidth.Bits256
        : Vector128.IsHardwareAccelerated ? RegisterWidth.Bits128
        : RegisterWidth.Scalar;

    public static MatrixProduct<float> Single() => Single(Widest);

    public static MatrixProduct<double> Double() => Double(Widest);

    /// <summary>Computes A · B in double precision.</summary>
    /// <param name="left">The matrix A by rows, of as many columns as B has rows.</param>
    /// <param name="right">The matrix B.</param>
    /// <param name="threads">The number of threads at most.</param>
    public static double[] Times(double[] left, Operand<double> right, int threads)
    {
        var rows = left.Length / right.Rows;
        var result = new double[rows * right.Columns];
        Double().Multiply(new(left, rows, right.Rows), right, result, threads);
        return result;
    }

    public static MatrixProduct<float> Single(RegisterWidth width) => width switch
    {
        RegisterWidth.Bits512 => new PackedProduct<Kernel12x2<Simd512<float>, float>, float>(),
        RegisterWidth.Bits256 => new PackedProduct<Kernel6x2<Simd256<float>, float>, float>(),
        RegisterWidth.Bits128 => new PackedProduct<Kernel6x2<Simd128<float>, float>, float>(),
        _ => new PackedProduct<Kernel6x2<Scalar<float>, float>, float>(),
    };

    public static MatrixProduct<double> Double(RegisterWidth width) => width switch
    {
        RegisterWidth.Bits512 => new PackedProduct<Kernel12x2<Simd512<double>, double>, double>(),
        RegisterWidth.Bits256 => new PackedProduct<Kernel6x2<Simd256<double>, double>, double>(),
        RegisterWidth.Bits128 => new PackedProduct<Kernel6x2<Simd128<double>, double>, double>(),
        _ => new PackedProduct<Kernel6x2<Scalar<double>, double>, double>(),
    };
}
