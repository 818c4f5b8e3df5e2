using System.Runtime.CompilerServices;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;

namespace Lfa.Model;

/// <summary>
/// A classifier of images by their embeddings: a scorer, the names of its classes, what held-out images tell of its probabilities,
/// how it was fitted, and the sums over its images by which it can be changed.
/// </summary>
/// <remarks>Instances are immutable and safe for use by several threads at once.</remarks>
public sealed class LfaModel
{
    /// <summary>Initializes a model.</summary>
    /// <param name="scorer">The scorer.</param>
    /// <param name="classNames">The names of the C classes.</param>
    /// <param name="calibration">What held-out images tell of the scores; its temperature must be that of the scorer. Default: nothing.</param>
    /// <param name="record">How it was fitted. Default: nothing known.</param>
    /// <param name="statistics">The sums over the images of the fit. Default: not known.</param>
    /// <param name="classPrototypes">The text features of the class names, C × d, where the scorer does not keep them. Default: not known.</param>
    /// <exception cref="LfaDataException">The parts contradict each other.</exception>
    public LfaModel(Scorer scorer, IReadOnlyList<string> classNames, Calibration? calibration = null, FitRecord? record = null, ClassStatistics? statistics = null, Matrix? classPrototypes = null)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        ArgumentNullException.ThrowIfNull(classNames);
        (Scorer, ClassNames, Calibration, Record, Statistics) = (scorer, [.. classNames], calibration, record ?? new FitRecord(), statistics);
        ClassPrototypes = Aligned?.ClassPrototypes ?? classPrototypes;
        ModelValidation.Check(this);
    }

    /// <summary>Gets the scorer, which is all that classifies.</summary>
    public Scorer Scorer { get; }

    /// <summary>Gets the names of the C classes.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Gets what held-out images tell of the scores, from which prediction sets and rejection follow; null where nothing is known.</summary>
    public Calibration? Calibration { get; }

    /// <summary>Gets how it was fitted.</summary>
    public FitRecord Record { get; }

    /// <summary>Gets the sums over the images of the fit, by which <see cref="ModelUpdater"/> changes the model without them; null where they are not known.</summary>
    public ClassStatistics? Statistics { get; }

    /// <summary>Gets the class prototypes, C × d: the text features of the class names; across two spaces as mapped. Null where they are not known.</summary>
    public Matrix? ClassPrototypes { get; }

    /// <summary>Gets the number of classes C.</summary>
    public int ClassCount => Scorer.ClassCount;

    /// <summary>Gets the number of components d of an embedding.</summary>
    public int Dimension => Scorer.Dimension;

    /// <summary>Gets the temperature τ of the probabilities.</summary>
    public double Temperature => Scorer.Temperature;

    /// <summary>Gets the scorer where it is a transform before class prototypes, which other classes can join by their names; else null.</summary>
    public AlignedScorer? Aligned => Scorer as AlignedScorer;

    /// <summary>Fits a model.</summary>
    /// <param name="task">The images, n × d, with labels or without, and the class prototypes, C × d.</param>
    /// <param name="method">The method. Default: <see cref="AutoMethod"/>, or <see cref="UnsupervisedAutoMethod"/> where there are images without labels.</param>
    /// <param name="context">The seed, the threads, the progress, the logger and the cancellation. Default: seed 1, all processors, nothing else.</param>
    /// <returns>The model. What was chosen on the way is told by <see cref="IMethod.Fit"/>, whose outcome <see cref="FromFit"/> makes a model of.</returns>
    /// <exception cref="LfaDataException">The task lacks what the method needs, or the method gives no classifier of other images.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public static LfaModel Fit(FitTask task, IMethod? method = null, FitContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        method ??= task.Unlabeled is null ? new AutoMethod() : new UnsupervisedAutoMethod();
        ThrowIfTransductive(method);
        return FromFit(method.Fit(task, context));
    }

    /// <summary>Makes the model of a fit.</summary>
    /// <param name="fit">The outcome of <see cref="IMethod.Fit"/>.</param>
    /// <exception cref="LfaDataException">The method classifies the images of its task together, so that there is no classifier of others.</exception>
    public static LfaModel FromFit(MethodFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (fit.Scorer is null)
            throw Transductive(fit.Record.Method ?? "?");
        return new LfaModel(fit.Scorer, fit.ClassNames, fit.Calibration, fit.Record, fit.Statistics, fit.ClassPrototypes);
    }

    /// <summary>Throws for a method that gives no model.</summary>
    /// <param name="method">The method.</param>
    /// <exception cref="LfaDataException">The method classifies the images of its task together.</exception>
    public static void ThrowIfTransductive(IMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        if (method.Needs.HasFlag(MethodNeeds.ImagesToClassify))
            throw Transductive(method.Name);
    }

    /// <summary>Returns the model with another calibration, and its temperature.</summary>
    /// <param name="calibration">The calibration, learned from scores of classifiers fitted like this one.</param>
    public LfaModel WithCalibration(Calibration calibration)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        return new LfaModel(Scorer.WithTemperature(calibration.Temperature), ClassNames, calibration, Record, Statistics, ClassPrototypes);
    }

    /// <summary>Returns the model without the sums over its images: it classifies alike, its file is smaller, and it cannot be changed without the images.</summary>
    public LfaModel WithoutStatistics() => new(Scorer, ClassNames, Calibration, Record, classPrototypes: ClassPrototypes);

    /// <summary>
    /// Returns a model of other classes, of which nothing but the names is known, by the transform for new classes, W where
    /// there is no other. The residual head, the calibration and what an update needs belong to the classes of the fit and are left out.
    /// </summary>
    /// <param name="textFeatures">The text features of the class names, C′ × d_text, by the encoder of the fit; their length does not matter.</param>
    /// <param name="classNames">The names of the C′ classes.</param>
    /// <exception cref="LfaDataException">The shapes contradict each other, a row is zero or not finite, or the method knows only the classes of its fit.</exception>
    public LfaModel ForClasses(Matrix textFeatures, IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        var prototypes = RequireAligned().ToPrototypes(textFeatures);
        if (classNames.Count == prototypes.Rows)
            FeatureSetValidation.CheckDuplicates(classNames, prototypes);
        return ByNewClasses(prototypes, classNames);
    }

    /// <summary>Returns the model for images of another domain: of the same classes, otherwise as <see cref="ForClasses"/>.</summary>
    /// <exception cref="LfaDataException">The method knows no other way to score than that of its fit.</exception>
    public LfaModel ForShiftedDomain() => ByNewClasses(RequireAligned().ClassPrototypes, ClassNames);

    /// <summary>
    /// Returns the model of some of its classes, which then compete among themselves: this one where they are all of them in
    /// their order. Otherwise without the calibration and what an update needs.
    /// </summary>
    /// <param name="classNames">The names of the classes, in any order; of several of one name the first is the first.</param>
    /// <exception cref="LfaDataException">There is no class of a name; the message names the first.</exception>
    public LfaModel SelectClasses(IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        if (TestSetValidation.FindDifference(classNames, ClassNames) is null)
            return this;
        var rows = ClassNameIndex.Find(classNames, ClassNames);
        return new LfaModel(Scorer.SelectClasses(rows), classNames, record: Record with { Options = null, Blend = [], Samples = 0 }, classPrototypes: ClassPrototypes?.SelectRows(rows));
    }

    /// <summary>Computes the logits of images, the scores over τ.</summary>
    /// <param name="features">The image features X, n × d; their length does not matter.</param>
    /// <param name="maxDegreeOfParallelism">The number of threads at most; −1 for all processors. Default: −1.</param>
    /// <returns>The logits, n × C.</returns>
    /// <exception cref="LfaDataException">The features have another number of columns, or a row that is zero or not finite.</exception>
    public Matrix Logits(Matrix features, int maxDegreeOfParallelism = -1)
    {
        ThrowIfNotClassifiable(features);
        return Scorer.Logits(features, maxDegreeOfParallelism);
    }

    /// <summary>Computes the probabilities of all classes.</summary>
    /// <inheritdoc cref="Logits"/>
    /// <returns>The probabilities, n × C; rows sum to 1.</returns>
    public Matrix Probabilities(Matrix features, int maxDegreeOfParallelism = -1)
    {
        ThrowIfNotClassifiable(features);
        return Scorer.Probabilities(features, maxDegreeOfParallelism);
    }

    /// <summary>Predicts the most probable class of one image; it allocates nothing after the first call.</summary>
    /// <param name="embedding">The embedding, d values; its length does not matter.</param>
    /// <param name="probabilities">Receives the probabilities of all classes, C values.</param>
    /// <returns>The most probable class.</returns>
    /// <exception cref="LfaDataException">A span has another length.</exception>
    /// <exception cref="LfaDataException">The embedding is zero or holds a value that is not finite.</exception>
    public ClassProbability Predict(ReadOnlySpan<float> embedding, Span<float> probabilities)
    {
        Matrix.ThrowIfDegenerate(embedding, "embedding");
        Scorer.Probabilities(embedding, probabilities);
        var best = System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(probabilities);
        return new ClassProbability(best, ClassNames[best], probabilities[best]);
    }

    /// <summary>Predicts the most probable classes of images.</summary>
    /// <param name="features">The image features X, n × d; their length does not matter.</param>
    /// <param name="topK">The number of classes for each image, at least 1; all C where there are fewer. Default: 1.</param>
    /// <returns>The predictions, one for each row, computed as they are read: memory does not grow with n.</returns>
    /// <exception cref="LfaDataException">The features have another number of columns, or a row that is zero or not finite.</exception>
    public IEnumerable<Prediction> Predict(Matrix features, int topK = 1) => Predict(features, new PredictionOptions { TopK = topK });

    /// <summary>Predicts the classes of images: the most probable, prediction sets, and whether they are of none.</summary>
    /// <param name="features">The image features X, n × d; their length does not matter.</param>
    /// <param name="options">The options.</param>
    /// <returns>The predictions, one for each row, computed as they are read: memory does not grow with n.</returns>
    /// <exception cref="LfaDataException">The features have another number of columns or a degenerate row, or sets or rejection are asked for, but the model has no calibration.</exception>
    public IEnumerable<Prediction> Predict(Matrix features, PredictionOptions options)
    {
        ThrowIfNotClassifiable(features);
        return Predict([features], options);
    }

    /// <summary>Predicts the most probable classes of a stream of images.</summary>
    /// <param name="blocks">Blocks of rows of image features, each of d columns.</param>
    /// <param name="topK">The number of classes for each image, at least 1; all C where there are fewer. Default: 1.</param>
    /// <returns>The predictions, one for each row, computed as they are read.</returns>
    /// <exception cref="LfaDataException">A block has another number of columns, or a row that is zero or not finite.</exception>
    public IEnumerable<Prediction> Predict(IEnumerable<Matrix> blocks, int topK = 1) => Predict(blocks, new PredictionOptions { TopK = topK });

    /// <summary>Predicts the classes of a stream of images: the most probable, prediction sets, and whether they are of none.</summary>
    /// <param name="blocks">Blocks of rows of image features, each of d columns.</param>
    /// <param name="options">The options.</param>
    /// <returns>The predictions, one for each row, computed as they are read.</returns>
    /// <exception cref="LfaDataException">A block has another number of columns or a degenerate row, or sets or rejection are asked for, but the model has no calibration.</exception>
    public IEnumerable<Prediction> Predict(IEnumerable<Matrix> blocks, PredictionOptions options)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        var predictor = new Predictor(this, options);
        return blocks.SelectMany(predictor.Predict);
    }

    /// <summary>Predicts the classes of a stream of images as it arrives.</summary>
    /// <param name="blocks">Blocks of rows of image features, each of d columns.</param>
    /// <param name="options">The options. Default: the most probable class.</param>
    /// <param name="cancellationToken">Stops the predictions between two blocks.</param>
    /// <returns>The predictions, one for each row.</returns>
    /// <exception cref="LfaDataException">A block has another number of columns or a degenerate row, or sets or rejection are asked for, but the model has no calibration.</exception>
    public async IAsyncEnumerable<Prediction> PredictAsync(IAsyncEnumerable<Matrix> blocks, PredictionOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        var predictor = new Predictor(this, options ?? new PredictionOptions());
        await foreach (var block in blocks.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var prediction in predictor.Predict(block))
                yield return prediction;
        }
    }

    /// <summary>Measures the model on labeled images of its classes.</summary>
    /// <param name="test">The labeled images, n × d, of the same C classes.</param>
    /// <param name="options">The threads, and the levels of prediction sets and rejection; the number of classes listed does not matter. Default: the model's own.</param>
    /// <returns>The accuracy, the log-loss and the calibration, in all and for each class, and how prediction sets and rejection come out.</returns>
    /// <exception cref="LfaDataException">The images have no labels, other classes or columns than the model, or sets or rejection are asked for, but the model has no calibration.</exception>
    public Evaluation Evaluate(FeatureSet test, PredictionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(test);
        options ??= new PredictionOptions();
        TestSetValidation.Check(test, ClassNames, Dimension);
        test.ImageFeatures.ThrowIfDegenerate("features");
        return Evaluation.Measure(Scorer, test, new CalibrationBounds(Calibration, Scorer, ClassPrototypes, options), options.MaxDegreeOfParallelism);
    }

    /// <summary>Returns the model as one linear head: for embeddings of unit length its scores rank the classes as the model does.</summary>
    /// <returns>The head H: softmax(x·Hᵀ / τ) with τ = <see cref="Temperature"/> are the probabilities, but that a transform without a residual head divides by the length of x·W, too.</returns>
    /// <exception cref="LfaDataException">The scorer keeps support images, and is no linear map.</exception>
    public LinearHead ToLinearHead() => Scorer switch
    {
        AlignedScorer aligned => new LinearHead(aligned.AdaptedPrototypes(), aligned.Residual?.Biases ?? default),
        LinearScorer linear => linear.Head,
        _ => throw new LfaDataException($"The classifier of method {Record.Method} keeps support images and is no linear map; it cannot be written as prototypes."),
    };

    /// <summary>Writes the model to one file, which <see cref="Load(string)"/> reads back bit for bit.</summary>
    /// <param name="path">The path of the .safetensors file; an existing one is replaced once the new one is complete.</param>
    /// <exception cref="IOException">The file cannot be written; nothing is left half-written.</exception>
    public void Save(string path) => ModelFile.Write(path, this);

    /// <summary>Writes the model to a stream.</summary>
    /// <param name="stream">The stream; it stays open.</param>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ModelFile.Write(stream, this);
    }

    /// <summary>Reads a model from its file.</summary>
    /// <param name="path">The path of a .safetensors file that <see cref="Save(string)"/> wrote, of this version or an earlier one.</param>
    /// <returns>The model.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="LfaDataException">The file is not a model, or is damaged; the message names the file and the entry.</exception>
    public static LfaModel Load(string path) => ModelFile.Read(path);

    /// <summary>Reads a model from a stream.</summary>
    /// <param name="stream">The stream; it is read to its end, and stays open.</param>
    /// <returns>The model.</returns>
    /// <exception cref="LfaDataException">The stream is not a model, or is damaged; the message names the entry.</exception>
    public static LfaModel Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return ModelFile.Read(stream);
    }

    /// <summary>Returns the scorer as one of a transform, which other classes can join.</summary>
    internal AlignedScorer RequireAligned() =>
        Aligned ?? throw new LfaDataException($"The classifier of method {Record.Method} knows only the classes of its fit; fit it by a method that aligns images with class names, such as auto or lfa.");

    /// <summary>Throws for features that cannot be classified.</summary>
    internal void ThrowIfNotClassifiable(Matrix features)
    {
        Scorer.ThrowIfNotOf(features);
        features.ThrowIfDegenerate("features");
    }

    private LfaModel ByNewClasses(Matrix prototypes, IReadOnlyList<string> classNames) =>
        new(RequireAligned().ForNewClasses(prototypes), classNames, record: Record with { Options = null, Blend = [], Variant = "new classes" });

    private static LfaDataException Transductive(string method) =>
        new($"Method {method} classifies the images of its task together and gives no classifier of others, so there is nothing to save; compare it with other methods instead.");
}
