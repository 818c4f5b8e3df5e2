using MathNet.Numerics.LinearAlgebra;

namespace Lfa.Tests.Refinement;

/// <summary>The losses written down from their formulas, in double precision, sorting and looping at leisure.</summary>
internal static class PlainLosses
{
    public static double AdaptiveReranking(Matrix<double> z, int[] labels, Matrix<double> y, int k, double scale)
    {
        k = Math.Min(k, y.RowCount);
        var loss = 0.0;
        for (var i = 0; i < z.RowCount; i++)
        {
            var unit = z.Row(i).Normalize(2);
            var distances = y.EnumerateRows().Select(prototype => (unit - prototype).L2Norm()).ToArray();
            foreach (var c in Enumerable.Range(0, y.RowCount).OrderBy(c => distances[c]).Take(k).Where(c => c != labels[i]))
                loss += Math.Max(0, distances[labels[i]] + ((1 - (y.Row(labels[i]) * y.Row(c))) / scale) - distances[c]);
        }
        return loss / (z.RowCount * k);
    }

    public static double Contrastive(Matrix<double> z, int[] labels, Matrix<double> y, double temperature) =>
        Enumerable.Range(0, z.RowCount).Average(i =>
        {
            var logits = y * z.Row(i) / temperature;
            return Math.Log(logits.Sum(logit => Math.Exp(logit - logits.Maximum()))) + logits.Maximum() - logits[labels[i]];
        });

    public static double Triplet(Matrix<double> z, int[] labels, Matrix<double> y, double margin) =>
        Enumerable.Range(0, z.RowCount).Average(i =>
        {
            double Distance(int c) => (z.Row(i) - y.Row(c) + 1e-6).L2Norm();
            var wrong = Enumerable.Range(0, y.RowCount).Where(c => c != labels[i]).ToArray();
            return wrong.Length == 0 ? 0 : Math.Max(0, Distance(labels[i]) - Distance(wrong.MaxBy(c => z.Row(i) * y.Row(c))) + margin);
        });

    public static double Csls(Matrix<double> z, int[] labels, Matrix<double> y, int k)
    {
        var n = z.RowCount;
        var similarity = Matrix<double>.Build.Dense(n, n, (i, j) => z.Row(i).Normalize(2) * y.Row(labels[j])); // ẑᵢ · tⱼ
        return -Enumerable.Range(0, n).Average(i =>
            (2 * similarity[i, i]) - similarity.Row(i).Maximum() - similarity.Column(i).OrderDescending().Take(Math.Min(k, n)).Average());
    }

    /// <summary>The gradient in z by central differences.</summary>
    public static Matrix<double> Gradient(Func<Matrix<double>, double> loss, Matrix<double> z)
    {
        const double step = 1e-5; // The cube root of the precision: errors of 1e-10 by curvature and by rounding alike.
        return z.MapIndexed((i, j, value) =>
        {
            double At(double moved)
            {
                var changed = z.Clone();
                changed[i, j] = moved;
                return loss(changed);
            }
            return (At(value + step) - At(value - step)) / (2 * step);
        }, Zeros.Include);
    }
}
