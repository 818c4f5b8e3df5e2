using System.Security.Cryptography;
using System.Text;
using Lfa.Encoders;
using Lfa.Encoders.Datasets;
using Lfa.Encoders.Models;
using Lfa.Encoders.Sources;

namespace Lfa.Protocols;

/// <summary>Embeds the images of an experiment to feature files in its output folder, on which it runs.</summary>
public static class EmbeddedImages
{
    /// <summary>Embeds what is not embedded yet, each dataset with its own templates; an image that cannot be read ends the work.</summary>
    /// <remarks>A file is kept as long as the model, the templates and the names, sizes and times of the images are the same. A run that was killed goes on where it stopped.</remarks>
    /// <param name="plan">The experiment.</param>
    /// <param name="model">The model that embeds.</param>
    /// <param name="progress">Progress sink: how many images of a file are done; null to disable.</param>
    /// <param name="cancellationToken">Stops the work; what is done is kept.</param>
    /// <exception cref="LfaDataException">A dataset is damaged, or an image cannot be read.</exception>
    /// <exception cref="IOException">A dataset is not there, or a file cannot be written.</exception>
    public static async Task EmbedAsync(ProtocolPlan plan, ModelFolder model, IProgress<EncodingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(model);
        foreach (var file in plan.Data.SelectMany(data => data.Files).Where(file => file.Images is not null).DistinctBy(file => file.Path))
            await EmbedFileAsync(file, model, progress, cancellationToken).ConfigureAwait(false);
    }

    private static async Task EmbedFileAsync(DataFile file, ModelFolder model, IProgress<EncodingProgress>? progress, CancellationToken cancellationToken)
    {
        var (known, split, root) = file.Images!;
        var images = known.Read(root, split);
        var (key, keyPath) = (KeyOf(known, images, model), file.Path + ".key");
        if (File.Exists(file.Path) && File.Exists(keyPath) && await File.ReadAllTextAsync(keyPath, cancellationToken).ConfigureAwait(false) == key)
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(file.Path)!);
        File.Delete(keyPath);
        using var loader = new SourceLoader(model, new SourceLoaderOptions { Encoding = new DatasetEncoderOptions { Templates = known.Templates }, Progress = progress });
        await loader.EncodeToFileAsync(images, file.Path, strict: true, cancellationToken).ConfigureAwait(false);
        await File.WriteAllTextAsync(keyPath, key, cancellationToken).ConfigureAwait(false);
    }

    private static string KeyOf(DatasetDescription known, ImageDataset images, ModelFolder model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(model.VisionFingerprint);
        Append(model.TextFingerprint);
        foreach (var text in known.Templates.Templates.Concat(images.ClassNames))
            Append(text);
        foreach (var item in images.Items)
        {
            var image = new FileInfo(item.Path!);
            Append(image.Exists ? Invariant($"{item.Name} {item.Label} {image.Length} {image.LastWriteTimeUtc.Ticks}") : item.Name);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + '\n'));
    }
}
