namespace Lfa.Encoders.Images;

/// <summary>Represents a filter as a function of the distance from the center, zero from its support on.</summary>
internal sealed record FilterShape(double Support, Func<double, double> Weight)
{
    private const double CubicParameter = -0.5;

    private static readonly FilterShape BoxShape = new(0.5, x => x is > -0.5 and <= 0.5 ? 1 : 0);
    private static readonly FilterShape Triangle = new(1, x => Math.Max(1 - Math.Abs(x), 0));
    private static readonly FilterShape HammingShape = new(1, Hamming);
    private static readonly FilterShape Cubic = new(2, x => Bicubic(Math.Abs(x)));
    private static readonly FilterShape LanczosShape = new(3, x => x is >= -3 and < 3 ? Sinc(x) * Sinc(x / 3) : 0);

    public static FilterShape Of(ResampleFilter filter) => filter switch
    {
        ResampleFilter.Box => BoxShape,
        ResampleFilter.Bilinear => Triangle,
        ResampleFilter.Hamming => HammingShape,
        ResampleFilter.Bicubic => Cubic,
        ResampleFilter.Lanczos => LanczosShape,
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "The filter has no shape."),
    };

    private static double Bicubic(double x) => x switch
    {
        < 1 => ((CubicParameter + 2) * x - (CubicParameter + 3)) * x * x + 1,
        < 2 => (((x - 5) * x + 8) * x - 4) * CubicParameter,
        _ => 0,
    };

    private static double Hamming(double x)
    {
        var angle = Math.Abs(x) * Math.PI;
        return angle == 0 ? 1 : angle >= Math.PI ? 0 : Math.Sin(angle) / angle * (0.54 + 0.46 * Math.Cos(angle));
    }

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(x * Math.PI) / (x * Math.PI);
}
