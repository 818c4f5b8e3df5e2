using System.Numerics;
using Lfa.Numerics;
using Lfa.Tests.Support;

namespace Lfa.Tests.Numerics;

public class MatrixProductTests
{
    // Rows, columns and inner dimension: single entries, whole tiles, one more or less than a tile, several blocks, chunks of 256 and 1024.
    private static readonly (int M, int N, int K)[] Shapes = [
        (1, 1, 1), (1, 5, 7), (5, 1, 3), (12, 32, 16), (6, 8, 8), (13, 33, 17), (11, 31, 257), (2, 400, 40), (400, 3, 40), (193, 65, 256), (50, 70, 1100), (25, 9, 2049)];

    /// <summary>The names of the register widths of this processor; the scalar path is always one of them.</summary>
    public static TheoryData<string> Widths => [.. Enum.GetValues<RegisterWidth>().Where(width => width <= MatrixProducts.Widest).Select(width => width.ToString())];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Multiply_WholeNumbersInSingle_IsExact(string width) =>
        CheckAllShapes(MatrixProducts.Single(Enum.Parse<RegisterWidth>(width)));

    [Theory]
    [MemberData(nameof(Widths))]
    public void Multiply_WholeNumbersInDouble_IsExact(string width) =>
        CheckAllShapes(MatrixProducts.Double(Enum.Parse<RegisterWidth>(width)));

    [Theory]
    [MemberData(nameof(Widths))]
    public void Multiply_RealNumbers_StaysWithinTheRoundingBound(string width)
    {
        const int m = 37, n = 45, k = 700;
        var (a, b) = (MadeUp.Floats(m * k, 1), MadeUp.Floats(k * n, 2));
        var c = new float[m * n];
        MatrixProducts.Single(Enum.Parse<RegisterWidth>(width)).Multiply(new(a, m, k), new(b, k, n), c, threads: 2);
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var (sum, magnitude) = (0.0, 0.0);
                for (var l = 0; l < k; l++)
                {
                    var term = (double)a[(i * k) + l] * b[(l * n) + j];
                    (sum, magnitude) = (sum + term, magnitude + Math.Abs(term));
                }
                // A chunk of 256 terms, each rounded twice at most; the errors grow like the root of their number.
                Math.Abs(c[(i * n) + j] - sum).ShouldBeLessThan(Math.Sqrt(2 * 256) * 6e-8 * magnitude, Invariant($"entry {i}, {j}"));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Multiply_AnyNumberOfThreads_GivesTheSameBits(string width)
    {
        foreach (var (m, n, k) in new[] { (200, 70, 1100), (9, 700, 300), (700, 9, 300) })
        {
            var (a, b) = (new Operand<float>(MadeUp.Floats(m * k, 1), m, k), new Operand<float>(MadeUp.Floats(k * n, 2), k, n));
            var results = Enumerable.Range(1, 3).Select(threads =>
            {
                var c = new float[m * n];
                MatrixProducts.Single(Enum.Parse<RegisterWidth>(width)).Multiply(a, b, c, threads);
                return c;
            }).ToArray();
            results[1].ShouldBe(results[0]);
            results[2].ShouldBe(results[0]);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void MultiplyPacked_AnyCutOfTheRows_GivesTheBitsOfMultiply(string width)
    {
        const int m = 230, n = 45, k = 1300;
        var product = MatrixProducts.Single(Enum.Parse<RegisterWidth>(width));
        var (a, b) = (MadeUp.Floats(m * k, 3), MadeUp.Floats(k * n, 4));
        var expected = new float[m * n];
        product.Multiply(new(a, m, k), new(b, k, n), expected, threads: 1);
        product.Pack(new(b, k, n), threads: 2);
        foreach (var step in new[] { 1, 13, 96, 230 })
        {
            var actual = new float[m * n];
            for (var row = 0; row < m; row += step)
            {
                var rows = Math.Min(step, m - row);
                product.MultiplyPacked(a.AsSpan(row * k, rows * k), rows, actual.AsSpan(row * n, rows * n));
            }
            actual.ShouldBe(expected, customMessage: Invariant($"{step} rows at a time"));
        }
    }

    [Fact]
    public void MultiplyPacked_FromSeveralThreadsAtOnce_IsRight()
    {
        const int m = 24, n = 40, k = 50;
        var product = MatrixProducts.Double();
        var (a, b, expected) = (MadeUp.Doubles(m * k, 3), MadeUp.Doubles(k * n, 4), new double[m * n]);
        product.Multiply(new(a, m, k), new Operand<double>(Transpose(b, k, n), n, k).Transpose(), expected, threads: 1);
        product.Pack(new(b, k, n), threads: 1);
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            var actual = new double[m * n];
            product.MultiplyPacked(a, m, actual);
            actual.ShouldBe(expected);
        });
    }

    private static void CheckAllShapes<T>(MatrixProduct<T> product)
        where T : unmanaged, INumber<T>
    {
        foreach (var (m, n, k) in Shapes)
        {
            var (a, b, start) = (WholeNumbers<T>(m * k, 1), WholeNumbers<T>(k * n, 2), WholeNumbers<T>(m * n, 3));
            var expected = PlainProduct(a, b, m, n, k);
            var (left, right) = (new Operand<T>(a, m, k), new Operand<T>(b, k, n));
            var (turnedLeft, turnedRight) = (new Operand<T>(Transpose(a, m, k), k, m).Transpose(), new Operand<T>(Transpose(b, k, n), n, k).Transpose());
            foreach (var (x, y) in new[] { (left, right), (turnedLeft, right), (left, turnedRight), (turnedLeft, turnedRight) })
            {
                var about = Invariant($"{m} × {n} × {k}, transposed {x.IsTransposed} {y.IsTransposed}");
                var c = (T[])start.Clone();
                product.Multiply(x, y, c, threads: 2, accumulate: true);
                c.ShouldBe(Enumerable.Range(0, c.Length).Select(i => start[i] + expected[i]), customMessage: about + ", accumulated");
                product.Multiply(x, y, c, threads: 2);
                c.ShouldBe(expected, customMessage: about);
            }
        }
    }

    /// <summary>Numbers from −4 to 4, whose products sum without rounding in any order.</summary>
    private static T[] WholeNumbers<T>(int count, int seed)
        where T : INumber<T>
    {
        var random = new RandomStream(seed, RandomPurpose.MadeUpProblem);
        var values = new T[count];
        for (var i = 0; i < count; i++)
            values[i] = T.CreateChecked(random.NextInteger(9) - 4);
        return values;
    }

    private static T[] PlainProduct<T>(T[] a, T[] b, int m, int n, int k)
        where T : INumber<T>
    {
        var c = new T[m * n];
        for (var i = 0; i < m; i++)
        {
            for (var l = 0; l < k; l++)
            {
                for (var j = 0; j < n; j++)
                    c[(i * n) + j] += a[(i * k) + l] * b[(l * n) + j];
            }
        }
        return c;
    }

    private static T[] Transpose<T>(T[] values, int rows, int columns) =>
        [.. Enumerable.Range(0, values.Length).Select(i => values[(i % rows * columns) + (i / rows)])];
}
