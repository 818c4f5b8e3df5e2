namespace Lfa.Encoders.Images;

/// <summary>Maps the 256 values of each channel to what the model gets: rescaled, shifted and normalized.</summary>
internal sealed class PixelTable
{
    private const int Levels = 256;

    private readonly float[] _values = new float[3 * Levels];

    public PixelTable(ImagePreprocessing preprocessing)
    {
        for (var i = 0; i < _values.Length; i++)
            _values[i] = Map(preprocessing, i / Levels, i % Levels);
    }

    /// <summary>Gets the values of a channel by their 8-bit level.</summary>
    public ReadOnlySpan<float> this[int channel] => _values.AsSpan(channel * Levels, Levels);

    // The order and the types of NumPy's operations in transformers. For the usual factor 1/255 the first line has the
    // bits of torchvision's division of floats, too.
    private static float Map(ImagePreprocessing preprocessing, int channel, int level)
    {
        var value = (float)(level * (preprocessing.RescaleFactor ?? 1));
        value += (float)preprocessing.RescaleOffset;
        if (preprocessing.Mean is { } mean)
            value -= (float)mean[channel];
        if (preprocessing.Deviation is { } deviation)
            value /= (float)deviation[channel];
        return value;
    }
}
