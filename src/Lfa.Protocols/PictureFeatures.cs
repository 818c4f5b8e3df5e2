using System.Security.Cryptography;
using System.Text;
using Lfa.Encoders;
using Lfa.Encoders.Datasets;
using Lfa.Encoders.Models;

namespace Lfa.Protocols;

/// <summary>Embeds the pictures of an experiment to feature files in its output folder, on which it runs.</summary>
public static class PictureFeatures
{
    /// <summary>Embeds what is not embedded yet, each data set with its own templates; a picture that cannot be read ends the work.</summary>
    /// <remarks>A file is kept as long as the model, the templates and the names, sizes and times of the pictures are the same. A run that was killed goes on where it stopped.</remarks>
    /// <param name="plan">The experiment.</param>
    /// <param name="model">The model that embeds.</param>
    /// <param name="progress">Told how many pictures of a file are done. Default: nobody.</param>
    /// <param name="cancellationToken">Stops the work; what is done is kept.</param>
    /// <exception cref="InvalidDataException">A data set is damaged, or a picture cannot be read.</exception>
    /// <exception cref="IOException">A data set is not there, or a file cannot be written.</exception>
    public static void Embed(ProtocolPlan plan, ModelFolder model, IProgress<EncodingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(model);
        foreach (var file in plan.Data.SelectMany(data => data.Files).Where(file => file.Pictures is not null).DistinctBy(file => file.Path))
            EmbedFile(file, model, progress, cancellationToken);
    }

    private static void EmbedFile(DataFile file, ModelFolder model, IProgress<EncodingProgress>? progress, CancellationToken cancellationToken)
    {
        var (known, split, root) = file.Pictures!;
        var pictures = known.Read(root, split);
        var (key, keyPath) = (KeyOf(known, pictures, model), file.Path + ".key");
        if (File.Exists(file.Path) && File.Exists(keyPath) && File.ReadAllText(keyPath) == key)
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(file.Path)!);
        File.Delete(keyPath);
        using var encoder = DatasetEncoder.Open(model, new DatasetEncoderOptions { Templates = known.Templates });
        encoder.EncodeToFileAsync(pictures, file.Path, strict: true, progress: progress, cancellationToken: cancellationToken).GetAwaiter().GetResult();
        File.WriteAllText(keyPath, key);
    }

    private static string KeyOf(KnownDataset known, ImageDataset pictures, ModelFolder model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(model.VisionFingerprint);
        Append(model.TextFingerprint);
        foreach (var text in known.Templates.Templates.Concat(pictures.ClassNames))
            Append(text);
        foreach (var item in pictures.Items)
        {
            var picture = new FileInfo(item.Path);
            Append(picture.Exists ? Invariant($"{item.Name} {item.Label} {picture.Length} {picture.LastWriteTimeUtc.Ticks}") : item.Name);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + '\n'));
    }
}
