using Lfa.Alignment;
using Lfa.Data;
using MathNet.Numerics.LinearAlgebra;

namespace Lfa.Tests.Support;

/// <summary>Makes up tasks whose images and class names come from encoders that never met.</summary>
internal static class TwoSpaces
{
    /// <summary>A random map of orthonormal columns or rows, whichever are fewer.</summary>
    public static Transform Isometry(int inputs, int outputs, int seed)
    {
        var larger = Math.Max(inputs, outputs);
        var rotation = MadeUp.Rotation(larger, seed).Matrix.ToOracle();
        return new Transform(Oracle.ToFeatures(rotation.SubMatrix(0, inputs, 0, outputs)));
    }

    /// <summary>Images that an isometry W carries to the prototypes of their classes, but for noise: x = y·Wᵀ + noise.</summary>
    public static (FeatureSet Task, Transform Planted) Planted(int inputs, int outputs, int classes, int shots, int seed, double spread = 0, double confined = 1)
    {
        var planted = Isometry(inputs, outputs, seed);
        var prototypes = MadeUp.Features(classes, outputs, seed + 1).ToOracle();
        if (inputs < outputs) // What the images cannot tell apart, the class names may hold but little of.
            prototypes = (confined * (prototypes * planted.Matrix.ToOracle().Transpose() * planted.Matrix.ToOracle())) + ((1 - confined) * prototypes);
        var labels = MadeUp.Labels(classes * shots, classes);
        var unit = Oracle.ToFeatures(prototypes).NormalizeRows();
        var noise = MadeUp.Features(labels.Length, inputs, seed + 2).ToOracle() * (spread / Math.Sqrt(inputs));
        var images = (unit.SelectRows(labels).ToOracle() * planted.Matrix.ToOracle().Transpose()) + noise;
        return (new FeatureSet(Oracle.ToFeatures(images), unit, labels), planted);
    }

    /// <summary>The same features with zero columns on the narrower side, so that one space holds both.</summary>
    public static FeatureSet Padded(FeatureSet task)
    {
        var larger = Math.Max(task.Dimension, task.TextDimension);
        return new FeatureSet(Pad(task.ImageFeatures, larger), Pad(task.ClassPrototypes, larger), task.Labels);
    }

    private static Matrix Pad(Matrix matrix, int columns) =>
        Oracle.ToFeatures(matrix.ToOracle().Append(Matrix<double>.Build.Dense(matrix.Rows, columns - matrix.Columns + 1)).SubMatrix(0, matrix.Rows, 0, columns));
}
