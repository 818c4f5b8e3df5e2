using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Numerics;

namespace Lfa.Model;

/// <summary>
/// Classifies the images of a batch together, by a model and by each other: StatA (<see cref="StatAMethod"/>) with the model's
/// probabilities as its prior, z_i ∝ p_i · exp(log N(x_i | μ_c, Σ_c) / 50 + Σ_j w_ij z_j).
/// </summary>
/// <remarks>
/// The batch needs no labels, and may hold few of the classes. What is predicted of an image depends on which others are in the batch. It pays
/// for batches that hold few of the classes, or twenty images or more of each; a few images of each of many classes cost accuracy.
/// Memory grows with the images times the classes, time with the square of the images. Instances are immutable and safe for use by several
/// threads at once. Source: M. Zanella, C. Fuchs, C. De Vleeschouwer, I. Ben Ayed, "Realistic test-time adaptation of vision-language
/// models", CVPR 2025. Differs from the publication:
/// <list type="number">
/// <item>The prior are the probabilities of a fitted model, at its temperature, in the place of zero-shot classification.</item>
/// <item>The anchor of a class is its prototype mapped back into the space of the images, y_c·Wᵀ at unit length. With a classifier
/// that is no transform it is the prototype itself, or the mean of the class where its name is of another space.</item>
/// <item>An anchor weighs as much as α = 4 images, where 1 was published: it is the better one on batches of few classes,
/// by one to five points on images of the training files that the fit had not seen, and up to three worse on all of these together.</item>
/// <item>Those of <see cref="StatAMethod"/>, without labeled images.</item>
/// </list>
/// </remarks>
public sealed class BatchAdaptation
{
    /// <summary>The weight of an anchor, in images, where none is given.</summary>
    public const double DefaultAnchorWeight = 4;

    private const int FewestImages = 2;

    private readonly LfaModel _model;

    private BatchAdaptation(LfaModel model, Matrix classAnchors, double anchorWeight) => (_model, ClassAnchors, AnchorWeight) = (model, classAnchors, anchorWeight);

    /// <summary>Gets the anchors of the classes, C × d, rows of unit length in the space of the images.</summary>
    public Matrix ClassAnchors { get; }

    /// <summary>Gets the weight α of an anchor, in images, above 0.</summary>
    public double AnchorWeight { get; }

    /// <summary>Prepares a model.</summary>
    /// <param name="model">The model, of one linear map: a transform or a linear head.</param>
    /// <param name="anchorWeight">The weight α of an anchor, in images; above 0. Default: 4.</param>
    /// <exception cref="LfaDataException">The classifier keeps support images, or the classes have no place in the space of the images: their names are of another, and there is neither a map nor a mean.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="anchorWeight"/> is not above 0, or not finite.</exception>
    public static BatchAdaptation FromModel(LfaModel model, double anchorWeight = DefaultAnchorWeight)
    {
        ArgumentNullException.ThrowIfNull(model);
        StatAMethod.ThrowIfNotWeight(anchorWeight, nameof(anchorWeight));
        return new BatchAdaptation(model, AnchorsOf(model), anchorWeight);
    }

    /// <summary>Computes the logits of images that are classified together.</summary>
    /// <param name="features">The image features X, n × d, of two images at least; their length does not matter.</param>
    /// <param name="maxDegreeOfParallelism">The number of threads at most; −1 for all processors. It does not change the result. Default: −1.</param>
    /// <param name="cancellationToken">Stops the work. Default: nothing does.</param>
    /// <returns>The logits, n × C; their softmax are the probabilities.</returns>
    /// <exception cref="LfaDataException">There are fewer than two images or too many for one batch, or the features have another number of columns, or a row that is zero or not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public Matrix Logits(Matrix features, int maxDegreeOfParallelism = -1, CancellationToken cancellationToken = default)
    {
        _model.ThrowIfNotClassifiable(features);
        if (features.Rows < FewestImages)
            throw new LfaDataException(Invariant($"features has {features.Rows} row; images are classified together from {FewestImages} on, so give more, or classify it alone.")) { Subject = nameof(features) };
        if ((long)features.Rows * _model.ClassCount > Array.MaxLength)
            throw new LfaDataException(Invariant($"{features.Rows} images of {_model.ClassCount} classes are too many to be classified together; give them in several batches.")) { Subject = nameof(features) };
        var prior = _model.Logits(features, maxDegreeOfParallelism).Values.ToArray();
        return AnchoredGaussians.Classify(features.ToUnitRows(), prior, ClassAnchors, AnchorWeight, labeled: null, Threads.Resolve(maxDegreeOfParallelism), cancellationToken);
    }

    /// <summary>Predicts the classes of images together.</summary>
    /// <param name="blocks">Blocks of rows of image features, each of d columns, which are one batch.</param>
    /// <param name="options">The number of classes listed, and the threads; prediction sets and rejection are of images classified alone. Default: the most probable class.</param>
    /// <param name="cancellationToken">Stops the work. Default: nothing does.</param>
    /// <returns>The predictions, one for each row; without prediction sets, even where the model has a coverage of its own.</returns>
    /// <exception cref="LfaDataException">As <see cref="Logits"/>, or sets or rejection are asked for.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public IReadOnlyList<Prediction> Predict(IEnumerable<Matrix> blocks, PredictionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        options ??= new PredictionOptions();
        if ((options.Coverage ?? options.FalseRejection) is not null)
            throw new LfaDataException("Prediction sets and rejection follow from held-out images, each classified alone; leave them out, or do not classify images together.");
        var parts = new List<Matrix>();
        foreach (var block in blocks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _model.ThrowIfNotClassifiable(block);
            parts.Add(block);
        }
        var logits = Logits(parts.Count > 0 ? Matrix.Stack(parts) : new Matrix(default, 0, _model.Dimension), options.MaxDegreeOfParallelism, cancellationToken);
        return [.. Enumerable.Range(0, logits.Rows).Select(row => Predictor.ToPrediction(logits.Row(row), _model.ClassNames, temperature: 1, options.TopK))];
    }

    private static Matrix AnchorsOf(LfaModel model) => model.Scorer switch
    {
        AlignedScorer aligned => ToUnit(aligned.Transform.Transpose().Apply(aligned.ClassPrototypes)),
        LinearScorer when model.ClassPrototypes is { } prototypes && prototypes.Columns == model.Dimension && !EncoderIdentity.DifferInSpace(model.Record.ImageEncoder, model.Record.TextEncoder) => prototypes.ToUnitRows(),
        LinearScorer when model.Statistics is { } statistics && statistics.Counts.Span.IndexOf(0) < 0 => ToUnit(new Matrix(Array.ConvertAll(statistics.Sums.ToArray(), sum => (float)sum), model.ClassCount, model.Dimension)),
        LinearScorer => throw new LfaDataException($"The classifier of method {model.Record.Method} has neither class names in the space of its images nor a map to them, so images cannot be classified together; classify them one at a time, or fit by a method that aligns images with class names, such as auto or lfa."),
        _ => throw new LfaDataException($"The classifier of method {model.Record.Method} keeps support images, so images cannot be classified together; classify them one at a time, or fit by a method that gives a linear map, such as auto or lfa."),
    };

    private static Matrix ToUnit(Matrix rows)
    {
        var unit = rows.Values.ToArray();
        Matrix.NormalizeRows(unit, rows.Columns);
        return new Matrix(unit, rows.Rows, rows.Columns);
    }
}
