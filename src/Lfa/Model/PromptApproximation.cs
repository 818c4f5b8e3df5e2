using System.Numerics.Tensors;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Numerics;
using Lfa.Validation;

namespace Lfa.Model;

/// <summary>
/// Approximates soft prompts by one transform of class prototypes: argmin ‖YW − Y′‖²_F + λ‖W − I‖²_F, for the prototypes Y of
/// class names and those Y′ that prompt tuning learned for the same classes.
/// </summary>
/// <remarks>
/// Ouali et al., ICCV 2023, section 3.1. W carries what was learned over to any class name. Differs from the published form:
/// <list type="number">
/// <item>W is held to the identity, not to zero: of all W that fit, plain least squares takes that of least norm, which maps
/// whatever the C prototypes do not span to zero, and with it most of a class name that was not among them
/// (<see cref="PromptApproximationOptions.ShrinksToZero"/> gives that).</item>
/// <item>λ is chosen on classes left out, among values from 0 to so large a one that W is the identity.</item>
/// </list>
/// </remarks>
public sealed record PromptApproximation
{
    // From the identity, so that nothing is moved unless classes left out gain, to a fit without a penalty. In units of the
    // squared length of a prototype, which is 1.
    private static readonly double[] Candidates = [1e6, 10, 3, 1, 0.3, 0.1, 0.03, 0.01, 1e-3, 0];

    /// <summary>Gets the text features of the class names Y, C × d.</summary>
    public required Matrix ClassPrototypes { get; init; }

    /// <summary>Gets the learned prototypes Y′, C × d.</summary>
    public required Matrix LearnedPrototypes { get; init; }

    /// <summary>Gets the transform of prototypes W, d × d.</summary>
    public required Transform Transform { get; init; }

    /// <summary>Gets the penalty λ, given or chosen.</summary>
    public required double Ridge { get; init; }

    /// <summary>Gets ‖YW − Y′‖ / ‖Y′‖ over all classes, which W was fitted to.</summary>
    public required double Residual { get; init; }

    /// <summary>Gets the mean cosine of YW with Y′ over all classes.</summary>
    public required double Cosine { get; init; }

    /// <summary>Gets the mean cosine of YW with Y′ over classes left out of the fit, each in turn.</summary>
    public required double LeftOutCosine { get; init; }

    /// <summary>Gets the mean cosine of Y with Y′: where W = I.</summary>
    public required double NamesCosine { get; init; }

    /// <summary>Gets the part of the classes whose own learned prototype is the one nearest to theirs of <see cref="LeftOutPrototypes"/>, from 0 to 1.</summary>
    public required double LeftOutAccuracy { get; init; }

    /// <summary>Gets the approximations YW, C × d, rows of unit length.</summary>
    public required Matrix Prototypes { get; init; }

    /// <summary>Gets the approximation of each class by a transform that it was left out of, C × d, rows of unit length.</summary>
    public required Matrix LeftOutPrototypes { get; init; }

    /// <summary>Fits the transform, and judges it on classes left out.</summary>
    /// <param name="classPrototypes">The text features of the class names Y, C × d, at least two classes, rows of unit length.</param>
    /// <param name="learnedPrototypes">The prototypes learned for the same classes Y′, C × d, rows of unit length.</param>
    /// <param name="options">The options. Default: λ chosen by five parts of the classes, held to the identity.</param>
    /// <param name="context">The seed of the parts, the threads, and the cancellation, checked before each fit. Default: seed 1, all processors.</param>
    /// <returns>The transform, and how well it fits.</returns>
    /// <exception cref="LfaDataException">The shapes differ, there is one class only, or an entry is not finite.</exception>
    /// <exception cref="LfaDataException">The prototypes depend on each other too nearly for a fit without a penalty.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public static PromptApproximation Fit(Matrix classPrototypes, Matrix learnedPrototypes, PromptApproximationOptions? options = null, FitContext? context = null)
    {
        LeastSquares.ThrowIfNotPaired(classPrototypes, learnedPrototypes);
        if (classPrototypes.Columns != learnedPrototypes.Columns)
            throw new LfaDataException(Invariant($"classPrototypes is {classPrototypes.Rows} × {classPrototypes.Columns} but learnedPrototypes is {learnedPrototypes.Rows} × {learnedPrototypes.Columns}; both must have the same shape."));
        if (classPrototypes.Rows < 2)
            throw new LfaDataException("classPrototypes has one row only; leaving classes out needs two at least.");
        return new Fitting(classPrototypes, learnedPrototypes, options ?? new PromptApproximationOptions(), context ?? new FitContext()).Run();
    }

