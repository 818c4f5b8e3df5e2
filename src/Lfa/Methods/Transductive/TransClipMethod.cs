using System.Numerics.Tensors;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Methods;

/// <summary>
/// Fits Gaussian classes to labeled and unlabeled images at once, the assignments z of the unlabeled ones kept near the
/// zero-shot probabilities p₀ and near those of similar images: z_i ∝ p₀_i^λ · exp(log N(x_i | μ, Σ) / 50 + Σ_j w_ij z_j).
/// </summary>
/// <remarks>
/// Means on the unit sphere and one diagonal covariance; w_ij the cosines of the 3 nearest images, λ = ½; 10 rounds of 5
/// updates of z, then one of μ and Σ. The logits are the exponents above. Memory grows with the images times the classes, not
/// with the pairs of images. Differs from the published code:
/// <list type="number">
/// <item>The weight γ of the labeled images is 0.02, in the middle of those the code tries on validation images (0.002 … 0.2).</item>
/// <item>A labeled image is linked to its 3 nearest unlabeled ones; the code leaves out the nearest.</item>
/// </list>
/// </remarks>
public sealed record TransClipMethod : IMethod
{
    private const int Neighbors = 3;
    private const int Rounds = 10;
    private const int Updates = 5;
    private const double ZeroShotPower = 0.5;
    private const float LikelihoodScale = 50;
    private const double LabeledWeight = 0.02;
    private const double SmallestVariance = 1e-8;

    /// <inheritdoc/>
    public string Name => "transclip";

    /// <inheritdoc/>
    public string Source => "M. Zanella, B. Gérin, I. Ben Ayed, \"Boosting vision-language models with transduction\", NeurIPS 2024";

    /// <inheritdoc/>
    public MethodNeeds Needs => MethodNeeds.Labels | MethodNeeds.TextFeatures | MethodNeeds.ImagesToClassify;

