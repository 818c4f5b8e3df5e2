using Lfa.Cli.Rendering;
using Lfa.Encoders.Models;
using Lfa.Encoders.Sources;

namespace Lfa.Cli.Inputs;

/// <summary>The models of the tool: the small one that comes with it, and those of <see cref="ModelLocator"/>.</summary>
internal static class ModelFolders
{
    /// <summary>The name of the model that comes with the tool.</summary>
    public const string Sample = "emoji";

    /// <summary>Gets the folder with the sample, its model and its images.</summary>
    public static string SampleFolder => Path.Combine(AppContext.BaseDirectory, "samples", Sample);

    /// <summary>Makes what finds models.</summary>
    public static ModelLocator CreateLocator() => new(folders: new Dictionary<string, string> { [Sample] = Path.Combine(SampleFolder, "model") });

    /// <summary>Opens the folder of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="progress">Shows the download, if there is one.</param>
    /// <param name="cancellationToken">Stops the download.</param>
    public static ModelFolder Open(ModelReference model, ProgressDisplay progress, CancellationToken cancellationToken)
    {
        using var models = CreateLocator();
        return models.OpenAsync(model, progress, cancellationToken).GetAwaiter().GetResult();
    }
}
