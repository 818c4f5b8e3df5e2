using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Classification;

/// <summary>
/// What images held out of the fit tell of a classifier's probabilities: the temperature at which they hold, the sets of
/// classes that contain the true one as often as stated, and the images that are of none of the classes.
/// </summary>
/// <remarks>
/// The temperature is that of least log-loss (C. Guo et al., ICML 2017, section 4.2), as though a quarter of an error more
/// had been seen: where few images are held out, and none is classified wrong, probabilities of 1 would fit best. Where labels are wrong beyond noise,
/// what is learned is of the others, and the temperature of the most likely mixture of both.
/// <para>
/// A prediction set (a conformal set) holds the most probable class and the classes c of log-odds log((1 − p_c) / p_c) ≤ q + m_c.
/// The difficulty m_c is by how much the log-odds against the true class are usually higher for class c, 0 where too little is
/// known of it; q is the ⌈(n + 1)·coverage⌉-th smallest nonconformity among the n held-out images: the log-odds of the true
/// class, less its difficulty, and −∞ where it is the most probable one (V. Vovk,
/// A. Gammerman, G. Shafer, "Algorithmic learning in a random world", 2005; of the least ambiguous sets, M. Sadinle,
/// J. Lei, L. Wasserman, JASA 114, 2019; pooled over folds, V. Vovk, "Cross-conformal predictors", 2015). Were
/// the scores those of one classifier, a further image of the same kind would have its class in its set with at least that
/// probability, with difficulties very nearly; pooled over folds, and with a classifier fitted to all images, it is near
/// that. Where the most probable class is right more often than the coverage asks for, it is the whole set; where n is too small
/// the set holds all classes. Without difficulties these are the
/// smallest of the sets that cover as much and are not empty; with them they are hardly larger and cover the classes more alike, so that
/// class frequencies matter less. Those of Y. Romano, M. Sesia, E. Candès (NeurIPS 2020), of A. Angelopoulos et al. (ICLR 2021) and
/// those with a threshold for each class were larger on the training features of every task.
/// </para><para>
/// An image is rejected as unknown where its familiarity is below the ⌊(n + 1)·rate⌋-th smallest of the held-out images. It is a
/// weighted sum of log max_c softmax(s / 3τ)_c of the scores s (Y. Ming et al., NeurIPS 2022), of how far the highest score stands out, and
/// of how near the image is to the name of its class; the weights tell the held-out images best from the same images without their class among those
/// that compete. The highest cosine and the energy (W. Liu et al., NeurIPS 2020) told classes left out of training worse, and their threshold
/// moves with anything that shifts all scores.
/// </para>
/// Instances are immutable and safe for use by several threads at once.
/// </remarks>
public sealed class Calibration
{
    internal Calibration(CalibrationMetrics before, CalibrationMetrics after, HeldOutQuantiles nonconformity, HeldOutQuantiles familiarities, Familiarity familiarity, ReadOnlyMemory<float> difficulties,
        bool heldOutClasses, double wrongLabelFraction, double? coverage = null, double? falseRejection = null)
    {
        (Before, After, Nonconformity, Familiarities, Familiarity) = (before, after, nonconformity, familiarities, familiarity);
        (Difficulties, HeldOutClasses, WrongLabelFraction, Coverage, FalseRejection) = (difficulties, heldOutClasses, wrongLabelFraction, coverage, falseRejection);
    }

    /// <summary>Gets the fitted temperature τ of the scores.</summary>
    public double Temperature => After.Temperature;

    /// <summary>Gets how well the probabilities held at the temperature before.</summary>
    public CalibrationMetrics Before { get; }

    /// <summary>Gets how well the probabilities hold at the fitted temperature, on the images that it was fitted to.</summary>
    public CalibrationMetrics After { get; }

    /// <summary>Gets the number n of held-out images, but those whose labels are taken for wrong.</summary>
    public int Samples => Nonconformity.Samples;

