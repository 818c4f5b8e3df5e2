using Lfa.Data;

namespace Lfa.Baselines;

/// <summary>
/// A known way to classify images together: it looks at all images to be classified, without their labels, before it names the class of any.
/// </summary>
/// <remarks>
/// Its accuracy cannot be compared with that of an <see cref="IBaseline"/>, which sees one image at a time. Implementations are
/// immutable and safe for use by several threads at once.
/// </remarks>
public interface ITransductiveBaseline
{
    /// <summary>Gets the name on the command line, such as "label-propagation".</summary>
    string Name { get; }

    /// <summary>Gets the publication: authors, title, where and when.</summary>
    string Source { get; }

    /// <summary>Classifies images.</summary>
    /// <param name="task">The labeled images, n × d, and the class prototypes, C × d, rows of unit length; at least one image of each class.</param>
    /// <param name="unlabeled">The images to classify, m × d, rows of unit length.</param>
    /// <param name="seed">The seed of everything random. Default: 1.</param>
    /// <param name="threads">The number of threads at most; 0 for all processors. It does not change the result. Default: 0.</param>
    /// <param name="cancellationToken">Checked before each iteration.</param>
    /// <returns>The logits of the unlabeled images.</returns>
    /// <exception cref="ArgumentException">The labeled images have no labels, a class has no example, or the unlabeled images have another number of columns.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    TransductiveFit Fit(FeatureSet task, Matrix unlabeled, int seed = 1, int threads = 0, CancellationToken cancellationToken = default);
}

/// <summary>The outcome of a transductive baseline.</summary>
/// <param name="Logits">The logits of the unlabeled images, m × C.</param>
/// <param name="Chosen">What was chosen on the way, in words; null where nothing was.</param>
public sealed record TransductiveFit(Matrix Logits, string? Chosen = null);
