using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;

namespace Lfa.Protocols.Comparison;

/// <summary>Fits methods to one task one after the other and measures each on the same test images.</summary>
/// <remarks>No method sees a test label; those that classify images together see the test images.</remarks>
public sealed class MethodComparison
{
    private readonly FeatureSet _train;
    private readonly FeatureSet _test;
    private readonly FitContext _context;

    /// <summary>Initializes a comparison.</summary>
    /// <param name="train">The labeled images to fit to, n × d, rows of unit length; at least one image of each class.</param>
    /// <param name="test">The labeled images to measure with, m × d, rows of unit length, of the same classes.</param>
    /// <param name="context">The seed and the threads of every method, and the cancellation. Default: seed 1, all processors.</param>
    /// <exception cref="LfaDataException">The images have no labels, a class has no example, or the sets are not of one task.</exception>
    public MethodComparison(FeatureSet train, FeatureSet test, FitContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        _ = new FitTask(train).Require(new AutoMethod());
        train.ThrowIfNotTestedBy(test);
        (_train, _test, _context) = (train, test, context ?? new FitContext());
    }

    /// <summary>Gets the methods that can be compared: all of <see cref="MethodRegistry"/> that learn from labels or need none.</summary>
    public static IReadOnlyList<IMethod> Methods => [.. MethodRegistry.Methods.All.Where(method => !method.Needs.HasFlag(MethodNeeds.UnlabeledImages))];

    /// <summary>Gets the methods that say something on these images: all but the projections where images and class names share a space.</summary>
    public IReadOnlyList<IMethod> Suitable => _train.SharesSpace ? [.. Methods.Where(method => !method.Needs.HasFlag(MethodNeeds.SeparateSpaces))] : Methods;

    /// <summary>Fits and measures one method.</summary>
    /// <param name="method">The method.</param>
    /// <returns>The outcome; where the method refuses the task, with the reason and without figures.</returns>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public ComparedMethod Run(IMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        _context.CancellationToken.ThrowIfCancellationRequested();
        var blank = new ComparedMethod { Method = method };
        try
        {
            var task = method.Needs.HasFlag(MethodNeeds.ImagesToClassify) ? new FitTask(_train, _test) : new FitTask(_train);
            var (fit, time, bytes) = MeasuredWork.Run(() => method.Fit(task, _context));
            _context.CancellationToken.ThrowIfCancellationRequested();
            var evaluation = fit.Logits is { } logits ? Evaluation.FromLogits(logits, _test) : Evaluation.FromScorer(fit.Scorer!, _test, _context.MaxDegreeOfParallelism);
            return blank with { Evaluation = evaluation, Time = time, PeakBytes = bytes, Summary = fit.Summary };
        }
        catch (LfaDataException e)
        {
            return blank with { Refusal = e.Message };
        }
        catch (OutOfMemoryException)
        {
            return blank with { Refusal = "There is not enough memory for this method." };
        }
    }
}

/// <summary>What one method of a comparison gave.</summary>
public sealed record ComparedMethod
{
    /// <summary>Gets the method.</summary>
    public required IMethod Method { get; init; }

    /// <summary>Gets whether the method looks at all test images, without their labels, before it classifies any.</summary>
    public bool UsesTestImages => Method.Needs.HasFlag(MethodNeeds.ImagesToClassify);

    /// <summary>Gets the outcome on the test images; null where the method refuses the task.</summary>
    public Evaluation? Evaluation { get; init; }

    /// <summary>Gets the time of the fit, the choice of parameters included.</summary>
    public TimeSpan Time { get; init; }

    /// <summary>Gets the largest managed heap during the fit, in bytes above that before it: sampled every 10 ms, garbage not yet collected included.</summary>
    public long PeakBytes { get; init; }

    /// <summary>Gets what was chosen, for a person to read; null where nothing was.</summary>
    public string? Summary { get; init; }

    /// <summary>Gets why the method refuses the task; null where it does not.</summary>
    public string? Refusal { get; init; }
}
