using System.Numerics.Tensors;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Methods;

/// <summary>
/// Propagates classes along a graph of neighbors: (I − αS)·F = E, S = D^(−½)·A·D^(−½), A the cosines of each labeled or
/// unlabeled image with its 5 nearest, α = 0.3, E one-hot for labeled images and the zero-shot probabilities for the others.
/// The logits are log F.
/// </summary>
/// <remarks>
/// Memory grows with the images times the classes, not with the pairs of images. k = 5 and α = 0.3 are the defaults of
/// V. Stojnić, Y. Kalantidis, G. Tolias, "Label propagation for zero-shot classification with vision-language models", CVPR 2024.
/// Differs from the publication:
/// <list type="number">
/// <item>Unlabeled images start from their zero-shot probabilities, not from nothing: that is how the class names take part. (In
/// the work of 2024 prototypes are nodes, without labeled images; beside these their links, of cosines near ¼, would count for nothing.)</item>
/// <item>Only the nearest neighbors are linked, by their cosine, instead of all pairs by a Gaussian kernel; α was 0.99.</item>
/// <item>The equations are solved by the terms of Σ_t (αS)^t E up to t = 20; the rest is below 10⁻¹⁰ of the whole.</item>
/// </list>
/// </remarks>
public sealed record LabelPropagationMethod : IMethod
{
    private const int Neighbors = 5;
    private const float Alpha = 0.3f;
    private const int Terms = 20;
    private const float Smallest = 1e-12f; // Takes the place of a zero in the logarithm.

    /// <inheritdoc/>
    public string Name => "label-propagation";

    /// <inheritdoc/>
    public string Source => "D. Zhou et al., \"Learning with local and global consistency\", NIPS 2003";

    /// <inheritdoc/>
    public MethodNeeds Needs => MethodNeeds.Labels | MethodNeeds.TextFeatures | MethodNeeds.ImagesToClassify;

    /// <inheritdoc/>
    public MethodFit Fit(FitTask task, FitContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        context ??= new FitContext();
        var (clock, set) = (new FitClock(), task.Require(this));
        var threads = Threads.Resolve(context.MaxDegreeOfParallelism);
        var unlabeled = task.Unlabeled!.ImageFeatures;
        TransductiveFits.ThrowIfOther(set, unlabeled);
        var (classes, labeled) = (set.ClassCount, set.SampleCount);
        var images = new Matrix((float[])[.. set.ImageFeatures.Values.Span, .. unlabeled.Values.Span], labeled + unlabeled.Rows, set.Dimension);
        var rows = Normalize(Link(NeighborGraph.Of(images, images, Neighbors, skipsItself: true, threads, context.CancellationToken), images.Rows));

        // The terms (αS)^t E: the sources first, then one step along the edges a time.
        var term = new float[checked(images.Rows * classes)];
        Scores.ZeroShot(unlabeled, set.ClassPrototypes, threads).CopyTo(term.AsSpan(labeled * classes));
        ParallelLoop.For(unlabeled.Rows, threads, new Sources(term, labeled, classes), static (sources, row) => sources.Normalize(row));
        for (var i = 0; i < labeled; i++)
            term[(i * classes) + set.Labels.Span[i]] = 1;
        var sum = (float[])term.Clone();
        var next = new float[term.Length];
        for (var t = 1; t <= Terms; t++)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            ParallelLoop.For(rows.Length, threads, new Step(rows, term, next, sum, classes), static (step, row) => step.Run(row));
            (term, next) = (next, term);
        }
        var logits = sum[(labeled * classes)..];
        TensorPrimitives.Max(logits, Smallest, logits);
        TensorPrimitives.Log<float>(logits, logits);
        return this.ToTransductiveFit(task, context, new Matrix(logits, unlabeled.Rows, classes), clock);
    }

    /// <summary>Returns the edges of each node, each edge counted from both its ends; negative cosines are none.</summary>
    private static List<(int Node, float Weight)>[] Link(NeighborGraph graph, int nodes)
    {
        var rows = new List<(int, float)>[nodes];
        for (var i = 0; i < nodes; i++)
            rows[i] = [];
        for (var i = 0; i < graph.Nearest.Length; i++)
        {
            var (from, to, weight) = (i / graph.Count, graph.Nearest[i], Math.Max(graph.Cosines[i], 0));
            rows[from].Add((to, weight));
            rows[to].Add((from, weight));
        }
        return rows;
    }

    /// <summary>Returns the rows of D^(−½)·A·D^(−½).</summary>
    private static (int Node, float Weight)[][] Normalize(List<(int Node, float Weight)>[] rows)
    {
        var scales = Array.ConvertAll(rows, row => row.Sum(edge => edge.Weight) is var degree and > 0 ? 1 / MathF.Sqrt(degree) : 0);
        return [.. rows.Select((row, i) => row.Select(edge => (edge.Node, edge.Weight * scales[i] * scales[edge.Node])).ToArray())];
    }

    private sealed record Sources(float[] Values, int First, int Classes)
    {
        public void Normalize(int row)
        {
            var logits = Values.AsSpan((First + row) * Classes, Classes);
            Softmax.Apply(logits, logits);
        }
    }

    private sealed record Step((int Node, float Weight)[][] Rows, float[] Term, float[] Next, float[] Sum, int Classes)
    {
        public void Run(int row)
        {
            var next = Next.AsSpan(row * Classes, Classes);
            next.Clear();
            foreach (var (node, weight) in Rows[row])
                TensorPrimitives.MultiplyAdd(Term.AsSpan(node * Classes, Classes), Alpha * weight, next, next);
            var sum = Sum.AsSpan(row * Classes, Classes);
            TensorPrimitives.Add(sum, next, sum);
        }
    }
}
