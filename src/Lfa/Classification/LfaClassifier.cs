using System.Numerics.Tensors;
using Lfa.Alignment;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Classification;

/// <summary>
/// Classifies images by their embeddings: x is of class c with probability softmax(s / τ)_c, with the scores
/// s = normalize(x·W)·Yᵀ or, with a residual head (R, r), s = normalize(x)·(W·Yᵀ + Rᵀ) + r.
/// </summary>
/// <remarks>
/// The residual head says what the class names do not: it is learned beside the transform, a row for each class. With it
/// the classifier is one linear head, so the projected embedding is not scaled to unit length.
/// Instances are immutable and safe for use by several threads at once.
/// </remarks>
public sealed class LfaClassifier : IClassifier
{
    /// <summary>The temperature of CLIP's own probabilities: 1 over its logit scale of 100.</summary>
    public const double DefaultTemperature = 0.01;

    /// <summary>Initializes a classifier.</summary>
    /// <param name="transform">The transform W, d × d; across a bridge from d_image components to the k of the prototypes.</param>
    /// <param name="classPrototypes">The text features of the class names Y, C × d, rows of unit length; across a bridge as mapped, C × k.</param>
    /// <param name="classNames">The names of the C classes.</param>
    /// <param name="temperature">The temperature τ, above 0. Default: <see cref="DefaultTemperature"/>.</param>
    /// <param name="newClasses">How new classes and shifted domains are scored. Default: as the others.</param>
    /// <param name="provenance">Where the classifier comes from. Default: nothing known.</param>
    /// <param name="residual">The residual head: the weights R, C × d, and biases r in units of the scores. Default: none.</param>
    /// <param name="confidence">What held-out images tell of the scores; its temperature must be <paramref name="temperature"/>. Default: nothing.</param>
    /// <param name="statistics">The sums over the images that it was fitted to. Default: not known.</param>
    /// <param name="recipe">How it was fitted. Default: not known.</param>
    /// <param name="textTransform">The map from text features to prototypes, d_text × k, across a bridge between two encoders. Default: none, the prototypes are text features.</param>
    /// <exception cref="ArgumentException">The shapes or temperatures contradict each other, or the residual head holds a NaN or an infinity.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="temperature"/> is not above 0.</exception>
    public LfaClassifier(Transform transform, Matrix classPrototypes, IReadOnlyList<string> classNames,
        double temperature = DefaultTemperature, NewClassScoring? newClasses = null, ClassifierProvenance? provenance = null,
        LinearClassifier? residual = null, Confidence? confidence = null, ClassStatistics? statistics = null, FitRecipe? recipe = null, Transform? textTransform = null)
    {
        ArgumentNullException.ThrowIfNull(transform);
        ArgumentNullException.ThrowIfNull(classPrototypes);
        ArgumentNullException.ThrowIfNull(classNames);
        Transform = transform;
        ClassPrototypes = classPrototypes;
        ClassNames = [.. classNames];
        Temperature = temperature;
        NewClasses = newClasses;
        Provenance = provenance ?? new ClassifierProvenance();
        Residual = residual;
        Confidence = confidence;
        Statistics = statistics;
        Recipe = recipe;
        TextTransform = textTransform;
        ClassifierValidation.Check(this);
    }

    /// <summary>Gets the transform W, d × d; across a bridge d_image × k.</summary>
    public Transform Transform { get; }

    /// <summary>Gets how new classes and shifted domains are scored, where that differs from W: after a refinement and the automatic choice.</summary>
    public NewClassScoring? NewClasses { get; }

    /// <summary>Gets the class prototypes Y, C × d; across a bridge C × k.</summary>
    public Matrix ClassPrototypes { get; }

    /// <summary>Gets the residual head, C × d in units of the scores, where the fit gave one.</summary>
    public LinearClassifier? Residual { get; }

    /// <summary>Gets what held-out images tell of the scores, from which sets and rejection follow; null where nothing is known.</summary>
    public Confidence? Confidence { get; }

    /// <summary>Gets the sums over the images that it was fitted to, by which <see cref="LfaUpdater"/> changes it without them; null where they are not known.</summary>
    public ClassStatistics? Statistics { get; }

    /// <summary>Gets how it was fitted; null where that is not known.</summary>
    public FitRecipe? Recipe { get; }

