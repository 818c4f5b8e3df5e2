using System.Numerics.Tensors;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Methods;

/// <summary>
/// The soft assignments z of images to classes, m × C, that TransCLIP and StatA share: z_i ∝ p_i^λ · exp(ℓ_i + Σ_j w_ij z_j), p a
/// prior, ℓ what a model of the classes says, w half the cosines of neighbors in both directions over their number.
/// </summary>
internal sealed class SoftAssignments
{
    private const int Neighbors = 3;
    private const int Updates = 5;

    private readonly Matrix _images;
    private readonly int _threads;
    private readonly float[] _prior; // λ log p, m × C
    private readonly float[]? _fromLabeled; // What the labeled images add to each, m × C.
    private readonly (int Image, float Weight)[][] _links;
    private readonly float[] _exponents;
    private float[] _values;
    private float[] _next;

    /// <summary>Links the images and starts the assignments at the prior.</summary>
    /// <param name="images">The images to be classified, m × d, rows of unit length.</param>
    /// <param name="prior">The logits of the prior, m × C; they are overwritten.</param>
    /// <param name="power">The power λ of the prior.</param>
    /// <param name="labeled">Images of known classes, linked with the others. Default: none.</param>
    /// <param name="threads">The number of threads at most.</param>
    /// <param name="cancellationToken">Checked while neighbors are searched.</param>
    public SoftAssignments(Matrix images, float[] prior, double power, FeatureSet? labeled, int threads, CancellationToken cancellationToken)
    {
        (_images, _prior, _threads, ClassCount) = (images, prior, threads, prior.Length / images.Rows);
        (_values, _next, _exponents) = (new float[prior.Length], new float[prior.Length], new float[prior.Length]);
        ParallelLoop.For(images.Rows, threads, this, static (assignments, row) => Softmax.Apply(assignments.Row(assignments._prior, row), assignments.Row(assignments._values, row)));
        TensorPrimitives.Multiply(prior, (float)power, prior); // Up to a constant, which no softmax sees.
        _links = Link(cancellationToken);
        _fromLabeled = labeled is null ? null : LinkLabeled(labeled, cancellationToken);
    }

    /// <summary>Gets the number of classes C.</summary>
    public int ClassCount { get; }

    /// <summary>Gets the exponents, m × C: the logits of the assignments.</summary>
    public Matrix Logits => new(_exponents, _images.Rows, ClassCount);

    /// <summary>Computes zᵀX for a matrix of m rows: the sum over the images of each class, C × d.</summary>
    public float[] Sums(Matrix values)
    {
        var sums = new float[ClassCount * values.Columns];
        MatrixProducts.Single().Multiply(new Operand<float>(_values, _images.Rows, ClassCount).Transpose(), values.AsOperand(), sums, _threads);
        return sums;
    }

    /// <summary>Computes the soft counts of the images of each class, C values.</summary>
    public double[] Counts()
    {
        var (counts, row) = (new double[ClassCount], new double[ClassCount]);
        for (var i = 0; i < _images.Rows; i++)
        {
            TensorPrimitives.ConvertTruncating<float, double>(Row(_values, i), row);
            TensorPrimitives.Add(counts, row, counts);
        }
        return counts;
    }

    /// <summary>Updates the assignments a few times, with the classes as they are, and the logits with them.</summary>
    /// <param name="setLikelihoods">Writes ℓ for all images, m × C, up to a constant a row.</param>
    public void Update(Action<float[]> setLikelihoods)
    {
        setLikelihoods(_exponents);
        ParallelLoop.For(_images.Rows, _threads, this, static (assignments, row) => assignments.AddPrior(row));
        for (var i = 0; i < Updates; i++)
        {
            ParallelLoop.For(_images.Rows, _threads, this, static (assignments, row) => assignments.UpdateRow(row));
            (_values, _next) = (_next, _values);
        }
        ParallelLoop.For(_images.Rows, _threads, this, static (assignments, row) => assignments.AddLinks(row, assignments.Row(assignments._exponents, row)));
    }

    private void AddPrior(int row)
    {
        var exponents = Row(_exponents, row);
        TensorPrimitives.Add(exponents, Row(_prior, row), exponents);
        if (_fromLabeled is not null)
            TensorPrimitives.Add(exponents, Row(_fromLabeled, row), exponents);
    }

    private void UpdateRow(int row)
    {
        var next = Row(_next, row);
        Row(_exponents, row).CopyTo(next);
        AddLinks(row, next);
        Softmax.Apply(next, next);
    }

    private void AddLinks(int row, Span<float> target)
    {
        foreach (var (image, weight) in _links[row])
            TensorPrimitives.MultiplyAdd(Row(_values, image), weight, target, target);
    }

    /// <summary>Links each image with its neighbors and with those that have it as a neighbor.</summary>
    private (int Image, float Weight)[][] Link(CancellationToken cancellationToken)
    {
        var links = new List<(int, float)>[_images.Rows];
        for (var i = 0; i < links.Length; i++)
            links[i] = [];
        var among = NeighborGraph.Of(_images, _images, Neighbors, skipsItself: true, _threads, cancellationToken);
        for (var i = 0; i < among.Nearest.Length; i++)
        {
            var (from, to, weight) = (i / among.Count, among.Nearest[i], among.Cosines[i] / (2 * Neighbors));
            links[from].Add((to, weight));
            links[to].Add((from, weight));
        }
        return [.. links.Select(list => list.ToArray())];
    }

    /// <summary>Sums the links with the labeled images that have an image as a neighbor.</summary>
    private float[] LinkLabeled(FeatureSet labeled, CancellationToken cancellationToken)
    {
        var sums = new float[_prior.Length];
        var graph = NeighborGraph.Of(labeled.ImageFeatures, _images, Neighbors, skipsItself: false, _threads, cancellationToken);
        for (var i = 0; i < graph.Nearest.Length; i++)
            sums[(graph.Nearest[i] * ClassCount) + labeled.Labels.Span[i / graph.Count]] += graph.Cosines[i] / (2 * Neighbors);
        return sums;
    }

    private Span<float> Row(float[] matrix, int row) => matrix.AsSpan(row * ClassCount, ClassCount);
}
