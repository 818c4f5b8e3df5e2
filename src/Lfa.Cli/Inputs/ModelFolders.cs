using Lfa.Classification;
using Lfa.Cli.Rendering;
using Lfa.Encoders.Hub;
using Lfa.Encoders.Models;

namespace Lfa.Cli.Inputs;

/// <summary>Finds the folder of a model: the one that comes with the tool, one on the disk, or one of a hub, which is pulled if need be.</summary>
internal static class ModelFolders
{
    /// <summary>The name of the model that comes with the tool.</summary>
    public const string Sample = "emoji";

    /// <summary>Gets the folder with the sample, its model and its images.</summary>
    public static string SampleFolder => Path.Combine(AppContext.BaseDirectory, "samples", Sample);

    /// <summary>Opens the folder of a model.</summary>
    /// <param name="model">What it is asked for by.</param>
    /// <param name="progress">Shows the download, if there is one.</param>
    /// <param name="cancellationToken">Stops the download.</param>
    public static ModelFolder Open(ModelName model, ProgressDisplay progress, CancellationToken cancellationToken)
    {
        // A folder is remembered by its full path: the classifier may be used from another one.
        if (model.Name != Sample && Directory.Exists(model.Name))
            model = model with { Name = Path.GetFullPath(model.Name) };
        var folder = model.Name == Sample ? Path.Combine(SampleFolder, "model")
            : Directory.Exists(model.Name) ? model.Name
            : File.Exists(model.Name) ? throw new BadInputException($"--model {model.Name}: this is a file; give the folder of the model.")
            : Pull(model, progress, cancellationToken);
        return ModelFolder.Open(folder, model.Variant, model.ToString());
    }

    /// <summary>Opens the model that a classifier was fitted with, or one that is said to be it.</summary>
    /// <param name="classifier">The classifier.</param>
    /// <param name="given">What the model is asked for by, or null to take what the classifier tells.</param>
    /// <param name="progress">Shows the download, if there is one.</param>
    /// <param name="cancellationToken">Stops the download.</param>
    public static ModelFolder OpenFor(LfaClassifier classifier, ModelName? given, ProgressDisplay progress, CancellationToken cancellationToken)
    {
        var encoder = classifier.Provenance.Encoder;
        var name = given ?? (encoder is null ? null : ModelName.Parse(encoder))
            ?? throw new BadInputException("the classifier does not tell which model embedded its images; give --model.");
        var model = given is null ? OpenRecorded(name, progress, cancellationToken) : Open(name, progress, cancellationToken);
        if (classifier.Provenance.EncoderFingerprint is { } fingerprint && fingerprint != model.VisionFingerprint)
            throw new BadInputException($"the classifier was fitted to features of {encoder}, and {name} is not the same model; give it with --model.");
        return model;
    }

    private static ModelFolder OpenRecorded(ModelName name, ProgressDisplay progress, CancellationToken cancellationToken)
    {
        try
        {
            return Open(name, progress, cancellationToken);
        }
        catch (Exception e) when (e is IOException or LfaDataException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new BadInputException($"the classifier was fitted with the model {name}, which cannot be opened from here ({e.Message.TrimEnd('.')}); say with --model where it is.", e);
        }
    }

    private static string Pull(ModelName model, ProgressDisplay progress, CancellationToken cancellationToken)
    {
        if (!model.Name.Contains('/') && KnownModels.Find(model.Name) is null)
            throw new BadInputException($"--model {model.Name}: there is no such folder, and models of hubs are named owner/name; `lfa models list` shows some, and {Sample} comes with the tool.");
        using var hub = new ModelHub();
        return hub.Find(model.Name, model.Variant) ?? hub.PullAsync(model.Name, model.Variant, progress: progress, cancellationToken: cancellationToken).GetAwaiter().GetResult();
    }
}
