using Lfa.Data;

namespace Lfa.Tests.Support;

/// <summary>TransCLIP and StatA as their formulas read, in double precision, image by image and with every pair of images at hand.</summary>
internal static class PlainTransduction
{
    private const int Rounds = 10;
    private const int Updates = 5;
    private const int Neighbors = 3;

    /// <summary>Log-probabilities by TransCLIP: shared variances, and labeled images of a weight γ·50 in all.</summary>
    public static double[][] TransClip(FeatureSet labeled, Matrix images)
    {
        var (x, f, t, y) = (Rows(images), Rows(labeled.ImageFeatures), Rows(labeled.ClassPrototypes), labeled.Labels.ToArray());
        var (perImage, perLabeled) = (1.0 / x.Length, 0.02 * 50 / f.Length);
        var prior = Array.ConvertAll(x, row => LogSoftmax(Array.ConvertAll(t, prototype => 100 * Dot(row, prototype))));
        var means = new double[t.Length][];
        for (var c = 0; c < t.Length; c++)
            means[c] = Unit(WeightedSum(f, i => y[i] == c ? 1 : 0));
        var variances = Array.ConvertAll(x[0], _ => 1.0 / x[0].Length);
        var z = Array.ConvertAll(prior, Exp);
        for (var round = 0; ; round++)
        {
            var fixedPart = x.Select((row, i) => t.Select((_, c) => (0.5 * prior[i][c]) + (LogDensity(row, means[c], variances, withDeterminant: false) / 50)).ToArray()).ToArray();
            (z, var exponents) = Assign(z, x, f, y, fixedPart);
            if (round == Rounds)
                return exponents;
            for (var c = 0; c < t.Length; c++)
                means[c] = Unit(Add(WeightedSum(x, i => perImage * z[i][c]), WeightedSum(f, i => y[i] == c ? perLabeled : 0)));
            for (var j = 0; j < variances.Length; j++)
            {
                var sum = x.Select((row, i) => t.Select((_, c) => perImage * z[i][c] * Square(row[j] - means[c][j])).Sum()).Sum() + f.Select((row, i) => perLabeled * Square(row[j] - means[y[i]][j])).Sum();
                variances[j] = sum / (1 + (0.02 * 50));
            }
        }
    }

    /// <summary>Log-probabilities by StatA: variances of each class, held at anchors as if these were <paramref name="alpha"/> images.</summary>
    public static double[][] StatA(FeatureSet? labeled, Matrix images, Matrix priorLogits, Matrix anchors, double alpha)
    {
        var (x, f, t) = (Rows(images), labeled is null ? [] : Rows(labeled.ImageFeatures), Rows(anchors));
        var y = labeled is null ? [] : labeled.Labels.ToArray();
        var all = (double[][])[.. x, .. f];
        var prior = Array.ConvertAll(Rows(priorLogits), LogSoftmax);
        var z = Array.ConvertAll(prior, Exp);
        double Weight(int i, int c) => i < x.Length ? z[i][c] : y[i - x.Length] == c ? 1 : 0;
        double[] Variances(int c, double[] center, double count) => [.. center.Select((value, j) => all.Select((row, i) => Weight(i, c) * Square(row[j] - value)).Sum() / count)];
        double Count(int c) => Enumerable.Range(0, all.Length).Sum(i => Weight(i, c));

        var start = t.Select((anchor, c) => Variances(c, anchor, all.Length)).Aggregate(Add);
        var (means, variances) = (t.ToArray(), t.Select(_ => start).ToArray());
        for (var round = 0; ; round++)
        {
            var fixedPart = x.Select((row, i) => t.Select((_, c) => prior[i][c] + (LogDensity(row, means[c], variances[c], withDeterminant: true) / 50)).ToArray()).ToArray();
            (z, var exponents) = Assign(z, x, f, y, fixedPart);
            if (round == Rounds)
                return exponents;
            for (var c = 0; c < t.Length; c++)
            {
                var count = Count(c);
                var beta = count / (count + alpha);
                var mean = Unit(WeightedSum(all, i => Weight(i, c)));
                means[c] = Unit([.. mean.Select((value, j) => (beta * value) + ((1 - beta) * t[c][j]))]);
                variances[c] = [.. Variances(c, means[c], count).Select((scatter, j) => (beta * scatter) + ((1 - beta) * (start[j] + Square(t[c][j] - means[c][j]))))];
            }
        }
    }

    public static double[][] Rows(Matrix matrix) => [.. Enumerable.Range(0, matrix.Rows).Select(i => Array.ConvertAll(matrix.Row(i).ToArray(), value => (double)value))];

    public static double[] LogSoftmax(double[] logits)
    {
        var most = logits.Max();
        var logSum = most + Math.Log(logits.Sum(logit => Math.Exp(logit - most)));
        return Array.ConvertAll(logits, logit => logit - logSum);
    }

    /// <summary>Updates the assignments, and returns their logarithms by one update more.</summary>
    private static (double[][] Assignments, double[][] Logarithms) Assign(double[][] z, double[][] x, double[][] f, int[] y, double[][] fixedPart)
    {
        var (among, fromLabeled) = (Affinities(x, x, skipsItself: true), Affinities(f, x, skipsItself: false));
        for (var update = 0; ; update++)
        {
            var before = z;
            var logarithms = fixedPart.Select((row, i) => LogSoftmax([.. row.Select((value, c) =>
                value + ((x.Select((_, j) => (among[i][j] + among[j][i]) * before[j][c]).Sum() + f.Select((_, s) => y[s] == c ? fromLabeled[s][i] : 0).Sum()) / (2 * Neighbors)))])).ToArray();
            if (update == Updates)
                return (z, logarithms);
            z = Array.ConvertAll(logarithms, Exp);
        }
    }

    /// <summary>The cosines of each row with its nearest of the others, 0 for the rest.</summary>
    private static double[][] Affinities(double[][] from, double[][] to, bool skipsItself) => [.. from.Select((row, i) =>
    {
        var nearest = Enumerable.Range(0, to.Length).Where(j => !skipsItself || j != i).OrderByDescending(j => Dot(row, to[j])).Take(Neighbors).ToHashSet();
        return to.Select((other, j) => nearest.Contains(j) ? Dot(row, other) : 0).ToArray();
    })];

    private static double LogDensity(double[] x, double[] mean, double[] variances, bool withDeterminant) =>
        -0.5 * x.Select((value, j) => (Square(value - mean[j]) / variances[j]) + (withDeterminant ? Math.Log(variances[j]) : 0)).Sum();

    private static double[] WeightedSum(double[][] rows, Func<int, double> weight) => [.. rows[0].Select((_, j) => rows.Select((row, i) => weight(i) * row[j]).Sum())];

    private static double[] Add(double[] a, double[] b) => [.. a.Zip(b, (first, second) => first + second)];

    private static double[] Unit(double[] row) => Array.ConvertAll(row, value => value / Math.Sqrt(Dot(row, row)));

    private static double[] Exp(double[] logarithms) => Array.ConvertAll(logarithms, Math.Exp);

    private static double Dot(double[] a, double[] b) => a.Zip(b, (first, second) => first * second).Sum();

    private static double Square(double value) => value * value;
}
