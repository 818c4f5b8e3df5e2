using System.Numerics.Tensors;
using Lfa.Alignment;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Validation;

/// <summary>
/// Chooses the β of <see cref="BetaProcrustes"/> by cross-validation: the value of highest mean top-1 accuracy on held-out
/// images, the smaller one of equals.
/// </summary>
/// <remarks>
/// Ouali et al., ICCV 2023, section 3.2. Only the center crop of an image takes part. Differs from the published implementation:
/// <list type="number">
/// <item>All values are scored on the same splits; the published one draws three new splits for each value.</item>
/// <item>X·W_β·Yᵀ is linear in β, so one orthogonal fit and two products of the held-out images with the prototypes serve
/// all values of a split.</item>
/// </list>
/// </remarks>
public static class BetaCrossValidation
{
    /// <summary>Chooses β from the labeled images alone.</summary>
    /// <param name="task">The labeled images, at least two of them, and the class prototypes, rows of unit length.</param>
    /// <param name="options">The options. Default: the published recipe.</param>
    /// <param name="context">The seed of the splits, the threads, and the cancellation, checked before each split. Default: seed 1, all processors.</param>
    /// <returns>The chosen β with the scores of all values.</returns>
    /// <exception cref="LfaDataException">The images have no labels, a class has no example, or there is one image only.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public static BetaSelection Select(FeatureSet task, BetaCrossValidationOptions? options = null, FitContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        task.ThrowIfNotTrainable();
        task.ThrowIfTwoSpaces("the choice of beta");
        return SelectUnchecked(task, options ?? new BetaCrossValidationOptions(), context ?? new FitContext());
    }

    /// <summary>Chooses β on a task of which a class may have no image.</summary>
    internal static BetaSelection SelectUnchecked(FeatureSet task, BetaCrossValidationOptions options, FitContext context)
    {
        if (task.SampleCount < 2)
            throw new LfaDataException("Cross-validation of beta needs two images at least; there is one. Give beta a value instead.");
        var threads = Threads.Resolve(context.MaxDegreeOfParallelism);
        var sums = CrossProducts.ClassSums(task.ImageFeatures, task.Labels.Span, task.ClassCount);
        int[] rows = [.. Enumerable.Range(0, task.SampleCount)];
        var splits = Enumerable.Range(0, options.Splits).Select(split => HeldOut(task, options, context.Seed, split)).Select(held => new Fold([.. rows.Except(held)], held));
        var judged = CrossFitting.Run(task, new SelectionFolds(holdsOutClasses: false, [.. splits]), context, fold =>
            (new BlendedScores(fold.Held, FitWithout(fold.Held, sums, threads), options.Candidates, threads).Correct, Images: fold.Held.SampleCount));
        var (correct, images) = (new int[options.Candidates], judged.Sum(split => split.Images));
        foreach (var split in judged)
            TensorPrimitives.Add(correct, split.Correct, correct);
        var candidates = correct.Select((count, i) => new BetaCandidate((double)i / (correct.Length - 1), (double)count / images)).ToArray();
        return new BetaSelection(candidates[TensorPrimitives.IndexOfMax<int>(correct)].Beta, candidates);
    }

    /// <summary>Fits the orthogonal transform to all images but those held out: their class sums are what the others leave.</summary>
    private static Transform FitWithout(FeatureSet held, double[] sums, int threads)
    {
        var remaining = CrossProducts.ClassSums(held.ImageFeatures, held.Labels.Span, held.ClassCount);
        TensorPrimitives.Subtract(sums, remaining, remaining);
        return OrthogonalProcrustes.Fit(remaining, held.ClassPrototypes, threads);
    }

    private static int[] HeldOut(FeatureSet task, BetaCrossValidationOptions options, int seed, int split)
    {
        var splitSeed = unchecked((seed * 1_000_003) + split);
        if (!options.Stratified)
            return Folds.SplitRandomly(task.SampleCount, options.ValidationFraction, splitSeed).Validation;
        var folds = Math.Clamp((int)Math.Round(1 / options.ValidationFraction), 2, task.SampleCount);
        var assignment = Folds.Stratify(task.Labels.Span, folds, splitSeed);
        return [.. Enumerable.Range(0, task.SampleCount).Where(row => assignment[row] == 0)];
    }

    /// <summary>The scores of the held-out images with the orthogonal transform and with none, from which those of any β follow.</summary>
    private sealed class BlendedScores
    {
        private const int ChunkRows = 32;

        private readonly int[] _labels;
        private readonly int _classes;
        private readonly int _candidates;
        private readonly float[] _aligned;
        private readonly float[] _shift;

        public BlendedScores(FeatureSet held, Transform transform, int candidates, int threads)
        {
            (_labels, _classes, _candidates) = (held.Labels.ToArray(), held.ClassCount, candidates);
            _aligned = Scores(transform.Apply(held.ImageFeatures, threads), held.ClassPrototypes, threads);
            _shift = Scores(held.ImageFeatures, held.ClassPrototypes, threads);
            TensorPrimitives.Subtract(_shift, _aligned, _shift);
            Correct = new int[candidates];
            ParallelLoop.For((_labels.Length + ChunkRows - 1) / ChunkRows, threads, this, static (scores, chunk) => scores.Count(chunk));
        }

        /// <summary>Gets the number of held-out images that each value classifies right.</summary>
        public int[] Correct { get; }

        private static float[] Scores(Matrix features, Matrix prototypes, int threads)
        {
            var scores = new float[checked(features.Rows * prototypes.Rows)];
            MatrixProducts.Single().Multiply(features.AsOperand(), prototypes.AsOperand().Transpose(), scores, threads);
            return scores;
        }

        private void Count(int chunk)
        {
            var blended = new float[_classes];
            for (var row = chunk * ChunkRows; row < Math.Min((chunk + 1) * ChunkRows, _labels.Length); row++)
            {
                var aligned = _aligned.AsSpan(row * _classes, _classes);
                var shift = _shift.AsSpan(row * _classes, _classes);
                for (var i = 0; i < _candidates; i++)
                {
                    TensorPrimitives.MultiplyAdd(shift, (float)i / (_candidates - 1), aligned, blended);
                    if (TensorPrimitives.IndexOfMax<float>(blended) == _labels[row])
                        Interlocked.Increment(ref Correct[i]);
                }
            }
        }
    }
}