    /// <summary>Gets the map from text features to prototypes, d_text × k, across a bridge between two encoders; null where the prototypes are text features.</summary>
    public Transform? TextTransform { get; }

    /// <summary>Gets whether the score of a class has a bias other than 0.</summary>
    public bool HasBiases => Residual is not null && Residual.Biases.Span.ContainsAnyExcept(0f);

    /// <summary>Gets the names of the C classes.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public int ClassCount => ClassPrototypes.Rows;

    /// <inheritdoc/>
    public int Dimension => Transform.InputDimension;

    /// <summary>Gets the temperature τ.</summary>
    public double Temperature { get; }

    /// <summary>Gets where the classifier comes from.</summary>
    public ClassifierProvenance Provenance { get; }

    /// <summary>Returns the classifier with the confidence that held-out images gave, and its temperature.</summary>
    /// <param name="confidence">The confidence, learned from scores of classifiers fitted like this one.</param>
    public LfaClassifier WithConfidence(Confidence confidence)
    {
        ArgumentNullException.ThrowIfNull(confidence);
        return new LfaClassifier(Transform, ClassPrototypes, ClassNames, confidence.Temperature, NewClasses, Provenance, Residual, confidence, Statistics, Recipe, TextTransform);
    }

    /// <summary>Returns the classifier without a confidence, at other temperatures: its own, and that for new classes.</summary>
    internal LfaClassifier WithTemperature(double temperature, NewClassScoring? newClasses = null) =>
        new(Transform, ClassPrototypes, ClassNames, temperature, newClasses, Provenance, Residual, confidence: null, Statistics, Recipe, TextTransform);

    /// <summary>Returns the classifier without the sums over its images: it classifies alike, its file is smaller, and it cannot be changed without the images.</summary>
    public LfaClassifier WithoutStatistics() => new(Transform, ClassPrototypes, ClassNames, Temperature, NewClasses, Provenance, Residual, Confidence, statistics: null, Recipe, TextTransform);

    /// <summary>
    /// Returns a classifier of other classes, of which nothing but the names is known, by the transform for new classes, W where
    /// there is no other. The residual head, the confidence and what an update needs belong to the classes of the fit and are left out.
    /// </summary>
    /// <param name="textFeatures">The text features of the class names, C′ × d_text, by the encoder of the fit; their length does not matter.</param>
    /// <param name="classNames">The names of the C′ classes.</param>
    /// <exception cref="ArgumentException">The shapes contradict each other, or a row is zero or not finite.</exception>
    public LfaClassifier ForClasses(Matrix textFeatures, IReadOnlyList<string> classNames)
    {
        var classifier = ByNewClasses(PrototypesOf(textFeatures), classNames);
        FeatureSetValidation.CheckDuplicates(classNames, classifier.ClassPrototypes);
        return classifier;
    }

    /// <summary>Returns the classifier for images of another domain: of the same classes, otherwise as <see cref="ForClasses"/>.</summary>
    public LfaClassifier ForShiftedDomain() => ByNewClasses(ClassPrototypes, ClassNames);

    /// <summary>
    /// Returns the classifier of some of its classes, which then compete among themselves: this one where they are all of them in
    /// their order. Otherwise without the confidence and what an update needs.
    /// </summary>
    /// <param name="classNames">The names of the classes, in any order; of several of one name the first is the first.</param>
    /// <exception cref="ArgumentException">There is no class of a name; the message names the first.</exception>
    public LfaClassifier SelectClasses(IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        if (TestSetValidation.FindDifference(classNames, ClassNames) is null)
            return this;
        var rows = ClassNameIndex.Find(classNames, ClassNames);
        var biases = Residual is { Biases.Length: > 0 } ? Array.ConvertAll(rows, row => Residual.Biases.Span[row]) : [];
        return new LfaClassifier(Transform, ClassPrototypes.SelectRows(rows), classNames, Temperature, NewClasses, Provenance,
            Residual is null ? null : new LinearClassifier(Residual.Weights.SelectRows(rows), biases), textTransform: TextTransform);
    }

