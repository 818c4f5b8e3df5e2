using System.Numerics.Tensors;
using Lfa.Alignment;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Methods;

/// <summary>
/// Gaussian classes of a batch of images, of a diagonal covariance each, held at anchors t (StatA, section 4): with n_c the soft count
/// of a class and β_c = n_c / (n_c + α), μ_c = β_c·mean + (1 − β_c)·t_c and Σ_c = β_c·S_c + (1 − β_c)·(Σ₀ + (t_c − μ_c)²), S_c the
/// scatter about μ_c and Σ₀ that about the anchors at the start, of all classes together.
/// </summary>
/// <remarks>Means have unit length before and after they are mixed, as in the published code. A class without an image stays at its anchor.</remarks>
internal sealed class AnchoredGaussians
{
    private const int Rounds = 10;
    private const double LikelihoodScale = 50;
    private const double SmallestVariance = 1e-8;

    private readonly Matrix _images;
    private readonly Matrix _squaredImages;
    private readonly Matrix _anchors;
    private readonly double _anchorWeight; // α
    private readonly int _threads;
    private readonly SoftAssignments _assignments;
    private readonly double[] _labeledCounts; // C
    private readonly double[] _labeledSums; // C × d
    private readonly double[] _labeledSquares; // C × d
    private readonly double[] _startVariances; // Σ₀, d
    private readonly double[] _variances; // C × d
    private float[] _means; // C × d

    private AnchoredGaussians(Matrix images, Matrix anchors, double anchorWeight, FeatureSet? labeled, SoftAssignments assignments, int threads)
    {
        (_images, _anchors, _anchorWeight, _assignments, _threads) = (images, anchors, anchorWeight, assignments, threads);
        _squaredImages = Squares(images);
        _labeledCounts = new double[anchors.Rows];
        (_labeledSums, _labeledSquares) = (new double[anchors.Values.Length], new double[anchors.Values.Length]);
        if (labeled is not null)
        {
            _labeledCounts = Array.ConvertAll(Scores.Counts(labeled), count => (double)count);
            _labeledSums = CrossProducts.ClassSums(labeled.ImageFeatures, labeled.Labels.Span, anchors.Rows);
            _labeledSquares = CrossProducts.ClassSums(Squares(labeled.ImageFeatures), labeled.Labels.Span, anchors.Rows);
        }
        _means = anchors.Values.ToArray();
        _startVariances = StartVariances();
        _variances = [.. Enumerable.Repeat(_startVariances, anchors.Rows).SelectMany(variances => variances)];
    }

    /// <summary>Classifies images together.</summary>
    /// <param name="images">The images, m × d, rows of unit length.</param>
    /// <param name="prior">The logits of the prior, m × C; they are overwritten.</param>
    /// <param name="anchors">The anchors t, C × d, rows of unit length.</param>
    /// <param name="anchorWeight">The weight α of an anchor, in images.</param>
    /// <param name="labeled">Images of known classes, which count as the others do. Default: none.</param>
    /// <param name="threads">The number of threads at most.</param>
    /// <param name="cancellationToken">Checked in each round.</param>
    /// <returns>The logits, m × C.</returns>
    public static Matrix Classify(Matrix images, float[] prior, Matrix anchors, double anchorWeight, FeatureSet? labeled, int threads, CancellationToken cancellationToken)
    {
        var assignments = new SoftAssignments(images, prior, power: 1, labeled, threads, cancellationToken);
        var classes = new AnchoredGaussians(images, anchors, anchorWeight, labeled, assignments, threads);
        for (var round = 0; ; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            assignments.Update(classes.SetLikelihoods);
            if (round == Rounds)
                return assignments.Logits;
            classes.Estimate();
        }
    }

