using System.Numerics.Tensors;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Classification;

/// <summary>
/// What images held out of the fit tell of a classifier's probabilities: the temperature at which they hold, the sets of
/// classes that contain the true one as often as stated, and the images that are of none of the classes.
/// </summary>
/// <remarks>
/// The temperature is that of least log-loss (C. Guo et al., ICML 2017, section 4.2), as though a quarter of an error more
/// had been seen: where few images are held out, and none is classified wrong, probabilities of 1 would fit best.
/// <para>
/// A prediction set (a conformal set) holds the classes c of log-odds log((1 − p_c) / p_c) ≤ q + m_c. The difficulty m_c is by how much the
/// log-odds against the true class are usually higher for class c, 0 where too little is known of it; q is the
/// ⌈(n + 1)·coverage⌉-th smallest log-odds of the true class, less its difficulty, among the n held-out images (V. Vovk,
/// A. Gammerman, G. Shafer, "Algorithmic learning in a random world", 2005; of the least ambiguous sets, M. Sadinle,
/// J. Lei, L. Wasserman, JASA 114, 2019; pooled over folds, V. Vovk, "Cross-conformal predictors", 2015). Were
/// the scores those of one classifier, a further image of the same kind would have its class in its set with at least that
/// probability, with difficulties very nearly; pooled over folds, and with a classifier fitted to all images, it is near
/// that. Where n is too small the set holds all classes, where no class is likely enough it is empty. Without difficulties these are the
/// smallest of the sets that cover as much; with them they are hardly larger and cover the classes more alike, so that
/// class frequencies matter less. On the training features of ImageNet and Caltech101 those of Y. Romano, M. Sesia, E. Candès
/// (NeurIPS 2020) without randomization were 4 to 20 times as large.
/// </para><para>
/// An image is rejected as unknown where its familiarity, log max_c softmax(s / 3τ)_c of the scores s, is below the
/// ⌊(n + 1)·rate⌋-th smallest of the held-out images: maximum concept matching (Y. Ming et al., NeurIPS 2022), at a
/// temperature that told classes left out of training from the others best. The highest cosine and the energy
/// (W. Liu et al., NeurIPS 2020) told them worse, and their threshold moves with anything that shifts all scores.
/// </para>
/// Instances are immutable and safe for use by several threads at once.
/// </remarks>
public sealed class Calibration
{
    private const double Softening = 3; // Best mean AUROC on training features; 2.5 to 6 are within 0.0015 of it.

    internal Calibration(CalibrationMetrics before, CalibrationMetrics after, HeldOutQuantiles nonconformity, HeldOutQuantiles familiarity, ReadOnlyMemory<float> difficulties,
        bool heldOutClasses, double? coverage = null, double? falseRejection = null)
    {
        (Before, After, Nonconformity, Familiarities) = (before, after, nonconformity, familiarity);
        (Difficulties, HeldOutClasses, Coverage, FalseRejection) = (difficulties, heldOutClasses, coverage, falseRejection);
    }

    /// <summary>Gets the fitted temperature τ of the scores.</summary>
    public double Temperature => After.Temperature;

    /// <summary>Gets how well the probabilities held at the temperature before.</summary>
    public CalibrationMetrics Before { get; }

    /// <summary>Gets how well the probabilities hold at the fitted temperature, on the images that it was fitted to.</summary>
    public CalibrationMetrics After { get; }

    /// <summary>Gets the number n of held-out images.</summary>
    public int Samples => Nonconformity.Samples;

    /// <summary>
    /// Gets whether no image could be held out of its own class, where most have one example only: then the scores are of other
    /// classifiers than this one (zero-shot for the automatic choice), and what follows from them is a guide without a guarantee.
    /// </summary>
    public bool HeldOutClasses { get; }

    /// <summary>Gets the coverage of the sets where none is asked for, between 0 and 1. Default: none, and no sets.</summary>
    public double? Coverage { get; }

    /// <summary>Gets the rate of false rejection where none is asked for, between 0 and 1. Default: none, and no rejection.</summary>
    public double? FalseRejection { get; }

    /// <summary>Gets the largest coverage for which a set need not hold all classes, n / (n + 1).</summary>
    public double LargestCoverage => Samples / (Samples + 1.0);

    /// <summary>Gets the smallest rate of false rejection at which anything can be rejected, 1 / (n + 1).</summary>
    public double SmallestFalseRejection => 1 / (Samples + 1.0);

    /// <summary>Gets −log p of the true class, as it were in a class of mean difficulty.</summary>
    internal HeldOutQuantiles Nonconformity { get; }

    /// <summary>Gets the difficulties of the classes, C values; none where they are all 0.</summary>
    internal ReadOnlyMemory<float> Difficulties { get; }

    internal HeldOutQuantiles Familiarities { get; }