    /// <inheritdoc/>
    public MethodFit Fit(FitTask task, FitContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        context ??= new FitContext();
        var (clock, set) = (new FitClock(), task.Require(this));
        var unlabeled = task.Unlabeled!.ImageFeatures;
        TransductiveFits.ThrowIfOther(set, unlabeled);
        var mixture = new Mixture(set, unlabeled, Threads.Resolve(context.MaxDegreeOfParallelism), context.CancellationToken);
        for (var round = 0; ; round++)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            mixture.Assign();
            if (round == Rounds)
                return this.ToTransductiveFit(task, context, mixture.Logits, clock);
            mixture.Estimate();
        }
    }

    /// <summary>The classes and the assignments.</summary>
    private sealed class Mixture
    {
        private readonly FeatureSet _task;
        private readonly Matrix _images;
        private readonly int _threads;
        private readonly float[] _prior; // λ log p₀, m × C
        private readonly (int Image, float Weight)[][] _links; // half of those of both directions, over the number of neighbors
        private readonly float[] _fromLabeled; // what the labeled images add to each, m × C
        private readonly double[] _sums; // of the labeled images of each class, C × d
        private readonly double[] _squares; // of all labeled images, d
        private readonly float[] _logits;
        private float[] _assignments;
        private float[] _next;
        private float[] _means;
        private readonly double[] _variances;

        public Mixture(FeatureSet task, Matrix images, int threads, CancellationToken cancellationToken)
        {
            (_task, _images, _threads) = (task, images, threads);
            var (classes, dimension) = (task.ClassCount, task.Dimension);
            _prior = Scores.ZeroShot(images, task.ClassPrototypes, threads);
            _assignments = new float[_prior.Length];
            ParallelLoop.For(images.Rows, threads, this, static (mixture, row) => mixture.StartRow(row));
            (_next, _logits) = (new float[_prior.Length], new float[_prior.Length]);
            _sums = CrossProducts.ClassSums(task.ImageFeatures, task.Labels.Span, classes);
            _means = Array.ConvertAll(_sums, value => (float)value);
            Matrix.NormalizeRows(_means, dimension);
            _variances = new double[dimension];
            Array.Fill(_variances, 1.0 / dimension);
            _squares = SumsOfSquares(task.ImageFeatures);
            (_links, _fromLabeled) = Link(cancellationToken);
        }

        public Matrix Logits => new(_logits, _images.Rows, _task.ClassCount);

        /// <summary>Updates the assignments a few times, with the classes as they are.</summary>
        public void Assign()
        {
            SetLikelihoods();
            for (var i = 0; i < Updates; i++)
            {
                ParallelLoop.For(_images.Rows, _threads, this, static (mixture, row) => mixture.AssignRow(row));
                (_assignments, _next) = (_next, _assignments);
            }
            ParallelLoop.For(_images.Rows, _threads, this, static (mixture, row) => mixture.SetLogits(row));
        }

        /// <summary>Estimates the means and the variances from the assignments and the labels.</summary>
        public void Estimate()
        {
            var (classes, dimension) = (_task.ClassCount, _task.Dimension);
            var assigned = new float[classes * dimension];
            MatrixProducts.Single().Multiply(new Operand<float>(_assignments, _images.Rows, classes).Transpose(), _images.AsOperand(), assigned, _threads);
            var (perImage, perLabeled) = (1.0 / _images.Rows, LabeledWeight * LikelihoodScale / _task.SampleCount);
            var sums = new double[classes * dimension];
            for (var i = 0; i < sums.Length; i++)
                sums[i] = (perImage * assigned[i]) + (perLabeled * _sums[i]);
            var counts = Scores.Counts(_task);
            var shares = Shares();
            _means = Array.ConvertAll(sums, value => (float)value);
            Matrix.NormalizeRows(_means, dimension); // The share of a class is a factor of its mean, so its length does not matter.
            SetVariances(sums, [.. shares.Select((share, c) => (perImage * share) + (perLabeled * counts[c]))], perImage, perLabeled);
        }

        /// <summary>Σ z (x − μ)² = Σ x² − 2 Σ_c μ_c · sum_c + Σ_c share_c μ_c², weighted, over all weights.</summary>
        private void SetVariances(double[] sums, double[] shares, double perImage, double perLabeled)
        {
            var squares = SumsOfSquares(_images);
            var whole = shares.Sum();
            for (var j = 0; j < _variances.Length; j++)
            {
                var value = (perImage * squares[j]) + (perLabeled * _squares[j]);
                for (var c = 0; c < shares.Length; c++)
                {
                    double mean = _means[(c * _variances.Length) + j];
                    value += mean * ((shares[c] * mean) - (2 * sums[(c * _variances.Length) + j]));
                }
                _variances[j] = Math.Max(value / whole, SmallestVariance);
            }
        }

        private double[] Shares()
        {
            var (shares, row) = (new double[_task.ClassCount], new double[_task.ClassCount]);
            for (var i = 0; i < _images.Rows; i++)
            {
                TensorPrimitives.ConvertTruncating<float, double>(_assignments.AsSpan(i * row.Length, row.Length), row);
                TensorPrimitives.Add(shares, row, shares);
            }
            return shares;
        }

        /// <summary>Writes −½ (x − μ)ᵀ Σ⁻¹ (x − μ) / 50 over the logits, up to a constant a row.</summary>
        private void SetLikelihoods()
        {
            var (classes, dimension) = (_task.ClassCount, _task.Dimension);
            var scaled = new float[_means.Length];
            var inverses = Array.ConvertAll(_variances, variance => (float)(1 / (variance * LikelihoodScale)));
            var halves = new float[classes];
            for (var c = 0; c < classes; c++)
            {
                var mean = _means.AsSpan(c * dimension, dimension);
                var row = scaled.AsSpan(c * dimension, dimension);
                TensorPrimitives.Multiply(mean, inverses, row);
                halves[c] = 0.5f * TensorPrimitives.Dot<float>(mean, row);
            }
            MatrixProducts.Single().Multiply(_images.AsOperand(), new Operand<float>(scaled, classes, dimension).Transpose(), _logits, _threads);
            for (var i = 0; i < _images.Rows; i++)
            {
                var row = _logits.AsSpan(i * classes, classes);
                TensorPrimitives.Subtract(row, halves, row);
                TensorPrimitives.Add(row, _prior.AsSpan(i * classes, classes), row);
                TensorPrimitives.Add(row, _fromLabeled.AsSpan(i * classes, classes), row);
            }
        }

        private void StartRow(int row)
        {
            var prior = Row(_prior, row);
            Softmax.Apply(prior, Row(_assignments, row));
            TensorPrimitives.Multiply(prior, (float)ZeroShotPower, prior); // up to a constant, which no softmax sees
        }

        private void AssignRow(int row)
        {
            var next = Row(_next, row);
            AddLinks(row, _assignments, next);
            Softmax.Apply(next, next);
        }

        private void SetLogits(int row)
        {
            AddLinks(row, _assignments, Row(_next, row));
            Row(_next, row).CopyTo(Row(_logits, row));
        }

        private void AddLinks(int row, float[] assignments, Span<float> target)
        {
            Row(_logits, row).CopyTo(target);
            foreach (var (image, weight) in _links[row])
                TensorPrimitives.MultiplyAdd(Row(assignments, image), weight, target, target);
        }

        /// <summary>Links each image with its neighbors, and with the labeled images that have it as a neighbor.</summary>
        private ((int Image, float Weight)[][] Links, float[] FromLabeled) Link(CancellationToken cancellationToken)
        {
            var links = new List<(int, float)>[_images.Rows];
            for (var i = 0; i < links.Length; i++)
                links[i] = [];
            var among = NeighborGraph.Of(_images, _images, Neighbors, skipsItself: true, _threads, cancellationToken);
            for (var i = 0; i < among.Nearest.Length; i++)
            {
                var (from, to, weight) = (i / among.Count, among.Nearest[i], among.Cosines[i] / (2 * Neighbors));
                links[from].Add((to, weight));
                links[to].Add((from, weight));
            }
            var fromLabeled = new float[_prior.Length];
            var labeled = NeighborGraph.Of(_task.ImageFeatures, _images, Neighbors, skipsItself: false, _threads, cancellationToken);
            for (var i = 0; i < labeled.Nearest.Length; i++)
                fromLabeled[(labeled.Nearest[i] * _task.ClassCount) + _task.Labels.Span[i / labeled.Count]] += labeled.Cosines[i] / (2 * Neighbors);
            return ([.. links.Select(list => list.ToArray())], fromLabeled);
        }

        private static double[] SumsOfSquares(Matrix features)
        {
            var (squares, row) = (new double[features.Columns], new double[features.Columns]);
            for (var i = 0; i < features.Rows; i++)
            {
                TensorPrimitives.ConvertTruncating(features.Row(i), row);
                TensorPrimitives.MultiplyAdd(row, row, squares, squares);
            }
            return squares;
        }

        private Span<float> Row(float[] matrix, int row) => matrix.AsSpan(row * _task.ClassCount, _task.ClassCount);
    }
}
