using Lfa.Bridging;
using Lfa.Classification;
using Lfa.Data;

namespace Lfa.Baselines;

/// <summary>Fits methods to one task one after the other and measures each on the same test images.</summary>
/// <remarks>
/// The methods are the baselines, those that classify all test images together, methods of <see cref="LfaTrainer"/>, and the
/// bridges between encoders that never met, each with its alignment: the published one with its published settings. No method
/// sees a test label.
/// </remarks>
public sealed class MethodComparison
{
    private static readonly FitMethod[] FitMethods = [FitMethod.BetaProcrustes, FitMethod.Lfa, FitMethod.Auto];

    private static readonly Method[] All =
    [
        .. KnownBaselines.All.Select(Method.Of),
        .. KnownBaselines.Transductive.Select(Method.Of),
        .. FitMethods.Select(Method.Of),
        .. Enum.GetValues<Bridge>().Select(Method.Of),
    ];

    private readonly FeatureSet _train;
    private readonly FeatureSet _test;
    private readonly LfaOptions _options;

    /// <summary>Initializes a comparison with the published options.</summary>
    /// <param name="train">The labeled images to fit to, n × d, rows of unit length; at least one image of each class.</param>
    /// <param name="test">The labeled images to measure with, m × d, rows of unit length, of the same classes.</param>
    /// <param name="seed">The seed of every method. Default: 1.</param>
    /// <param name="threads">The number of threads at most; 0 for all processors. Default: 0.</param>
    /// <exception cref="ArgumentException">The images have no labels, a class has no example, or the sets are not of one task.</exception>
    public MethodComparison(FeatureSet train, FeatureSet test, int seed = 1, int threads = 0)
        : this(train, test, new LfaOptions { Seed = seed, Threads = threads })
    {
    }