    /// <summary>Makes class prototypes of text features as those of this classifier were made: through <see cref="TextTransform"/>, rows of unit length.</summary>
    /// <param name="textFeatures">The text features of class names, C × d_text, from the encoder it was fitted with.</param>
    /// <returns>The prototypes, C × d.</returns>
    /// <exception cref="ArgumentException">The features have another number of columns, or a row that is zero, becomes so, or is not finite.</exception>
    public Matrix PrototypesOf(Matrix textFeatures)
    {
        ArgumentNullException.ThrowIfNull(textFeatures);
        var columns = TextTransform?.InputDimension ?? ClassPrototypes.Columns;
        if (textFeatures.Columns != columns)
            throw new ArgumentException(Invariant($"textFeatures is {textFeatures.Rows} × {textFeatures.Columns} but the class names of the classifier have {columns} columns; they must come from the encoder it was fitted with."));
        return (TextTransform?.Apply(textFeatures) ?? textFeatures).NormalizeRows();
    }

    /// <summary>
    /// Computes the adapted prototypes H = Y·Wᵀ, C × d, d the components of images, plus R where there is a residual head: x·Hᵀ, plus its biases r,
    /// ranks the classes for an embedding x of unit length as the classifier does, so any vector store or matrix product
    /// can serve it. Without biases the length of x does not matter.
    /// </summary>
    public Matrix AdaptedPrototypes()
    {
        var adapted = new float[ClassPrototypes.Rows * Transform.InputDimension];
        MatrixProducts.Single().Multiply(ClassPrototypes.AsOperand(), Transform.Matrix.AsOperand().Transpose(), adapted, Threads.Resolve(0));
        if (Residual is not null)
            TensorPrimitives.Add(adapted, Residual.Weights.Values.Span, adapted);
        return new Matrix(adapted, ClassPrototypes.Rows, Transform.InputDimension);
    }

    /// <summary>
    /// Computes the linear classifier of the adapted prototypes and the biases, both over τ: for embeddings of unit length
    /// its logits are those of this classifier where there is a residual head. Without one they only rank the classes
    /// alike, since this classifier then also scales the projected embedding to unit length.
    /// </summary>
    public LinearClassifier ToLinearClassifier()
    {
        var weights = AdaptedPrototypes().Values.ToArray();
        var biases = Residual?.Biases.ToArray() ?? [];
        TensorPrimitives.Divide(weights, (float)Temperature, weights);
        TensorPrimitives.Divide(biases, (float)Temperature, biases);
        return new LinearClassifier(new Matrix(weights, ClassCount, Dimension), biases);
    }

    /// <summary>Computes the logits, the scores over τ.</summary>
    /// <param name="features">The image features X, n × d; their length does not matter.</param>
    /// <param name="threads">The number of threads at most; 0 for all processors. Default: 0.</param>
    /// <returns>The logits, n × C.</returns>
    /// <exception cref="ArgumentException">The features have another number of columns, or a row that is zero or not finite.</exception>
    public Matrix Logits(Matrix features, int threads = 0)
    {
        var logits = Scores(features, threads);
        TensorPrimitives.Divide(logits, (float)Temperature, logits);
        return new Matrix(logits, features.Rows, ClassPrototypes.Rows);
    }

    /// <summary>Computes the probabilities of all classes.</summary>
    /// <param name="features">The image features X, n × d; their length does not matter.</param>
    /// <param name="threads">The number of threads at most; 0 for all processors. Default: 0.</param>
    /// <returns>The probabilities, n × C; rows sum to 1.</returns>
    /// <exception cref="ArgumentException">The features have another number of columns, or a row that is zero or not finite.</exception>
    public Matrix Probabilities(Matrix features, int threads = 0)
    {
        var classes = ClassPrototypes.Rows;
        var scores = Scores(features, threads);
        for (var start = 0; start < scores.Length; start += classes)
            Softmax.Apply(scores.AsSpan(start, classes), Temperature);
        return new Matrix(scores, features.Rows, classes);
    }

    /// <summary>Predicts the most probable classes of images.</summary>
    /// <param name="features">The image features X, n × d; their length does not matter.</param>
    /// <param name="topK">The number of classes for each image, at least 1; all C where there are fewer. Default: 1.</param>
    /// <param name="threads">The number of threads at most; 0 for all processors. Default: 0.</param>
    /// <returns>The predictions, one for each row, computed as they are read: memory does not grow with n.</returns>
    /// <exception cref="ArgumentException">The features have another number of columns, or a row that is zero or not finite.</exception>
    public IEnumerable<Prediction> Predict(Matrix features, int topK = 1, int threads = 0) =>
        Predict(features, new PredictionOptions { TopK = topK, Threads = threads });

