using Lfa.Classification;
using Lfa.Data;
using Lfa.Selection;

namespace Lfa.Bridging;

/// <summary>Fits the maps of any bridge, and chooses what is free in one.</summary>
internal static class BridgeFit
{
    // The plainest first, which wins ties; the log-loss has one valley.
    private static readonly double[] Penalties = [10, 3, 1, 0.3, 0.1, 0.03];

    /// <summary>Fits the maps of both sides; the alignment between them is the method's.</summary>
    /// <param name="bridge">The bridge.</param>
    /// <param name="task">The labeled images and the class prototypes.</param>
    /// <param name="options">The components, the seed and the threads.</param>
    /// <param name="penalty">The penalty of canonical correlation.</param>
    public static SideMaps Of(Bridge bridge, FeatureSet task, LfaOptions options, double penalty) => bridge switch
    {
        Bridge.Projection => GaussianProjection.Between(task.Dimension, task.TextDimension, options.Seed),
        Bridge.PrincipalComponents => PrincipalComponents.Fit(task, options.Components, options.Threads),
        Bridge.CanonicalCorrelation => CanonicalCorrelation.Fit(task, options.Components, penalty, options.Threads),
        _ => MeanDirections.Fit(task),
    };

    /// <summary>Chooses the penalty of canonical correlation by the log-loss of held-out images; the default where no image of a class can be held out.</summary>
    public static double ChoosePenalty(FeatureSet task, LfaOptions options, CancellationToken cancellationToken)
    {
        Matrix Logits(FeatureSet training, Matrix held, double penalty)
        {
            var maps = CanonicalCorrelation.Fit(training, options.Components, penalty, options.Threads);
            return new LfaClassifier(maps.Images!, maps.Apply(training).ClassPrototypes, training.ClassNames).Logits(held, options.Threads);
        }
        var choice = FoldChoice.Of(task, Penalties, (training, held) => penalty => Logits(training, held, penalty), options.Seed, cancellationToken, patience: 2);
        return choice?.Value ?? CanonicalCorrelation.DefaultPenalty;
    }
}
