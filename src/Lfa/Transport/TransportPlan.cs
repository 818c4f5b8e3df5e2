using Lfa.Classification;
using Lfa.Data;

namespace Lfa.Transport;

/// <summary>
/// What <see cref="Sinkhorn"/> found: the plan, held as one potential for each class, from which the row of any image follows.
/// </summary>
/// <remarks>Instances are immutable and safe for use by several threads at once.</remarks>
public sealed record TransportPlan
{
    private readonly double[] _shares;
    private readonly double[] _potentials;

    internal TransportPlan(Matrix prototypes, double[] shares, double[] potentials) =>
        (ClassPrototypes, _shares, _potentials) = (prototypes, shares, potentials);

    /// <summary>Gets the class prototypes, C × d.</summary>
    public Matrix ClassPrototypes { get; }

    /// <summary>Gets the part of the images that each class was to receive, C values that add up to 1.</summary>
    public ReadOnlyMemory<double> ClassPrior => _shares;

    /// <summary>Gets the potentials h of the classes, C values in nats: an image x goes to class c in proportion to exp(x·y_c/ε + h_c).</summary>
    public ReadOnlyMemory<double> Potentials => _potentials;

    /// <summary>Gets the strength of the entropy ε.</summary>
    public required double Epsilon { get; init; }

    /// <summary>Gets the number of passes over the images.</summary>
    public required int Iterations { get; init; }

    /// <summary>Gets the largest part by which a class misses its share.</summary>
    public required double MarginalError { get; init; }

    /// <summary>Gets whether all classes have their shares to within the tolerance; if not, more iterations or a larger ε are needed.</summary>
    public required bool Converged { get; init; }

    /// <summary>Gets how much of the shares is the same for all classes, from 0 (what zero-shot classification finds) to 1 (uniform); null where they were given.</summary>
    public double? Uniformity { get; init; }

    /// <summary>Returns the plan that sends each image to the nearest classes, whatever their shares.</summary>
    internal TransportPlan WithoutPotentials() => new(ClassPrototypes, _shares, new double[_potentials.Length])
    {
        Epsilon = Epsilon,
        Iterations = 0,
        MarginalError = double.PositiveInfinity,
        Converged = false,
    };

    /// <summary>Computes the rows of the plan, each divided by its sum: to what part an image goes to each class.</summary>
    /// <param name="images">The image features, m × d, rows of unit length: those of the plan, some of them, or others.</param>
    /// <param name="maxDegreeOfParallelism">The number of threads at most; −1 for all processors. Default: −1.</param>
    /// <returns>The assignments, m × C; rows add up to 1.</returns>
    /// <exception cref="LfaDataException">The features have another number of columns.</exception>
    public Matrix Assignments(Matrix images, int maxDegreeOfParallelism = -1)
    {
        var assignments = ToHead().Apply(images, maxDegreeOfParallelism).Values.ToArray();
        for (var start = 0; start < assignments.Length; start += _shares.Length)
            Softmax.Apply(assignments.AsSpan(start, _shares.Length), 1);
        return new Matrix(assignments, images.Rows, _shares.Length);
    }

    /// <summary>Returns the linear head whose softmax is the rows of the plan, each divided by its sum.</summary>
    internal LinearHead ToHead() =>
        new LinearHead(ClassPrototypes, Array.ConvertAll(_potentials, potential => (float)(potential * Epsilon))).Times(1 / Epsilon);
}