    /// <summary>Predicts the classes of images: the most probable, conformal sets, and whether they are of none.</summary>
    /// <param name="features">The image features X, n × d; their length does not matter.</param>
    /// <param name="options">The options.</param>
    /// <returns>The predictions, one for each row, computed as they are read: memory does not grow with n.</returns>
    /// <exception cref="ArgumentException">The features have another number of columns, or a row that is zero or not finite.</exception>
    /// <exception cref="InvalidOperationException">Sets or rejection are asked for, but the classifier has no confidence.</exception>
    public IEnumerable<Prediction> Predict(Matrix features, PredictionOptions options)
    {
        ArgumentNullException.ThrowIfNull(features);
        ThrowIfNotClassifiable(features);
        return Predict([features], options);
    }

    /// <summary>Predicts the most probable classes of a stream of images.</summary>
    /// <param name="blocks">Blocks of rows of image features, each of d columns.</param>
    /// <param name="topK">The number of classes for each image, at least 1; all C where there are fewer. Default: 1.</param>
    /// <param name="threads">The number of threads at most; 0 for all processors. Default: 0.</param>
    /// <returns>The predictions, one for each row, computed as they are read.</returns>
    /// <exception cref="ArgumentException">A block has another number of columns, or a row that is zero or not finite.</exception>
    public IEnumerable<Prediction> Predict(IEnumerable<Matrix> blocks, int topK = 1, int threads = 0) =>
        Predict(blocks, new PredictionOptions { TopK = topK, Threads = threads });