    /// <summary>Classifies labeled images by the class names, the learned prototypes and both kinds of approximation.</summary>
    /// <param name="test">The labeled images, n × d, of the same C classes.</param>
    /// <param name="maxDegreeOfParallelism">The number of threads at most; −1 for all processors. Default: −1.</param>
    /// <returns>The accuracies.</returns>
    /// <exception cref="LfaDataException">The images have no labels, or other classes or columns.</exception>
    public PromptAccuracies Evaluate(FeatureSet test, int maxDegreeOfParallelism = -1)
    {
        ArgumentNullException.ThrowIfNull(test);
        Accuracy Measure(Matrix prototypes) => new AlignedScorer(Transform.Identity(prototypes.Columns), prototypes).Accuracy(test, maxDegreeOfParallelism);
        if (!test.IsLabeled || test.ClassCount != ClassPrototypes.Rows || test.Dimension != ClassPrototypes.Columns)
            throw new LfaDataException(Invariant($"The test set has {test.Labels.Length} labels, {test.ClassCount} classes and {test.Dimension} columns but the prototypes are {ClassPrototypes.Rows} × {ClassPrototypes.Columns}; every image needs a label, and classes and columns must be the same."));
        return new PromptAccuracies(Measure(ClassPrototypes), Measure(LearnedPrototypes), Measure(Prototypes), Measure(LeftOutPrototypes));
    }

    /// <summary>
    /// Makes the model of the approximation: since x·(yW) = (x·Wᵀ)·y, it transforms images by Wᵀ and keeps the text features
    /// of the class names, so that other names can join them.
    /// </summary>
    /// <param name="classNames">The names of the C classes.</param>
    /// <exception cref="LfaDataException">There is not one name for each prototype.</exception>
    public LfaModel ToModel(IReadOnlyList<string> classNames) => new(new AlignedScorer(Transform.Transpose(), ClassPrototypes), classNames,
        record: new FitRecord { Method = "approximated prompts", Chosen = [new ChosenValue("ridge", Ridge, ValueOrigin.HeldOut)], LibraryVersion = LibraryVersion.Current });

    /// <summary>One fit under way.</summary>
    private sealed class Fitting(Matrix names, Matrix learned, PromptApproximationOptions options, FitContext context)
    {
        // A class is an image of its own here: its name stands for the image, what was learned for the prototype.
        private readonly FeatureSet _classes = new(names, learned, Enumerable.Range(0, names.Rows).ToArray(), normalize: false);
        private readonly SelectionFolds _folds = FoldsOf(names.Rows, options, context);
        private readonly int _threads = Threads.Resolve(context.MaxDegreeOfParallelism);

        public PromptApproximation Run()
        {
            var (ridge, leftOut) = options.Ridge is { } given ? (given, LeaveOut(given)) : Choose();
            var transform = Solve(names, learned, ridge);
            var approximations = transform.Apply(names, _threads);
            return new PromptApproximation
            {
                ClassPrototypes = names,
                LearnedPrototypes = learned,
                Transform = transform,
                Ridge = ridge,
                Residual = TensorPrimitives.Distance(approximations.Values.Span, learned.Values.Span) / TensorPrimitives.Norm(learned.Values.Span),
                Cosine = MeanCosine(approximations, learned),
                LeftOutCosine = MeanCosine(leftOut, learned),
                NamesCosine = MeanCosine(names, learned),
                LeftOutAccuracy = Accuracy(leftOut),
                Prototypes = ToUnit(approximations),
                LeftOutPrototypes = ToUnit(leftOut),
            };
        }

