using System.Text;
using System.Text.Json;
using Lfa.Alignment;

namespace Lfa.Methods;

/// <summary>Lists the methods: what stands here can be fitted, saved, compared and used in experiments by its name.</summary>
public static class MethodRegistry
{
    // For one version, as scripts and experiments may still name them.
    private static readonly Dictionary<string, string> FormerNames = new()
    {
        ["bridge-procrustes"] = "projection-procrustes",
        ["bridge-projection"] = "projection-gaussian",
        ["bridge-pca"] = "projection-pca",
        ["bridge-cca"] = "projection-cca",
    };

    /// <summary>Gets all methods, from the plainest on.</summary>
    public static Registry<IMethod> Methods { get; } = new("method",
        new ZeroShotMethod(),
        new NearestMeanMethod(),
        new NearestNeighborsMethod(),
        new RidgeRegressionMethod(),
        new LinearProbeMethod(),
        new GaussianMethod(),
        new KernelRidgeMethod(),
        new TipAdapterMethod(),
        new TipAdapterFMethod(),
        new SharedResidualMethod(),
        new TaskResidualMethod(),
        new ClapMethod(),
        new LinearMapMethod(),
        new LabelPropagationMethod(),
        new TransClipMethod(),
        new StatAMethod(),
        new LeastSquaresMethod(),
        new ProcrustesMethod(),
        new BetaProcrustesMethod(),
        new LfaMethod(),
        new AutoMethod(),
        new ProjectionMethod(new MeanDirections()),
        new ProjectionMethod(new GaussianProjection()),
        new ProjectionMethod(new PrincipalComponents()),
        new ProjectionMethod(new CanonicalCorrelation()),
        new UnsupervisedLfaMethod(),
        new UnsupervisedAutoMethod());

    /// <summary>Finds a method by its name, or by one that it had before.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The method; null where there is none.</returns>
    public static IMethod? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Methods.Find(FormerNames.GetValueOrDefault(name, name));
    }

    /// <summary>Returns the options of a method as text, the same on every machine: a JSON object; empty where it has none.</summary>
    /// <param name="method">The method.</param>
    public static string DescribeOptions(IMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            method.WriteOptions(json);
            json.WriteEndObject();
        }
        return buffer.Length == "{}".Length ? "" : Encoding.UTF8.GetString(buffer.ToArray());
    }
}
