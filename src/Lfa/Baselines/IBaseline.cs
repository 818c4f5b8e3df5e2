using Lfa.Classification;
using Lfa.Data;

namespace Lfa.Baselines;

/// <summary>A known way to make a classifier from the features of a few labeled images and the prototypes of their classes.</summary>
/// <remarks>Implementations are immutable and safe for use by several threads at once.</remarks>
public interface IBaseline
{
    /// <summary>Gets the name on the command line and in files, such as "tip-adapter".</summary>
    string Name { get; }

    /// <summary>Gets the publication: authors, title, where and when.</summary>
    string Source { get; }

    /// <summary>Fits a classifier.</summary>
    /// <param name="task">The labeled images, n × d, and the class prototypes, C × d, rows of unit length; at least one image of each class.</param>
    /// <param name="seed">The seed of everything random. Default: 1.</param>
    /// <param name="threads">The number of threads at most; 0 for all processors. It does not change the result. Default: 0.</param>
    /// <param name="cancellationToken">Checked before each fold and each iteration.</param>
    /// <returns>The classifier, and what was chosen on the way.</returns>
    /// <exception cref="ArgumentException">The images have no labels, a class has no example, or the problem is too large for this method.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    BaselineFit Fit(FeatureSet task, int seed = 1, int threads = 0, CancellationToken cancellationToken = default);
}

/// <summary>The outcome of a baseline.</summary>
/// <param name="Classifier">The classifier; its logits are at the temperature that the method prescribes or the folds chose.</param>
/// <param name="Chosen">What was chosen by folds, in words, such as "weight 0.3"; null where nothing was.</param>
public sealed record BaselineFit(IClassifier Classifier, string? Chosen = null);
