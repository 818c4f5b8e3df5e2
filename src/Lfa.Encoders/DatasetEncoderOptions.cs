using Lfa.Encoders.Images;
using Lfa.Encoders.Models;
using Lfa.Encoders.Pipeline;
using Lfa.Encoders.Text;

namespace Lfa.Encoders;

/// <summary>How a dataset is embedded.</summary>
public sealed record DatasetEncoderOptions
{
    /// <summary>Gets how the model runs. Default: on all cores of the processor.</summary>
    public EncoderOptions Encoder { get; init => field = value ?? throw new ArgumentNullException(nameof(Encoder)); } = new();

    /// <summary>Gets the crops embedded of each image. Default: the center crop.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the named ones.</exception>
    public Crops Crops
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(Crops), value, "Crops must be one of the named values.");
    } = Crops.Center;

    /// <summary>Gets how many frames are sampled from a video; at least 1. Default: 8.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Frames
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(Frames));
            field = value;
        }
    }
    = 8;

    /// <summary>Gets how the features of the frames become that of the video. Default: their mean.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the named ones.</exception>
    public FramePooling FramePooling
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(FramePooling), value, "FramePooling must be one of the named values.");
    }

    /// <summary>Gets how images are decoded. Default: as the published pipelines do.</summary>
    public ImageDecoderOptions Decoding { get; init => field = value ?? throw new ArgumentNullException(nameof(Decoding)); } = new();

    /// <summary>Gets the texts that a class name is put into. Default: "a photo of a {}."</summary>
    public PromptTemplates Templates { get; init => field = value ?? throw new ArgumentNullException(nameof(Templates)); } = PromptTemplates.Default;

    /// <summary>Gets whether files keep the prompts of a class apart where there are several templates, C × P × d, so that a fit can weigh them. Default: false, files hold their means.</summary>
    public bool KeepsPrompts { get; init; }

    /// <summary>
    /// Gets the folder where features are kept by the content of the images, to be taken from there the next time, or null
    /// to keep none. Default: the one that the environment variable <c>LFA_CACHE</c> names, else "lfa" in the user's folder for caches.
    /// </summary>
    public string? CacheFolder { get; init; } = FeatureCache.DefaultFolder;
}
