using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Methods;

/// <summary>The nearest rows of one matrix for each row of another, by cosine: k entries a row, never all pairs at once.</summary>
/// <param name="Nearest">The rows found, queries × k, the nearest first.</param>
/// <param name="Cosines">Their cosines, queries × k.</param>
/// <param name="Count">The number k for each query.</param>
internal sealed record NeighborGraph(int[] Nearest, float[] Cosines, int Count)
{
    private const int BlockRows = 512;

    /// <summary>Searches the neighbors.</summary>
    /// <param name="queries">The rows to find neighbors of.</param>
    /// <param name="points">The rows to find.</param>
    /// <param name="count">How many to find; all, where there are fewer.</param>
    /// <param name="skipsItself">Whether row i of both is the same and no neighbor of itself.</param>
    /// <param name="threads">The number of threads at most.</param>
    /// <param name="cancellationToken">Checked before each block of queries.</param>
    public static NeighborGraph Of(Matrix queries, Matrix points, int count, bool skipsItself, int threads, CancellationToken cancellationToken)
    {
        count = Math.Min(count, points.Rows - (skipsItself ? 1 : 0));
        var graph = new NeighborGraph(new int[queries.Rows * count], new float[queries.Rows * count], count);
        for (var start = 0; start < queries.Rows && count > 0; start += BlockRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var block = queries.Slice(start, Math.Min(BlockRows, queries.Rows - start));
            var search = new Search(graph, Scores.Cosines(block, points, threads), points.Rows, start, skipsItself);
            ParallelLoop.For(block.Rows, threads, search, static (search, row) => search.Run(row));
        }
        return graph;
    }

    private sealed record Search(NeighborGraph Graph, float[] Scores, int Points, int Start, bool SkipsItself)
    {
        public void Run(int row)
        {
            var scores = Scores.AsSpan(row * Points, Points);
            if (SkipsItself)
                scores[Start + row] = float.NegativeInfinity;
            var nearest = Graph.Nearest.AsSpan((Start + row) * Graph.Count, Graph.Count);
            TopK.Select(scores, nearest);
            for (var i = 0; i < nearest.Length; i++)
                Graph.Cosines[((Start + row) * Graph.Count) + i] = scores[nearest[i]];
        }
    }
}
