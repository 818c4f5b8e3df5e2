using System.Buffers;
using System.Numerics.Tensors;
using Lfa.Alignment;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Classification;

/// <summary>
/// Scores by a transform W of the embeddings and the class prototypes Y: s = normalize(x·W)·Yᵀ or, with a residual head (R, r),
/// s = normalize(x)·(W·Yᵀ + Rᵀ) + r.
/// </summary>
/// <remarks>
/// The residual head says what the class names do not: it is learned beside the transform, a row for each class. With it
/// the scorer is one linear head, so the projected embedding is not scaled to unit length.
/// </remarks>
public sealed class AlignedScorer : Scorer
{
    private const string FileKind = "aligned";

    private readonly PackedFactor? _byTransform;
    private readonly PackedFactor _byHead;

    /// <summary>Initializes a scorer.</summary>
    /// <param name="transform">The transform W, d × d; across a projection of two spaces from d_image components to the k of the prototypes.</param>
    /// <param name="classPrototypes">The text features of the class names Y, C × d, rows of unit length; across two spaces as projected, C × k.</param>
    /// <param name="temperature">The temperature τ, above 0. Default: <see cref="Scorer.DefaultTemperature"/>.</param>
    /// <param name="residual">The residual head: the weights R, C × d, and biases r in units of the scores. Default: none.</param>
    /// <param name="newClasses">How new classes and shifted domains are scored. Default: as the others.</param>
    /// <param name="textTransform">The map from text features to prototypes, d_text × k, across two spaces. Default: none, the prototypes are text features.</param>
    /// <exception cref="LfaDataException">The shapes contradict each other, or a part holds a NaN or an infinity.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A temperature is not above 0.</exception>
    public AlignedScorer(Transform transform, Matrix classPrototypes, double temperature = DefaultTemperature, LinearHead? residual = null, NewClassScoring? newClasses = null, Transform? textTransform = null)
        : base(Required(classPrototypes).Rows, Required(transform).InputDimension, temperature)
    {
        (Transform, ClassPrototypes, Residual, NewClasses, TextTransform) = (transform, classPrototypes, residual, newClasses, textTransform);
        AlignedScorerValidation.Check(this);
        _byTransform = residual is null ? new PackedFactor(() => transform.Matrix.AsOperand()) : null;
        _byHead = new PackedFactor(() => (residual is null ? classPrototypes : AdaptedPrototypes()).AsOperand().Transpose());
    }

    /// <summary>Gets the transform W, d × d; across two spaces d_image × k.</summary>
    public Transform Transform { get; }

    /// <summary>Gets the class prototypes Y, C × d; across two spaces C × k.</summary>
    public Matrix ClassPrototypes { get; }

    /// <summary>Gets the residual head, C × d in units of the scores, where the fit gave one.</summary>
    public LinearHead? Residual { get; }

    /// <summary>Gets how new classes and shifted domains are scored, where that differs from W: after a refinement and the automatic choice.</summary>
    public NewClassScoring? NewClasses { get; }

    /// <summary>Gets the map from text features to prototypes, d_text × k, across two spaces; null where the prototypes are text features.</summary>
    public Transform? TextTransform { get; }

    internal override string Kind => FileKind;

    /// <summary>
    /// Computes the adapted prototypes H = Y·Wᵀ, C × d, d the components of images, plus R where there is a residual head: x·Hᵀ, plus its biases r,
    /// ranks the classes for an embedding x of unit length as the scorer does, so any vector store or matrix product
    /// can serve it. Without biases the length of x does not matter.
    /// </summary>
    public Matrix AdaptedPrototypes()
    {
        var adapted = new float[ClassCount * Dimension];
        MatrixProducts.Single().Multiply(ClassPrototypes.AsOperand(), Transform.Matrix.AsOperand().Transpose(), adapted, Threads.Resolve(0));
        if (Residual is not null)
            TensorPrimitives.Add(adapted, Residual.Weights.Values.Span, adapted);
        return new Matrix(adapted, ClassCount, Dimension);
    }

    /// <inheritdoc/>
    public override Scorer SelectClasses(ReadOnlySpan<int> classes) =>
        new AlignedScorer(Transform, ClassPrototypes.SelectRows(classes), Temperature, Residual?.SelectClasses(classes), NewClasses, TextTransform);

    /// <summary>Makes class prototypes of text features as those of this scorer were made: through <see cref="TextTransform"/>, rows of unit length.</summary>
    /// <param name="textFeatures">The text features of class names, C × d_text, from the encoder of the fit.</param>
    /// <returns>The prototypes, C × d.</returns>
    /// <exception cref="LfaDataException">The features have another number of columns, or a row that is zero, becomes so, or is not finite.</exception>
    public Matrix ToPrototypes(Matrix textFeatures)
    {
        ArgumentNullException.ThrowIfNull(textFeatures);
        var columns = TextTransform?.InputDimension ?? ClassPrototypes.Columns;
        if (textFeatures.Columns != columns)
            throw new LfaDataException(Invariant($"textFeatures is {textFeatures.Rows} × {textFeatures.Columns} but the class names of the classifier have {columns} columns; they must come from the encoder it was fitted with.")) { Subject = nameof(textFeatures) };
        return (TextTransform?.Apply(textFeatures) ?? textFeatures).NormalizeRows();
    }

    /// <summary>Returns the scorer of other classes by the transform for new classes, W where there is no other; the residual head belongs to the classes of the fit and is left out.</summary>
    /// <param name="prototypes">The prototypes of the classes, in the space of these, rows of unit length.</param>
    public AlignedScorer ForNewClasses(Matrix prototypes) =>
        new(NewClasses?.Transform ?? Transform, prototypes, NewClasses?.Temperature ?? Temperature, residual: null, NewClasses, TextTransform);

    /// <summary>Returns the scorer with other parts.</summary>
    internal AlignedScorer With(double temperature, NewClassScoring? newClasses) => new(Transform, ClassPrototypes, temperature, Residual, newClasses, TextTransform);

    private protected override void ScoreChunk(ReadOnlySpan<float> features, int rows, Span<float> scores)
    {
        var width = _byTransform is null ? Dimension : Transform.OutputDimension;
        var buffer = ArrayPool<float>.Shared.Rent(rows * width);
        var projected = buffer.AsSpan(0, rows * width);
        if (_byTransform is null)
            features.CopyTo(projected);
        else
            _byTransform.Multiply(features, rows, projected);
        Matrix.NormalizeRows(projected, width);
        _byHead.Multiply(projected, rows, scores);
        Residual?.AddBiases(scores);
        ArrayPool<float>.Shared.Return(buffer);
    }

    private static T Required<T>(T value)
        where T : class => value ?? throw new ArgumentNullException(nameof(value));
}
