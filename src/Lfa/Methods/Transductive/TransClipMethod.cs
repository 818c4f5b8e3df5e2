using System.Numerics.Tensors;
using Lfa.Alignment;
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
    private const int Rounds = 10;
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

    /// <summary>The classes, and the assignments to them.</summary>
    private sealed class Mixture
    {
        private readonly FeatureSet _task;
        private readonly Matrix _images;
        private readonly int _threads;
        private readonly SoftAssignments _assignments;
        private readonly double[] _sums; // of the labeled images of each class, C × d
        private readonly double[] _squares; // of all labeled images, d
        private readonly double[] _variances;
        private float[] _means;

        public Mixture(FeatureSet task, Matrix images, int threads, CancellationToken cancellationToken)
        {
            (_task, _images, _threads) = (task, images, threads);
            _assignments = new SoftAssignments(images, Scores.ZeroShot(images, task.ClassPrototypes, threads), ZeroShotPower, task, threads, cancellationToken);
            _sums = CrossProducts.ClassSums(task.ImageFeatures, task.Labels.Span, task.ClassCount);
            _means = Array.ConvertAll(_sums, value => (float)value);
            Matrix.NormalizeRows(_means, task.Dimension);
            _variances = new double[task.Dimension];
            Array.Fill(_variances, 1.0 / task.Dimension);
            _squares = SumsOfSquares(task.ImageFeatures);
        }

        public Matrix Logits => _assignments.Logits;

        /// <summary>Updates the assignments a few times, with the classes as they are.</summary>
        public void Assign() => _assignments.Update(SetLikelihoods);

        /// <summary>Estimates the means and the variances from the assignments and the labels.</summary>
        public void Estimate()
        {
            var assigned = _assignments.Sums(_images);
            var (perImage, perLabeled) = (1.0 / _images.Rows, LabeledWeight * LikelihoodScale / _task.SampleCount);
            var sums = new double[assigned.Length];
            for (var i = 0; i < sums.Length; i++)
                sums[i] = (perImage * assigned[i]) + (perLabeled * _sums[i]);
            var counts = Scores.Counts(_task);
            var shares = _assignments.Counts();
            _means = Array.ConvertAll(sums, value => (float)value);
            Matrix.NormalizeRows(_means, _task.Dimension); // The share of a class is a factor of its mean, so its length does not matter.
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

        /// <summary>Writes −½ (x − μ)ᵀ Σ⁻¹ (x − μ) / 50, up to a constant a row.</summary>
        private void SetLikelihoods(float[] likelihoods)
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
            MatrixProducts.Single().Multiply(_images.AsOperand(), new Operand<float>(scaled, classes, dimension).Transpose(), likelihoods, _threads);
            for (var i = 0; i < _images.Rows; i++)
            {
                var row = likelihoods.AsSpan(i * classes, classes);
                TensorPrimitives.Subtract(row, halves, row);
            }
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
    }
}
