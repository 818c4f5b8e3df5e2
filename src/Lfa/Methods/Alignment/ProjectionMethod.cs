using Lfa.Alignment;
using Lfa.Classification;

namespace Lfa.Methods;

/// <summary>
/// The alignment across encoders that never met, by a projection of its own: orthogonal Procrustes, or, by the Gaussian projection,
/// the published way, which is LFA with β = 0.1 and 800 iterations.
/// </summary>
/// <param name="Projection">The projection.</param>
public sealed record ProjectionMethod(SpaceProjection Projection) : IMethod
{
    private const double PublishedBeta = 0.1;
    private const int PublishedIterations = 800;

    /// <inheritdoc/>
    public string Name => $"projection-{Projection.Name}";

    /// <inheritdoc/>
    public string Source => LfaMethod.Publication;

    /// <inheritdoc/>
    public MethodNeeds Needs => MethodNeeds.Labels | MethodNeeds.SeparateSpaces;

    /// <inheritdoc/>
    public MethodFit Fit(FitTask task, FitContext? context = null)
    {
        IMethod method = Projection is GaussianProjection
            ? new LfaMethod { Beta = PublishedBeta, Refinement = new() { Iterations = PublishedIterations }, Projection = Projection }
            : new ProcrustesMethod { Projection = Projection };
        var fit = method.Fit(task, context);
        var width = ((AlignedScorer)fit.Scorer!).Transform.OutputDimension;
        return fit with { Record = fit.Record with { Method = Name, Options = this, Chosen = [.. fit.Record.Chosen, new ChosenValue("components", width, ValueOrigin.Data)] } };
    }
}
