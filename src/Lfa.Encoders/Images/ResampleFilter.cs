namespace Lfa.Encoders.Images;

/// <summary>Names the filters of Pillow; the numbers are those that model files hold.</summary>
/// <remarks>All but <see cref="Nearest"/> widen with the reduction, so that they smooth (antialiasing).</remarks>
internal enum ResampleFilter
{
    /// <summary>The nearest pixel.</summary>
    Nearest = 0,

    /// <summary>A windowed sinc over 3 pixels.</summary>
    Lanczos = 1,

    /// <summary>A triangle over 1 pixel.</summary>
    Bilinear = 2,

    /// <summary>A cubic over 2 pixels, with the parameter −0.5.</summary>
    Bicubic = 3,

    /// <summary>The mean over half a pixel.</summary>
    Box = 4,

    /// <summary>A Hamming-windowed sinc over 1 pixel.</summary>
    Hamming = 5,
}
