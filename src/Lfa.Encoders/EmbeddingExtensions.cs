using Lfa.Classification;
using Lfa.Data;
using Lfa.Model;
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

    /// <summary>Predicts the most probable class of one image; it allocates nothing after the first call.</summary>
    /// <param name="model">The model.</param>
    /// <param name="embedding">The embedding of the image, d components; its length does not matter.</param>
    /// <param name="probabilities">Receives the probabilities of all classes, C values.</param>
    /// <returns>The most probable class.</returns>
    /// <exception cref="LfaDataException">The embedding has another number of components, or is zero or not finite; or the buffer has another length.</exception>
    public static ClassProbability Predict(this LfaModel model, Embedding<float> embedding, Span<float> probabilities)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(embedding);
        return model.Predict(embedding.Vector.Span, probabilities);
    }

    /// <summary>Predicts the classes of images.</summary>
    /// <param name="model">The model.</param>
    /// <param name="embeddings">The embeddings of the images, n of d components, at least one.</param>
    /// <param name="options">The options. Default: the most probable class.</param>
    /// <returns>The predictions, one for each embedding.</returns>
    /// <exception cref="LfaDataException">An embedding has another number of components, or is zero or not finite.</exception>
    public static IEnumerable<Prediction> Predict(this LfaModel model, IEnumerable<Embedding<float>> embeddings, PredictionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Predict(embeddings.ToMatrix(), options ?? new PredictionOptions());
    }
}
