using System.Numerics.Tensors;
using Lfa.Data;
using Lfa.Tests.Support;

namespace Lfa.Tests.Data;

public class MatrixTests
{
    private static readonly Matrix Matrix = new(new float[] { 1, 2, 3, 4, 5, 6 }, 3, 2);

    [Fact]
    public void Constructor_LengthIsNotTheProduct_NamesBoth()
    {
        Should.Throw<ArgumentException>(() => new Matrix(new float[5], 3, 2)).Message.ShouldStartWith("values has 5 entries but a 3 × 2 matrix has 6.");
        Should.Throw<ArgumentException>(() => new Matrix(default, 1 << 20, 1 << 20)).Message.ShouldContain("has 1099511627776");
        Should.Throw<ArgumentOutOfRangeException>(() => new Matrix(default, -1, 2));
        Should.Throw<ArgumentOutOfRangeException>(() => new Matrix(default, 0, 0));
    }

    [Fact]
    public void RowAndEntry_AreStoredByRows()
    {
        Matrix.Row(1).ToArray().ShouldBe([3, 4]);
        Matrix[2, 1].ShouldBe(6);
        Should.Throw<ArgumentOutOfRangeException>(() => Matrix.Row(3).Length);
        Should.Throw<ArgumentOutOfRangeException>(() => Matrix.Row(-1).Length);
        Should.Throw<IndexOutOfRangeException>(() => Matrix[0, 2]);
    }

    [Fact]
    public void Slice_IsAViewOfTheSameMemory()
    {
        var values = new float[] { 1, 2, 3, 4 };
        var slice = new Matrix(values, 2, 2).Slice(1, 1);
        values[3] = 9;
        slice.Row(0).ToArray().ShouldBe([3, 9]);
    }

    [Fact]
    public void SelectRows_InAnyOrderAndAgain_Copies() => Matrix.SelectRows([2, 0, 2]).Values.ToArray().ShouldBe([5, 6, 1, 2, 5, 6]);

    [Theory]
    [InlineData(1f)]
    [InlineData(1e-30f)] // Its square is zero in single precision.
    [InlineData(1e30f)] // Its square is infinite.
    public void NormalizeRows_AnyScale_GivesUnitRows(float scale)
    {
        var rows = MadeUp.Features(5, 40, seed: 1);
        var scaled = new Matrix(Array.ConvertAll(rows.Values.ToArray(), value => scale * value), 5, 40).NormalizeRows();
        for (var i = 0; i < 5; i++)
            scaled.Row(i).ToArray().Sum(value => (double)value * value).ShouldBe(1, 1e-6);
        scaled.Values.ShouldBeCloseTo(rows.NormalizeRows().Values.Span, 1e-6);
    }

    [Fact]
    public void AsTensorSpan_Values_AreThoseOfTheMatrixWithoutACopy()
    {
        var values = new float[] { 1, 2, 3, 4, 5, 6 };
        var tensor = new Matrix(values, 2, 3).AsTensorSpan();
        tensor.Lengths.ToArray().ShouldBe([2, 3]);
        tensor[[1, 0]].ShouldBe(4);
        values[3] = 9;
        tensor[[1, 0]].ShouldBe(9);
    }

    [Fact]
    public void FromTensor_RowsAndSlices_AreCopied()
    {
        var tensor = Tensor.Create(new float[] { 1, 2, 3, 4, 5, 6 }, [2, 3]);
        var matrix = Matrix.FromTensor(tensor);
        (matrix.Rows, matrix.Columns).ShouldBe((2, 3));
        matrix.Values.ToArray().ShouldBe([1, 2, 3, 4, 5, 6]);
        Matrix.FromTensor(tensor.Slice(0..2, 1..3)).Values.ToArray().ShouldBe([2, 3, 5, 6]);
        Should.Throw<ArgumentException>(() => Matrix.FromTensor(Tensor.Create(new float[2], [2]))).Message.ShouldStartWith("The tensor has 1 dimensions");
    }
}
