using System.Diagnostics;

namespace Lfa.Encoders.Images;

/// <summary>
/// Represents the weights of one axis: each output pixel is a weighted sum of consecutive input pixels, in the
/// fixed-point arithmetic of Pillow's Resample.c, so that sums are exact integers and independent of their order.
/// </summary>
internal sealed class ResampleKernel
{
    /// <summary>The bits after the binary point of a weight: 32 less 8 of the pixel and 2 for overshoot.</summary>
    public const int PrecisionBits = 32 - 8 - 2;

    /// <summary>The weights of a pixel are padded with zeros to a multiple of this number, which the passes read at once.</summary>
    public const int Group = 4;

    // Reached only by sides of millions of pixels; it bounds the memory that such an image can ask for.
    private const long MostWeights = 1 << 24;

    private ResampleKernel(int count)
    {
        (Starts, Lengths) = (new int[count], new int[count]);
    }

    /// <summary>Gets the first input pixel of each output pixel.</summary>
    public int[] Starts { get; }

    /// <summary>Gets the number of input pixels of each output pixel.</summary>
    public int[] Lengths { get; }

    /// <summary>Gets the weights, count × <see cref="Taps"/>.</summary>
    public int[] Weights { get; private set; } = [];

    /// <summary>Gets the number of weights kept for an output pixel.</summary>
    public int Taps { get; private set; }

    /// <summary>Gets the number of output pixels.</summary>
    public int Count => Starts.Length;

    /// <summary>Gets the first input pixel that any output pixel needs.</summary>
    public int FirstInput => Starts[0];

    /// <summary>Gets the end of the input pixels that any output pixel needs.</summary>
    public int EndInput => Starts[^1] + Lengths[^1];

    /// <summary>Computes the weights of the output pixels <paramref name="first"/> to first + count − 1.</summary>
    /// <exception cref="LfaDataException">They would be absurdly many.</exception>
    public static ResampleKernel Create(ResampleFilter filter, int inputSize, int outputSize, int first, int count)
    {
        Debug.Assert(first >= 0 && count > 0 && first <= outputSize - count);
        var kernel = new ResampleKernel(count);
        if (inputSize == outputSize)
            kernel.Copy(first);
        else if (filter == ResampleFilter.Nearest)
            kernel.FindNearest((double)inputSize / outputSize, inputSize, first);
        else
            kernel.Weigh(FilterShape.Of(filter), inputSize, outputSize, first);
        return kernel;
    }

    private void Copy(int first)
    {
        for (var i = 0; i < Count; i++)
            Starts[i] = first + i;
        FillWithOne();
    }

    // Pillow adds the step up, and rounds with every addition; a product would differ where a sum lies next to an integer.
    private void FindNearest(double step, int inputSize, int first)
    {
        var position = step * 0.5;
        for (var i = 0; i < first; i++)
            position += step;
        for (var i = 0; i < Count; i++, position += step)
            Starts[i] = Math.Min((int)position, inputSize - 1);
        FillWithOne();
    }

    private void FillWithOne()
    {
        (Taps, Weights) = (Group, new int[Count * Group]);
        for (var i = 0; i < Count; i++)
            (Lengths[i], Weights[i * Group]) = (1, 1 << PrecisionBits);
    }

    private void Weigh(FilterShape shape, int inputSize, int outputSize, int first)
    {
        var scale = (double)inputSize / outputSize;
        var widening = Math.Max(scale, 1);
        var support = shape.Support * widening;
        for (var i = 0; i < Count; i++)
        {
            var center = (first + i + 0.5) * scale;
            Starts[i] = Math.Max((int)(center - support + 0.5), 0);
            Lengths[i] = Math.Min((int)(center + support + 0.5), inputSize) - Starts[i];
        }
        Taps = (Lengths.Max() + Group - 1) / Group * Group;
        if ((long)Count * Taps > MostWeights)
            throw new LfaDataException(Invariant($"a side of the image has {inputSize} pixels, too many to be resized to {outputSize}; crop it first."));
        Weights = new int[Count * Taps];
        var exact = new double[Taps];
        for (var i = 0; i < Count; i++)
            WeighPixel(shape, (first + i + 0.5) * scale, 1 / widening, Starts[i], exact.AsSpan(0, Lengths[i]), Weights.AsSpan(i * Taps));
    }

    private static void WeighPixel(FilterShape shape, double center, double narrowing, int start, Span<double> exact, Span<int> weights)
    {
        var sum = 0.0;
        for (var t = 0; t < exact.Length; t++)
            sum += exact[t] = shape.Weight((t + start - center + 0.5) * narrowing);
        for (var t = 0; t < exact.Length; t++)
        {
            var share = (sum == 0 ? exact[t] : exact[t] / sum) * (1 << PrecisionBits);
            weights[t] = (int)(share < 0 ? share - 0.5 : share + 0.5);
        }
    }
}
