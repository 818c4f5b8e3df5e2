using Lfa.Classification;
using Lfa.Data;
using Lfa.Model;
using Microsoft.Extensions.AI;

namespace Lfa.Encoders.Tests;

public class EmbeddingExtensionsTests
{
    [Fact]
    public void ToMatrix_Embeddings_AreTheRowsAndComeBack()
    {
        Embedding<float>[] embeddings = [new(new float[] { 1, 2, 3 }), new(new float[] { 4, 5, 6 })];
        var matrix = embeddings.ToMatrix();
        (matrix.Rows, matrix.Columns).ShouldBe((2, 3));
        matrix.Values.ToArray().ShouldBe([1, 2, 3, 4, 5, 6]);
        var back = matrix.ToEmbeddings("tiny");
        back.Select(embedding => embedding.Vector.ToArray()).ShouldBe([[1, 2, 3], [4, 5, 6]]);
        back[1].ModelId.ShouldBe("tiny");
        new GeneratedEmbeddings<Embedding<float>>(embeddings).ToMatrix().Values.ToArray().ShouldBe([1, 2, 3, 4, 5, 6]);
    }

    [Fact]
    public void ToMatrix_OtherLengths_NamesTheFirst()
    {
        var error = Should.Throw<LfaDataException>(() => new Embedding<float>[] { new(new float[2]), new(new float[2]), new(new float[3]) }.ToMatrix());
        (error.Message, error.Row).ShouldBe(("embedding 2 has 3 components but embedding 0 has 2; all must come from the same encoder.", 2));
        Should.Throw<LfaDataException>(() => Array.Empty<Embedding<float>>().ToMatrix()).Message.ShouldBe("There is no embedding; give one at least.");
    }

    [Fact]
    public void ToEmbeddings_EmptyMatrix_GivesNone() => new Matrix(default, 0, 4).ToEmbeddings().ShouldBeEmpty();

    [Fact]
    public void Predict_Embeddings_IsThatOfTheirMatrix()
    {
        var model = new LfaModel(new LinearScorer(new LinearHead(new Matrix(new float[] { 1, 0, 0, 1 }, 2, 2)), 0.5), ["left", "right"]);
        var matrix = new Matrix(new float[] { 3, 1, 0, 2 }, 2, 2);
        var embeddings = matrix.ToEmbeddings();
        var probabilities = new float[2];

        model.Predict(embeddings).Select(prediction => prediction.Best).ShouldBe(model.Predict(matrix).Select(prediction => prediction.Best));
        model.Predict(embeddings[1], probabilities).ClassName.ShouldBe("right");
        probabilities.ShouldBe(model.Probabilities(matrix).Row(1).ToArray());
    }
}
