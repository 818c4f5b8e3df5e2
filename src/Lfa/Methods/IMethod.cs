using System.Text.Json;

namespace Lfa.Methods;

/// <summary>Defines a way to learn a classifier from a task: the features of a few images and the prototypes of their classes.</summary>
/// <remarks>
/// An implementation is an immutable record that owns its options, and is safe for use by several threads at once. One that
/// stands in <see cref="MethodRegistry"/> is known wherever methods are: on the command line, in comparisons, in experiments, in model files.
/// </remarks>
public interface IMethod : INamed
{
    /// <summary>Gets the publication: authors, title, where and when.</summary>
    string Source { get; }

    /// <summary>Gets what the method learns from.</summary>
    MethodNeeds Needs { get; }

    /// <summary>Fits a classifier.</summary>
    /// <param name="task">The images, n × d, and the class prototypes, C × d, rows of unit length.</param>
    /// <param name="context">The seed, the threads, the progress, the logger and the cancellation. Default: seed 1, all processors, nothing else.</param>
    /// <returns>The scorer, and what was chosen on the way.</returns>
    /// <exception cref="LfaDataException">The task lacks what the method needs, contradicts itself, or is too large for the method.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    MethodFit Fit(FitTask task, FitContext? context = null);

    /// <summary>Writes the options as properties of the JSON object that is open, so that a model file can repeat the fit. Default: there are none.</summary>
    /// <param name="json">The writer.</param>
    void WriteOptions(Utf8JsonWriter json)
    {
    }

    /// <summary>Returns the method with the options that <see cref="WriteOptions"/> wrote. Default: there are none.</summary>
    /// <param name="json">The JSON object.</param>
    /// <exception cref="FormatException">An option is damaged; so do the exceptions of <see cref="JsonElement"/> and of options out of their range say.</exception>
    IMethod ReadOptions(JsonElement json) => this;
}

/// <summary>What a method learns from.</summary>
[Flags]
public enum MethodNeeds
{
    /// <summary>Nothing but images.</summary>
    None = 0,

    /// <summary>Images with labels, at least one of each class.</summary>
    Labels = 1,

    /// <summary>Text features of the class names in the space of the images.</summary>
    TextFeatures = 2,

    /// <summary>The images to be classified, without labels: it classifies them together, so that no classifier of other images comes out.</summary>
    ImagesToClassify = 4,

    /// <summary>Images without labels.</summary>
    UnlabeledImages = 8,

    /// <summary>Images and class names of two spaces; it says nothing of its own where they share one.</summary>
    SeparateSpaces = 16,
}
