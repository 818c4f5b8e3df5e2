using System.Numerics.Tensors;
using Lfa.Classification;

namespace Lfa.Methods;

/// <summary>How zero-shot classification and a blend, both fixed by other images, fare on the images of a fold.</summary>
internal sealed class JudgedFold
{
    private const double LargestScale = 16;

    private readonly (double Loss, bool IsRight)[] _zeroShot;
    private readonly (double Loss, bool IsRight)[] _blend;
    private readonly int _classes;

    /// <summary>Judges a blend.</summary>
    /// <param name="fold">The fold.</param>
    /// <param name="zeroShot">How zero-shot classification fares, by <see cref="Judge"/>.</param>
    /// <param name="weights">The weights of the blend.</param>
    public JudgedFold(HeldOutFold fold, (double Loss, bool IsRight)[] zeroShot, double[] weights)
    {
        (_classes, Images, _zeroShot, _blend) = (fold.Classes, fold.Images, zeroShot, Judge(fold, weights));
        Score = new FoldScore(fold.Count, Accuracy(_zeroShot), _zeroShot.Average(image => image.Loss), Accuracy(_blend), _blend.Average(image => image.Loss));
    }

    /// <summary>Gets the rows of the images in the whole task.</summary>
    public int[] Images { get; }

    /// <summary>Gets by how much the blend lowers the log-loss of each image, with the doubt in its label, in nats.</summary>
    public IEnumerable<double> Gains => _zeroShot.Zip(_blend, (zeroShot, blend) => Doubted(zeroShot.Loss) - Doubted(blend.Loss));

    /// <summary>Gets how many more images the blend classifies right.</summary>
    public int Corrections => _blend.Count(image => image.IsRight) - _zeroShot.Count(image => image.IsRight);

    /// <summary>Gets the accuracies and log-losses.</summary>
    public FoldScore Score { get; }

    /// <summary>Computes the log-loss of each image of a fold, and whether its class has the largest logit.</summary>
    public static (double Loss, bool IsRight)[] Judge(HeldOutFold fold, double[] weights)
    {
        var (judged, blend) = (new (double, bool)[fold.Count], new float[fold.Classes]);
        for (var i = 0; i < judged.Length; i++)
        {
            fold.Blend(i, weights, blend);
            judged[i] = (Softmax.LogSumExp(blend, 1) - blend[fold.Labels[i]], TensorPrimitives.IndexOfMax<float>(blend) == fold.Labels[i]);
        }
        return judged;
    }

    /// <summary>Finds the factor on all weights of least log-loss, from 1/16 to 16.</summary>
    public static double BestScale(IReadOnlyList<HeldOutFold> folds, double[] weights)
    {
        var (low, high) = (-Math.Log(LargestScale), Math.Log(LargestScale));
        while (high - low > 1e-3)
        {
            var (left, right) = (low + ((high - low) / 3), high - ((high - low) / 3));
            (low, high) = LogLoss(folds, weights, Math.Exp(left)) < LogLoss(folds, weights, Math.Exp(right)) ? (low, right) : (left, high);
        }
        return Math.Exp((low + high) / 2);
    }

    /// <summary>Computes the mean log-loss at that factor, in nats.</summary>
    public static double BestLogLoss(IReadOnlyList<HeldOutFold> folds, double[] weights) => LogLoss(folds, weights, BestScale(folds, weights));

    private static double LogLoss(IReadOnlyList<HeldOutFold> folds, double[] weights, double factor) =>
        folds.SelectMany(fold => Judge(fold, [.. weights.Select(weight => factor * weight)])).Average(image => image.Loss);

    private double Doubted(double loss) => -Math.Log(((1 - LogitStacking.Doubt) * Math.Exp(-loss)) + (LogitStacking.Doubt / _classes));

    private static double Accuracy((double Loss, bool IsRight)[] images) => (double)images.Count(image => image.IsRight) / images.Length;
}
