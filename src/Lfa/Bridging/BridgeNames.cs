namespace Lfa.Bridging;

/// <summary>The names of the bridges in files and on the command line.</summary>
public static class BridgeNames
{
    /// <summary>Returns the name of a bridge, such as "pca".</summary>
    /// <param name="bridge">The bridge.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bridge"/> is not one of the named values.</exception>
    public static string Of(Bridge bridge) => bridge switch
    {
        Bridge.Procrustes => "procrustes",
        Bridge.Projection => "projection",
        Bridge.PrincipalComponents => "pca",
        Bridge.CanonicalCorrelation => "cca",
        _ => throw new ArgumentOutOfRangeException(nameof(bridge), bridge, "bridge must be one of the named values."),
    };
}