    /// <summary>Initializes a comparison.</summary>
    /// <param name="train">The labeled images to fit to, n × d, rows of unit length; at least one image of each class.</param>
    /// <param name="test">The labeled images to measure with, m × d, rows of unit length, of the same classes.</param>
    /// <param name="options">The seed and the threads of every method, and the options of those of <see cref="LfaTrainer"/>; its method has no effect.</param>
    /// <exception cref="ArgumentException">The images have no labels, a class has no example, or the sets are not of one task.</exception>
    public MethodComparison(FeatureSet train, FeatureSet test, LfaOptions options)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        ArgumentNullException.ThrowIfNull(options);
        train.ThrowIfNotTrainable();
        train.ThrowIfNotTestedBy(test);
        (_train, _test, _options) = (train, test, options);
    }

    /// <summary>Gets the names of all methods, in the order of the comparison.</summary>
    public static IReadOnlyList<string> Methods { get; } = [.. All.Select(method => method.Name)];

    /// <summary>Gets the methods that say something on these images: all but the bridges where images and class names share a space.</summary>
    public IReadOnlyList<string> Suitable => _train.SharesSpace ? [.. Methods.Except(Enum.GetValues<Bridge>().Select(NameOf))] : Methods;

    /// <summary>Returns the name of the method that aligns images and class names across a bridge.</summary>
    /// <param name="bridge">The bridge.</param>
    public static string NameOf(Bridge bridge) => $"bridge-{BridgeNames.Of(bridge)}";

    /// <summary>Fits and measures one method.</summary>
    /// <param name="name">The name, one of <see cref="Methods"/>.</param>
    /// <param name="cancellationToken">Checked as the method says.</param>
    /// <returns>The outcome; where the method refuses the task, with the reason and without figures.</returns>
    /// <exception cref="ArgumentException">There is no method of this name.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public ComparedMethod Run(string name, CancellationToken cancellationToken = default)
    {
        var method = Array.Find(All, method => method.Name == name) ?? throw new ArgumentException($"There is no method {name}; the methods are {string.Join(", ", Methods)}.");
        cancellationToken.ThrowIfCancellationRequested();
        var blank = new ComparedMethod { Name = method.Name, Source = method.Source, UsesTestImages = method.UsesTestImages };
        try
        {
            var fit = MeasuredWork.Run(() => method.Fit(_train, _test.ImageFeatures, _options, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
            return blank with { Evaluation = fit.Value.Evaluate(_test, _options.Threads), Seconds = fit.Seconds, PeakBytes = fit.PeakBytes, Chosen = fit.Value.Chosen };
        }
        catch (Exception e) when (e is LfaDataException or ArgumentException or ArithmeticException or OutOfMemoryException)
        {
            return blank with { Refusal = e is OutOfMemoryException ? "There is not enough memory for this method." : e.Message };
        }
    }

    /// <summary>A classifier, or logits of the test images, and what was chosen.</summary>
    private sealed record Fitted(Func<FeatureSet, int, Evaluation> Evaluate, string? Chosen);

    private sealed record Method(string Name, string Source, bool UsesTestImages, Func<FeatureSet, Matrix, LfaOptions, CancellationToken, Fitted> Fit)
    {
        public static Method Of(IBaseline baseline) => new(baseline.Name, baseline.Source, false, (train, _, options, cancellationToken) =>
        {
            var fit = baseline.Fit(train, options.Seed, options.Threads, cancellationToken);
            return new Fitted((test, threads) => Evaluation.Of(fit.Classifier, test, threads), fit.Chosen);
        });

        public static Method Of(ITransductiveBaseline baseline) => new(baseline.Name, baseline.Source, true, (train, unlabeled, options, cancellationToken) =>
        {
            var fit = baseline.Fit(train, unlabeled, options.Seed, options.Threads, cancellationToken);
            return new Fitted((test, _) => Evaluation.Of(fit.Logits, test), fit.Chosen);
        });

        public static Method Of(FitMethod method) => new(FitMethodNames.Of(method), LfaSource, false, (train, _, options, cancellationToken) =>
        {
            var fit = LfaTrainer.Fit(train, options with { Method = method }, progress: null, cancellationToken);
            return new Fitted(fit.Classifier.Evaluate, fit.Chosen);
        });

        public static Method Of(Bridge bridge) => new(NameOf(bridge), LfaSource, false, (train, _, options, cancellationToken) =>
        {
            options = options with { Method = FitMethod.Procrustes, Bridge = bridge };
            if (bridge is Bridge.Projection)
                options = options with { Method = FitMethod.Lfa, Beta = 0.1, Refinement = new() { Iterations = 800 } };
            var fit = LfaTrainer.Fit(train, options, progress: null, cancellationToken);
            return new Fitted(fit.Classifier.Evaluate, Invariant($"{fit.Classifier.Transform.OutputDimension} components"));
        });

        private const string LfaSource = "Y. Ouali, A. Bulat, B. Martinez, G. Tzimiropoulos, \"Black box few-shot adaptation for vision-language models\", ICCV 2023";
    }
}

/// <summary>What one method of a comparison gave.</summary>
public sealed record ComparedMethod
{
    /// <summary>Gets the name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the publication.</summary>
    public required string Source { get; init; }

    /// <summary>Gets whether the method looked at all test images, without their labels, before it classified any.</summary>
    public required bool UsesTestImages { get; init; }

    /// <summary>Gets the outcome on the test images; null where the method refused the task.</summary>
    public Evaluation? Evaluation { get; init; }

    /// <summary>Gets the time of the fit in seconds, the choice of parameters included.</summary>
    public double Seconds { get; init; }

    /// <summary>Gets the largest managed heap during the fit, in bytes above that before it: sampled every 10 ms, garbage not yet collected included.</summary>
    public long PeakBytes { get; init; }

    /// <summary>Gets what was chosen, in words; null where nothing was.</summary>
    public string? Chosen { get; init; }

    /// <summary>Gets why the method refused the task; null where it did not.</summary>
    public string? Refusal { get; init; }
}
