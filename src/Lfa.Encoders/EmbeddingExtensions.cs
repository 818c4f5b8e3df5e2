using Lfa.Data;
using Microsoft.Extensions.AI;

namespace Lfa.Encoders;

/// <summary>Converts between the embeddings of generators and matrices.</summary>
public static class EmbeddingExtensions
{
    /// <summary>Copies embeddings into a matrix, as they are.</summary>
    /// <param name="embeddings">The n embeddings of d components, at least one, such as <see cref="GeneratedEmbeddings{TEmbedding}"/>.</param>
    /// <returns>The matrix, n × d, a row for each embedding.</returns>
    /// <exception cref="LfaDataException">There is no embedding, or two have other numbers of components; the message names the first.</exception>
    public static Matrix ToMatrix(this IEnumerable<Embedding<float>> embeddings)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        Embedding<float>[] rows = [.. embeddings];
        if (rows.Length == 0)
            throw new LfaDataException("There is no embedding; give one at least.") { Subject = nameof(embeddings) };
        var columns = rows[0].Vector.Length;
        var values = new float[checked(rows.Length * columns)];
        foreach (var (row, embedding) in rows.Index())
        {
            if (embedding.Vector.Length != columns)
                throw new LfaDataException(Invariant($"embedding {row} has {embedding.Vector.Length} components but embedding 0 has {columns}; all must come from the same encoder.")) { Subject = nameof(embeddings), Row = row };
            embedding.Vector.CopyTo(values.AsMemory(row * columns));
        }
        return new Matrix(values, rows.Length, columns);
    }

    /// <summary>Shows the rows of a matrix as embeddings, without a copy.</summary>
    /// <param name="matrix">The matrix, n × d.</param>
    /// <param name="modelId">The model that gave them. Default: unknown.</param>
    /// <returns>The n embeddings of d components; they are views of the matrix.</returns>
    public static GeneratedEmbeddings<Embedding<float>> ToEmbeddings(this Matrix matrix, string? modelId = null)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return [.. Enumerable.Range(0, matrix.Rows).Select(row => new Embedding<float>(matrix.Values.Slice(row * matrix.Columns, matrix.Columns)) { ModelId = modelId })];
    }
}