        /// <summary>Takes the penalty whose left-out classes come nearest; the first of equals.</summary>
        private (double Ridge, Matrix LeftOut) Choose()
        {
            var (best, highest, leftOut) = (0.0, double.NegativeInfinity, names);
            foreach (var ridge in options.ShrinksToZero ? Candidates[1..] : Candidates)
            {
                var approximations = LeaveOut(ridge);
                if (MeanCosine(approximations, learned) is var cosine && cosine > highest)
                    (best, highest, leftOut) = (ridge, cosine, approximations);
            }
            return (best, leftOut);
        }

        /// <summary>Approximates each class by a transform fitted to the other parts.</summary>
        private Matrix LeaveOut(double ridge)
        {
            var values = new float[names.Values.Length];
            var folds = CrossFitting.Run(_classes, _folds, context, fold =>
                (Rows: fold.HeldRows, Approximations: Solve(fold.Training.ImageFeatures, fold.Training.ClassPrototypes, ridge).Apply(fold.Held.ImageFeatures, _threads)));
            foreach (var (rows, approximations) in folds)
            {
                for (var i = 0; i < rows.Length; i++)
                    approximations.Row(i).CopyTo(values.AsSpan(rows[i] * names.Columns));
            }
            return new Matrix(values, names.Rows, names.Columns);
        }

        /// <summary>With W = I + D, D is the least-squares fit to Y′ − Y.</summary>
        private Transform Solve(Matrix source, Matrix target, double ridge)
        {
            if (options.ShrinksToZero)
                return LeastSquares.Fit(source, target, ridge, _threads);
            var difference = new float[source.Values.Length];
            TensorPrimitives.Subtract(target.Values.Span, source.Values.Span, difference);
            var values = LeastSquares.Fit(source, new Matrix(difference, source.Rows, source.Columns), ridge, _threads).Matrix.Values.ToArray();
            for (var i = 0; i < source.Columns; i++)
                values[(i * source.Columns) + i]++;
            return new Transform(new Matrix(values, source.Columns, source.Columns));
        }

        private static SelectionFolds FoldsOf(int classes, PromptApproximationOptions options, FitContext context)
        {
            var parts = Folds.Stratify(new int[classes], Math.Min(options.Folds, classes), context.Seed);
            int[] Rows(Predicate<int> isIn) => [.. Enumerable.Range(0, classes).Where(c => isIn(parts[c]))];
            return new SelectionFolds(holdsOutClasses: true, [.. parts.Distinct().Select(part => new Fold(Rows(other => other != part), Rows(other => other == part)))]);
        }

        private double Accuracy(Matrix approximations)
        {
            var (right, cosines) = (0, new float[learned.Rows]);
            for (var c = 0; c < approximations.Rows; c++)
            {
                for (var other = 0; other < cosines.Length; other++)
                    cosines[other] = Cosine(approximations.Row(c), learned.Row(other));
                // Classes of one name have one prototype: any of them is right. What is mapped to zero is near to none.
                right += cosines[c] >= TensorPrimitives.Max<float>(cosines) && approximations.Row(c).ContainsAnyExcept(0f) ? 1 : 0;
            }
            return (double)right / approximations.Rows;
        }

        private static double MeanCosine(Matrix a, Matrix b) => Enumerable.Range(0, a.Rows).Average(c => (double)Cosine(a.Row(c), b.Row(c)));

        // A row that the transform maps to zero has no direction and agrees with nothing.
        private static float Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => TensorPrimitives.CosineSimilarity(a, b) is var cosine && float.IsNaN(cosine) ? 0 : cosine;

        private static Matrix ToUnit(Matrix matrix)
        {
            var values = matrix.Values.ToArray();
            Matrix.NormalizeRows(values, matrix.Columns);
            return new Matrix(values, matrix.Rows, matrix.Columns);
        }
    }
}

/// <summary>The accuracies of prototypes on labeled images.</summary>
/// <param name="Names">The text features of the class names: zero-shot classification.</param>
/// <param name="Learned">The learned prototypes.</param>
/// <param name="Approximated">Their approximations by one transform.</param>
/// <param name="LeftOut">The approximation of each class by a transform that it was left out of.</param>
public sealed record PromptAccuracies(Accuracy Names, Accuracy Learned, Accuracy Approximated, Accuracy LeftOut);
