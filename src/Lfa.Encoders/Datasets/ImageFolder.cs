namespace Lfa.Encoders.Datasets;

/// <summary>A folder that its images share, so that an image costs little more than its own name.</summary>
/// <param name="Root">The absolute path of the dataset's folder.</param>
/// <param name="Name">The path from there, with / between folders; empty for the root.</param>
internal sealed record ImageFolder(string Root, string Name) : ImageOrigin
{
    public override string Folder => Name;

    public override string PathOf(string file) => Path.GetFullPath(Path.Combine(Root, Name, file));
}