    /// <summary>Estimates the means and the variances from the assignments, the labels and the anchors.</summary>
    private void Estimate()
    {
        var (counts, sums, squares) = Moments();
        _means = Array.ConvertAll(sums, value => (float)value);
        Matrix.NormalizeRows(_means, _images.Columns);
        for (var c = 0; c < counts.Length; c++)
            Anchor(c, counts[c] / (counts[c] + _anchorWeight));
        Matrix.NormalizeRows(_means, _images.Columns);
        for (var i = 0; i < _variances.Length; i++)
        {
            var (count, mean) = (counts[i / _images.Columns], (double)_means[i]);
            var away = _anchors.Values.Span[i] - mean;
            var scatter = Math.Max(squares[i] - (2 * mean * sums[i]) + (count * mean * mean), 0); // n_c·S_c, so that β_c·S_c needs no division by n_c.
            var anchored = _anchorWeight * (_startVariances[i % _images.Columns] + (away * away));
            _variances[i] = Math.Max((scatter + anchored) / (count + _anchorWeight), SmallestVariance);
        }
    }

    /// <summary>Moves the mean of a class to its anchor.</summary>
    private void Anchor(int c, double share)
    {
        var mean = _means.AsSpan(c * _images.Columns, _images.Columns);
        TensorPrimitives.Multiply(mean, (float)share, mean);
        TensorPrimitives.MultiplyAdd(_anchors.Row(c), (float)(1 - share), mean, mean);
    }

    /// <summary>Computes the variances of all images about the anchors of their classes, as they are assigned at the start.</summary>
    private double[] StartVariances()
    {
        var (counts, sums, squares) = Moments();
        var variances = new double[_images.Columns];
        for (var i = 0; i < sums.Length; i++)
        {
            double anchor = _anchors.Values.Span[i];
            variances[i % variances.Length] += squares[i] - (2 * anchor * sums[i]) + (counts[i / variances.Length] * anchor * anchor);
        }
        var whole = counts.Sum();
        return Array.ConvertAll(variances, variance => Math.Max(variance / whole, SmallestVariance));
    }

    /// <summary>Sums over the images of each class: their number, C, their features and the squares of these, C × d.</summary>
    private (double[] Counts, double[] Sums, double[] Squares) Moments()
    {
        var counts = _assignments.Counts();
        TensorPrimitives.Add(counts, _labeledCounts, counts);
        return (counts, Plus(_assignments.Sums(_images), _labeledSums), Plus(_assignments.Sums(_squaredImages), _labeledSquares));
    }

    /// <summary>Writes log N(x | μ, Σ) / 50, up to a constant a row.</summary>
    private void SetLikelihoods(float[] likelihoods)
    {
        var (classes, dimension) = (_anchors.Rows, _anchors.Columns);
        var (scaled, inverses, constants) = (new float[_means.Length], new float[_means.Length], new double[classes]);
        for (var i = 0; i < scaled.Length; i++)
        {
            var precision = 1 / (_variances[i] * LikelihoodScale);
            (scaled[i], inverses[i]) = ((float)(_means[i] * precision), (float)(-0.5 * precision));
            constants[i / dimension] -= 0.5 * ((_means[i] * _means[i] * precision) + (Math.Log(_variances[i]) / LikelihoodScale));
        }
        var product = MatrixProducts.Single();
        product.Multiply(_images.AsOperand(), new Operand<float>(scaled, classes, dimension).Transpose(), likelihoods, _threads);
        product.Multiply(_squaredImages.AsOperand(), new Operand<float>(inverses, classes, dimension).Transpose(), likelihoods, _threads, accumulate: true);
        var ofRow = Array.ConvertAll(constants, constant => (float)constant);
        for (var rest = likelihoods.AsSpan(); rest.Length > 0; rest = rest[classes..])
            TensorPrimitives.Add(rest[..classes], ofRow, rest);
    }

    private static double[] Plus(float[] sums, double[] others) => [.. sums.Select((sum, i) => sum + others[i])];

    private static Matrix Squares(Matrix features)
    {
        var squares = new float[features.Values.Length];
        TensorPrimitives.Multiply(features.Values.Span, features.Values.Span, squares);
        return new Matrix(squares, features.Rows, features.Columns);
    }
}
