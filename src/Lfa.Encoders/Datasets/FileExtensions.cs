using System.Collections.Frozen;

namespace Lfa.Encoders.Datasets;

/// <summary>Tells images, videos and hidden files apart by their names.</summary>
internal static class FileExtensions
{
    private static readonly FrozenSet<string> Images = Extensions(".jpg .jpeg .jpe .jfif .png .webp .gif .bmp .tif .tiff .avif .heic .heif .jp2 .jxl .ppm .pgm .pbm .pnm");
    private static readonly FrozenSet<string> Videos = Extensions(".mp4 .m4v .mov .mkv .webm .avi .mpg .mpeg .wmv .flv .ogv .3gp");
    private static readonly FrozenSet<string> Hidden = Extensions("Thumbs.db desktop.ini __MACOSX");

    public static bool IsImage(string name) => Images.Contains(Path.GetExtension(name));

    public static bool IsVideo(string name) => Videos.Contains(Path.GetExtension(name));

    /// <summary>Gets whether a file or folder is of the system and not of the user.</summary>
    public static bool IsHidden(string name) => name[0] == '.' || Hidden.Contains(name);

    private static FrozenSet<string> Extensions(string list) => list.Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
