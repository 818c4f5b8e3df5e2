using Lfa.Data;

namespace Lfa.Model;

/// <summary>The options of <see cref="ModelUpdater"/>.</summary>
public sealed record UpdateOptions
{
    /// <summary>Gets the names of the classes to remove; of several classes of one name all are. Default: none.</summary>
    public IReadOnlyList<string> RemovedClasses
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(RemovedClasses));
    } = [];

    /// <summary>
    /// Gets the images that the model was fitted to, in one or several sets, if they are at hand: then everything is
    /// fitted again, to these and the new ones. Default: none.
    /// </summary>
    public IReadOnlyList<FeatureSet> EarlierImages
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(EarlierImages));
    } = [];
}