    /// <summary>
    /// Gets the estimated fraction of the held-out images whose labels are wrong, from 0 to 1; 0 where nothing speaks for any beyond noise. Temperature, sets and rejection
    /// are for labels that are right: as many images, those of the least likely labels, take no part.
    /// </summary>
    public double WrongLabelFraction { get; }

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

    /// <summary>Gets −log p of the true class, as it were in a class of mean difficulty; 0 where it is the most probable one.</summary>
    internal HeldOutQuantiles Nonconformity { get; }

    /// <summary>Gets the difficulties of the classes, C values; none where they are all 0.</summary>
    internal ReadOnlyMemory<float> Difficulties { get; }

    /// <summary>Gets the familiarities of the held-out images.</summary>
    internal HeldOutQuantiles Familiarities { get; }

    /// <summary>Gets what tells how much an image looks like one of the classes.</summary>
    internal Familiarity Familiarity { get; }

    /// <summary>Learns from the scores of images that took no part in the fit of the classifier that scored them.</summary>
    /// <param name="scores">Their scores (logits at temperature 1), n × C, of classifiers fitted like the one in question, to the other images.</param>
    /// <param name="labels">Their classes, n values from 0 to C − 1.</param>
    /// <param name="heldOutClasses">Whether their classes had no example in those fits. Default: false.</param>
    /// <param name="temperatureBefore">The temperature to compare with. Default: <see cref="Scorer.DefaultTemperature"/>.</param>
    /// <returns>The fitted temperature, and the quantiles that sets and rejection follow from.</returns>
    /// <exception cref="LfaDataException">There are no rows, another number of labels, a label out of range, or a score that is not finite.</exception>
    public static Calibration FromHeldOut(Matrix scores, ReadOnlySpan<int> labels, bool heldOutClasses = false,
        double temperatureBefore = Scorer.DefaultTemperature) => FromHeldOut(scores, labels, heldOutClasses, temperatureBefore, nearness: null);

    /// <summary>Learns from scores, and from how near the images are to the names of the classes.</summary>
    /// <param name="scores">Their scores, n × C.</param>
    /// <param name="labels">Their classes, n values.</param>
    /// <param name="heldOutClasses">Whether their classes had no example in those fits.</param>
    /// <param name="temperatureBefore">The temperature to compare with.</param>
    /// <param name="nearness">The cosines with the names of the classes, less the mean of each row, n × C; null where names say nothing.</param>
    internal static Calibration FromHeldOut(Matrix scores, ReadOnlySpan<int> labels, bool heldOutClasses, double temperatureBefore, Matrix? nearness)
    {
        ArgumentNullException.ThrowIfNull(scores);
        Temperatures.ThrowIfNotTemperature(temperatureBefore, nameof(temperatureBefore));
        if (scores.Rows == 0 || scores.Rows != labels.Length)
            throw new LfaDataException(Invariant($"scores has {scores.Rows} rows but labels has {labels.Length} entries; give one for each row, and at least one."));
        if (labels.ContainsAnyExceptInRange(0, scores.Columns - 1))
            throw new LfaDataException(Invariant($"The label {labels[labels.IndexOfAnyExceptInRange(0, scores.Columns - 1)]} is none of the classes 0 to {scores.Columns - 1}."));
        scores.ThrowIfNotFinite("scores");
        var temperature = TemperatureScaling.Fit(scores, labels, TemperatureScaling.FewPseudoErrors);
        return LabelNoise.Find(scores, labels, temperature) is not { } noise
            ? Of(scores, labels, temperature, heldOutClasses, temperatureBefore, nearness, wrongLabelFraction: 0)
            : Of(scores.SelectRows(noise.Kept), Select(labels, noise.Kept), noise.Temperature, heldOutClasses, temperatureBefore, nearness?.SelectRows(noise.Kept), noise.Fraction);
    }