    /// <summary>Predicts the classes of a stream of images: the most probable, conformal sets, and whether they are of none.</summary>
    /// <param name="blocks">Blocks of rows of image features, each of d columns.</param>
    /// <param name="options">The options.</param>
    /// <returns>The predictions, one for each row, computed as they are read.</returns>
    /// <exception cref="ArgumentException">A block has another number of columns, or a row that is zero or not finite.</exception>
    /// <exception cref="InvalidOperationException">Sets or rejection are asked for, but the classifier has no confidence.</exception>
    public IEnumerable<Prediction> Predict(IEnumerable<Matrix> blocks, PredictionOptions options)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        ArgumentNullException.ThrowIfNull(options);
        return PredictBlocks(blocks, options, new ConfidenceBounds(this, options));
    }

    /// <summary>Measures the classifier on labeled images of its classes.</summary>
    /// <param name="test">The labeled images, n × d, of the same C classes.</param>
    /// <param name="threads">The number of threads at most; 0 for all processors. Default: 0.</param>
    /// <returns>The accuracy, the log-loss and the calibration, in all and for each class.</returns>
    /// <exception cref="ArgumentException">The images have no labels, or other classes or columns than the classifier.</exception>
    public Evaluation Evaluate(FeatureSet test, int threads = 0) => Evaluate(test, new PredictionOptions { Threads = threads });

    /// <summary>Measures the classifier, its conformal sets and its rejection on labeled images of its classes.</summary>
    /// <param name="test">The labeled images, n × d, of the same C classes.</param>
    /// <param name="options">The options; the number of classes listed does not matter.</param>
    /// <returns>The accuracy, the log-loss and the calibration, in all and for each class, and how sets and rejection came out.</returns>
    /// <exception cref="ArgumentException">The images have no labels, or other classes or columns than the classifier.</exception>
    /// <exception cref="InvalidOperationException">Sets or rejection are asked for, but the classifier has no confidence.</exception>
    public Evaluation Evaluate(FeatureSet test, PredictionOptions options)
    {
        ArgumentNullException.ThrowIfNull(test);
        ArgumentNullException.ThrowIfNull(options);
        ThrowIfNotSameTask(test);
        var sums = new EvaluationSums(test, Temperature, new ConfidenceBounds(this, options));
        foreach (var (start, scores) in Scorer(options.Threads).Blocks(test.ImageFeatures))
        {
            for (var i = 0; i < scores.Rows; i++)
                sums.Add(start + i, scores.Row(i));
        }
        return sums.ToEvaluation();
    }

    /// <summary>Writes the classifier to one file, which <see cref="Load"/> reads back bit for bit.</summary>
    /// <param name="path">The path of the .safetensors file; an existing one is replaced once the new one is complete.</param>
    /// <exception cref="IOException">The file cannot be written; nothing is left half-written.</exception>
    public void Save(string path) => ClassifierFile.Write(path, this);

    /// <summary>Reads a classifier from its file.</summary>
    /// <param name="path">The path of a .safetensors file that <see cref="Save"/> wrote.</param>
    /// <returns>The classifier.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="LfaDataException">The file is not a classifier, or is damaged; the message names the file and the entry.</exception>
    public static LfaClassifier Load(string path) => ClassifierFile.Read(path);

    /// <summary>Measures the accuracy alone.</summary>
    internal Accuracy Accuracy(FeatureSet test, int threads) => Scorer(threads).Accuracy(test);

    /// <summary>Throws when the images have no labels, or other classes or columns than the classifier.</summary>
    internal void ThrowIfNotSameTask(FeatureSet test)
    {
        TestSetValidation.Check(test, ClassNames, Transform.InputDimension);
        test.ImageFeatures.ThrowIfDegenerate("features");
    }

    // Logits reach from −1 / τ to 1 / τ, and their differences to twice as far.
    internal static bool IsTemperature(double value) => value > 0 && double.IsFinite(value) && double.IsFinite(2 / value);

    internal static void ThrowIfNotTemperature(double value, string name)
    {
        if (!IsTemperature(value))
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be above 0, and finite, and so must its inverse.");
    }

    private LfaClassifier ByNewClasses(Matrix prototypes, IReadOnlyList<string> classNames) =>
        new(NewClasses?.Transform ?? Transform, prototypes, classNames, NewClasses?.Temperature ?? Temperature, NewClasses,
            Provenance.Method is { } method ? Provenance with { Method = $"{method}, new classes" } : Provenance, textTransform: TextTransform);

    private CosineScorer Scorer(int threads) => Residual is null
        ? new CosineScorer(Transform, ClassPrototypes, Threads.Resolve(threads))
        : new CosineScorer(new LinearClassifier(AdaptedPrototypes(), Residual.Biases), Threads.Resolve(threads));

    private float[] Scores(Matrix features, int threads)
    {
        ArgumentNullException.ThrowIfNull(features);
        ThrowIfNotClassifiable(features);
        var scores = new float[checked(features.Rows * ClassPrototypes.Rows)];
        foreach (var (start, block) in Scorer(threads).Blocks(features))
            block.Values.Span.CopyTo(scores.AsSpan(start * ClassPrototypes.Rows));
        return scores;
    }

    private IEnumerable<Prediction> PredictBlocks(IEnumerable<Matrix> blocks, PredictionOptions options, ConfidenceBounds bounds)
    {
        var scorer = Scorer(options.Threads); // Its buffers serve this enumeration alone.
        foreach (var block in blocks)
        {
            ThrowIfNotClassifiable(block);
            foreach (var (_, scores) in scorer.Blocks(block))
            {
                for (var i = 0; i < scores.Rows; i++)
                    yield return ToPrediction(scores.Row(i), options.TopK, bounds);
            }
        }
    }

    private Prediction ToPrediction(ReadOnlySpan<float> scores, int topK, ConfidenceBounds bounds)
    {
        var classes = CosineScorer.Rank(scores, topK);
        var logSum = Softmax.LogSumExp(scores, Temperature);
        var set = bounds.Set(scores, logSum);
        return new Prediction(Describe(classes.AsSpan(0, Math.Min(topK, classes.Length)), scores, logSum))
        {
            Set = set is null ? null : Describe(set, scores, logSum),
            IsUnknown = bounds.IsUnknown(scores),
        };
    }

    private ClassProbability[] Describe(ReadOnlySpan<int> classes, ReadOnlySpan<float> scores, double logSum)
    {
        var described = new ClassProbability[classes.Length];
        for (var i = 0; i < described.Length; i++)
            described[i] = new ClassProbability(classes[i], ClassNames[classes[i]], Math.Exp((scores[classes[i]] / Temperature) - logSum));
        return described;
    }

    private void ThrowIfNotClassifiable(Matrix features)
    {
        if (features.Columns != Transform.InputDimension)
            throw new ArgumentException(Invariant($"features is {features.Rows} × {features.Columns} but the classifier takes {Transform.InputDimension} columns; the features must come from the encoder it was fitted with."));
        features.ThrowIfDegenerate("features");
    }
}