    /// <summary>Learns from the scores of images that took no part in the fit of the classifier that scored them.</summary>
    /// <param name="scores">Their scores (logits at temperature 1), n × C, of classifiers fitted like the one in question, to the other images.</param>
    /// <param name="labels">Their classes, n values from 0 to C − 1.</param>
    /// <param name="heldOutClasses">Whether their classes had no example in those fits. Default: false.</param>
    /// <param name="temperatureBefore">The temperature to compare with. Default: <see cref="Scorer.DefaultTemperature"/>.</param>
    /// <returns>The fitted temperature, and the quantiles that sets and rejection follow from.</returns>
    /// <exception cref="LfaDataException">There are no rows, another number of labels, a label out of range, or a score that is not finite.</exception>
    public static Calibration FromHeldOut(Matrix scores, ReadOnlySpan<int> labels, bool heldOutClasses = false,
        double temperatureBefore = Scorer.DefaultTemperature)
    {
        ArgumentNullException.ThrowIfNull(scores);
        Temperatures.ThrowIfNotTemperature(temperatureBefore, nameof(temperatureBefore));
        if (scores.Rows == 0 || scores.Rows != labels.Length)
            throw new LfaDataException(Invariant($"scores has {scores.Rows} rows but labels has {labels.Length} entries; give one for each row, and at least one."));
        if (labels.ContainsAnyExceptInRange(0, scores.Columns - 1))
            throw new LfaDataException(Invariant($"The label {labels[labels.IndexOfAnyExceptInRange(0, scores.Columns - 1)]} is none of the classes 0 to {scores.Columns - 1}."));
        scores.ThrowIfNotFinite("scores");
        var temperature = TemperatureScaling.Fit(scores, labels, TemperatureScaling.FewPseudoErrors);
        var (nonconformity, familiarity) = (new double[labels.Length], new float[labels.Length]);
        for (var i = 0; i < labels.Length; i++)
        {
            var row = scores.Row(i);
            nonconformity[i] = Softmax.LogSumExp(row, temperature) - (row[labels[i]] / temperature);
            familiarity[i] = -RoundUp(-Familiarity(row, temperature));
        }
        float[] difficulties = heldOutClasses ? [] : ClassDifficulty.Fit(scores, labels, temperature, nonconformity);
        return new Calibration(Measure(scores, labels, temperatureBefore), Measure(scores, labels, temperature),
            HeldOutQuantiles.Of([.. nonconformity.Select(RoundUp)]), HeldOutQuantiles.Of(familiarity), difficulties, heldOutClasses);
    }

    /// <summary>Returns the same for a classifier whose scores mean the same at another temperature.</summary>
    internal Calibration AtTemperature(double temperature) =>
        new(Before, After with { Temperature = temperature }, Nonconformity, Familiarities, Difficulties, HeldOutClasses, Coverage, FalseRejection);

    /// <summary>Returns the same with the coverage and the rate of false rejection that hold where none is asked for.</summary>
    /// <param name="coverage">The coverage of the sets, between 0 and 1, or null for no sets.</param>
    /// <param name="falseRejection">The rate of false rejection, between 0 and 1, or null for no rejection.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public Calibration WithDefaults(double? coverage, double? falseRejection)
    {
        ThrowIfNotFraction(coverage, nameof(coverage));
        ThrowIfNotFraction(falseRejection, nameof(falseRejection));
        return new Calibration(Before, After, Nonconformity, Familiarities, Difficulties, HeldOutClasses, coverage, falseRejection);
    }

    /// <summary>Computes the probability from which on a class of mean difficulty is in the set.</summary>
    /// <param name="coverage">The coverage, between 0 and 1.</param>
    /// <returns>The least probability of such a class in the set, less for harder classes and more for easier ones; 0 where too few images were held out for this coverage.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="coverage"/> is out of its range.</exception>
    public double SetProbability(double coverage)
    {
        ThrowIfNotFraction(coverage, nameof(coverage));
        return Math.Exp(-Nonconformity.Upper(coverage));
    }

    /// <summary>Computes the largest −log p that each of C classes may have in a set; ∞ where too few images were held out.</summary>
    internal double[] LargestNonconformities(double coverage, int classes)
    {
        var largest = Nonconformity.Upper(coverage);
        return [.. Enumerable.Range(0, classes).Select(c => Difficulties.IsEmpty ? largest : ClassDifficulty.Shift(largest, Difficulties.Span[c]))];
    }

    /// <summary>Computes the familiarity of scores: the lower, the less they look like those of an image of one of the classes.</summary>
    internal static double Familiarity(ReadOnlySpan<float> scores, double temperature) =>
        (TensorPrimitives.Max(scores) / (Softening * temperature)) - Softmax.LogSumExp(scores, Softening * temperature);

    internal static void ThrowIfNotFraction(double? value, string name)
    {
        if (value is { } fraction && !(fraction is > 0 and < 1))
            throw new ArgumentOutOfRangeException(name, fraction, $"{name} must lie between 0 and 1.");
    }

    private static CalibrationMetrics Measure(Matrix scores, ReadOnlySpan<int> labels, double temperature)
    {
        var sums = new CalibrationSums();
        for (var i = 0; i < labels.Length; i++)
            sums.Add(scores.Row(i), labels[i], TopK.Rank(scores.Row(i))[0], temperature);
        return new CalibrationMetrics(temperature, sums.LogLoss, sums.Ece);
    }

    // So that a held-out image of the quantile's rank keeps to it.
    private static float RoundUp(double value)
    {
        var rounded = (float)value;
        return rounded < value ? MathF.BitIncrement(rounded) : rounded;
    }
}