    private static Calibration Of(Matrix scores, ReadOnlySpan<int> labels, double temperature, bool heldOutClasses, double temperatureBefore, Matrix? nearness, double wrongLabelFraction)
    {
        var (nonconformity, familiarities) = (new double[labels.Length], new double[labels.Length]);
        for (var i = 0; i < labels.Length; i++)
        {
            var row = scores.Row(i);
            nonconformity[i] = Softmax.LogSumExp(row, temperature) - (row[labels[i]] / temperature);
        }
        float[] difficulties = heldOutClasses ? [] : ClassDifficulty.Fit(scores, labels, temperature, nonconformity);
        for (var i = 0; i < labels.Length; i++)
        {
            if (TopK.Rank(scores.Row(i))[0] == labels[i])
                nonconformity[i] = 0; // In every set.
        }
        var familiarity = FamiliarityFit.Run(scores, labels, temperature, heldOutClasses ? null : nearness, isOfClassifier: !heldOutClasses, familiarities);
        return new Calibration(Measure(scores, labels, temperatureBefore), Measure(scores, labels, temperature),
            HeldOutQuantiles.Of([.. nonconformity.Select(RoundUp)]), HeldOutQuantiles.Of([.. familiarities.Select(value => -RoundUp(-value))]), familiarity, difficulties, heldOutClasses, wrongLabelFraction);
    }

    /// <summary>Returns the same for a classifier whose scores mean the same at another temperature.</summary>
    internal Calibration AtTemperature(double temperature) =>
        new(Before, After with { Temperature = temperature }, Nonconformity, Familiarities, Familiarity, Difficulties, HeldOutClasses, WrongLabelFraction, Coverage, FalseRejection);

    /// <summary>Returns the same with the coverage and the rate of false rejection that hold where none is asked for.</summary>
    /// <param name="coverage">The coverage of the sets, between 0 and 1, or null for no sets.</param>
    /// <param name="falseRejection">The rate of false rejection, between 0 and 1, or null for no rejection.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public Calibration WithDefaults(double? coverage, double? falseRejection)
    {
        ThrowIfNotFraction(coverage, nameof(coverage));
        ThrowIfNotFraction(falseRejection, nameof(falseRejection));
        return new Calibration(Before, After, Nonconformity, Familiarities, Familiarity, Difficulties, HeldOutClasses, WrongLabelFraction, coverage, falseRejection);
    }

    /// <summary>Computes the probability from which on a class of mean difficulty is in the set, beside the most probable one.</summary>
    /// <param name="coverage">The coverage, between 0 and 1.</param>
    /// <returns>The least probability of such a class in the set, less for harder classes and more for easier ones; 1 where the most probable class covers as much alone, 0 where too few images were held out for this coverage.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="coverage"/> is out of its range.</exception>
    public double SetProbability(double coverage)
    {
        ThrowIfNotFraction(coverage, nameof(coverage));
        return Math.Exp(-Nonconformity.Upper(coverage));
    }

    /// <summary>Computes what n held-out images guarantee of the sets for a further image of their kind.</summary>
    /// <param name="coverage">The coverage, between 0 and 1.</param>
    /// <returns>The bounds of the coverage; null where whole classes were held out, which guarantees nothing.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="coverage"/> is out of its range.</exception>
    public CoverageGuarantee? Guarantee(double coverage)
    {
        ThrowIfNotFraction(coverage, nameof(coverage));
        return HeldOutClasses ? null : CoverageGuarantee.Of(Nonconformity, coverage);
    }

    /// <summary>Computes the largest −log p that each of C classes may have in a set beside the most probable one; 0 where that is the whole set, ∞ where too few images were held out.</summary>
    internal double[] LargestNonconformities(double coverage, int classes)
    {
        var largest = Nonconformity.Upper(coverage);
        return [.. Enumerable.Range(0, classes).Select(c => Difficulties.IsEmpty || largest == 0 ? largest : ClassDifficulty.Shift(largest, Difficulties.Span[c]))];
    }

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

    private static int[] Select(ReadOnlySpan<int> labels, int[] images)
    {
        var selected = new int[images.Length];
        for (var i = 0; i < images.Length; i++)
            selected[i] = labels[images[i]];
        return selected;
    }

    // So that a held-out image of the quantile's rank keeps to it.
    private static float RoundUp(double value)
    {
        var rounded = (float)value;
        return rounded < value ? MathF.BitIncrement(rounded) : rounded;
    }
}
