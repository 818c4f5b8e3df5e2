namespace Lfa.Baselines;

/// <summary>The baselines of this library.</summary>
public static class KnownBaselines
{
    /// <summary>Gets all baselines, from the plainest on.</summary>
    public static IReadOnlyList<IBaseline> All { get; } =
    [
        new ZeroShot(),
        new NearestMean(),
        new NearestNeighbors(),
        new RidgeRegression(),
        new LinearProbe(),
        new GaussianDiscriminant(),
        new KernelRidge(),
        new TipAdapter(),
        new TipAdapterF(),
        new SharedResidual(),
        new TaskResidual(),
        new ClassAdaptiveProbe(),
        new LinearMap(),
    ];

    /// <summary>Gets the baselines that classify all images together.</summary>
    public static IReadOnlyList<ITransductiveBaseline> Transductive { get; } =
    [
        new LabelPropagation(),
        new TransClip(),
    ];
}
