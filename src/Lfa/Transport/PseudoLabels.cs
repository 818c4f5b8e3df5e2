using System.Numerics.Tensors;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Transport;

/// <summary>The labels that a transport plan gives to images: for each the class that most of it goes to.</summary>
/// <remarks>Instances are immutable and safe for use by several threads at once.</remarks>
public sealed class PseudoLabels
{
    private readonly int[] _labels;
    private readonly float[] _confidences;

    private PseudoLabels(int[] labels, float[] confidences) => (_labels, _confidences) = (labels, confidences);

    /// <summary>Gets the label of each image, n values from 0 to C − 1.</summary>
    public ReadOnlyMemory<int> Labels => _labels;

    /// <summary>Gets what part of each image goes to its label, n values from 1 / C to 1. At the published ε most are near 1, right or wrong.</summary>
    public ReadOnlyMemory<float> Confidences => _confidences;

    /// <summary>Labels images; memory does not grow with n · C.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="images">The image features, n × d, rows of unit length: those of the plan, some of them, or others.</param>
    /// <param name="maxDegreeOfParallelism">The number of threads at most; −1 for all processors. It does not change the result. Default: −1.</param>
    /// <exception cref="LfaDataException">There is no image, or the features have another number of columns.</exception>
    public static PseudoLabels FromPlan(TransportPlan plan, Matrix images, int maxDegreeOfParallelism = -1)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(images);
        if (images.Rows == 0 || images.Columns != plan.ClassPrototypes.Columns)
            throw new LfaDataException(Invariant($"images is {images.Rows} × {images.Columns} but the plan is of {plan.ClassPrototypes.Columns} columns; give at least one row of as many columns."));
        var (labels, confidences) = (new int[images.Rows], new float[images.Rows]);
        var potentials = Array.ConvertAll(plan.Potentials.ToArray(), potential => (float)potential);
        new ScoreBlocks(images, plan.ClassPrototypes, Threads.Resolve(maxDegreeOfParallelism), mostKept: 0).Visit((_, start, scores) =>
        {
            var row = new float[potentials.Length];
            for (var i = start; scores.Length > 0; i++, scores = scores[row.Length..])
            {
                TensorPrimitives.MultiplyAdd(scores[..row.Length], (float)(1 / plan.Epsilon), potentials, row);
                labels[i] = TensorPrimitives.IndexOfMax<float>(row);
                TensorPrimitives.Subtract(row, row[labels[i]], row);
                TensorPrimitives.Exp(row, row);
                confidences[i] = 1 / TensorPrimitives.Sum<float>(row);
            }
        });
        return new PseudoLabels(labels, confidences);
    }

    /// <summary>Lists the images whose confidence reaches a threshold.</summary>
    /// <param name="threshold">The least confidence, from 0 to 1.</param>
    /// <returns>Their rows, in rising order.</returns>
    public int[] RowsFrom(double threshold) => [.. Enumerable.Range(0, _labels.Length).Where(row => _confidences[row] >= threshold)];

    /// <summary>Computes the part of the images that have the same label here and there.</summary>
    /// <param name="other">Other labels of the same images.</param>
    /// <returns>From 0 to 1.</returns>
    /// <exception cref="LfaDataException">The labels are of another number of images.</exception>
    public double Agreement(PseudoLabels other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other._labels.Length != _labels.Length)
            throw new LfaDataException(Invariant($"other labels {other._labels.Length} images but there are {_labels.Length} here; both must be of the same images."));
        return _labels.Zip(other._labels).Count(pair => pair.First == pair.Second) / (double)_labels.Length;
    }
}
