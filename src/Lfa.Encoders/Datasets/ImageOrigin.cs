namespace Lfa.Encoders.Datasets;

/// <summary>Where an image comes from: a folder, or what opens it.</summary>
internal abstract record ImageOrigin
{
    /// <summary>Gets the path of the folder from that of the dataset, with / between folders; empty where there is none.</summary>
    public abstract string Folder { get; }

    /// <summary>Returns the absolute path of a file; null where the image is no file.</summary>
    public abstract string? PathOf(string file);
}
