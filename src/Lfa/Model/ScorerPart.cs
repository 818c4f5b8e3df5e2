using System.Diagnostics;
using Lfa.Classification;

namespace Lfa.Model;

/// <summary>The part of a model file that scores: the kind of scorer, its tensors and its temperature.</summary>
internal static class ScorerPart
{
    private const string KindKey = "scorer";
    private const string TemperatureKey = "temperature";
    private const string TransformName = "transform";
    private const string PrototypesName = "class_prototypes";
    private const string ResidualWeightsName = "residual_weights";
    private const string ResidualBiasesName = "residual_biases";
    private const string NewClassTransformName = "new_class_transform";
    private const string NewClassTemperatureKey = "new_class_temperature";
    private const string FormerNewClassTransformName = "moving_average"; // Of older libraries, at the temperature of the classifier.
    private const string TextTransformName = "text_transform";
    private const string WeightsName = "weights";
    private const string BiasesName = "biases";
    private const string SupportName = "support_features";
    private const string LabelsName = "support_labels";
    private const string CoefficientsName = "support_coefficients";

    /// <summary>Adds a scorer to what is to be written.</summary>
    public static void Add(Scorer scorer, ModelParts parts)
    {
        parts.Add(KindKey, scorer.Kind);
        parts.Add(TemperatureKey, scorer.Temperature);
        switch (scorer)
        {
            case AlignedScorer aligned:
                Add(aligned, parts);
                break;
            case LinearScorer linear:
                Add(linear.Head, parts, WeightsName, BiasesName);
                break;
            case KernelScorer kernel:
                Add(kernel, parts);
                break;
            case NeighborScorer neighbors:
                parts.Add(SupportName, neighbors.Support);
                parts.Add(LabelsName, IO.SafetensorsTensor.From(neighbors.Labels.Span, neighbors.Labels.Length));
                parts.Add("classes", neighbors.ClassCount);
                parts.Add("neighbors", neighbors.Neighbors);
                break;
            default:
                throw new UnreachableException($"A scorer of the kind {scorer.Kind} has no place in files.");
        }
    }

    /// <summary>Reads a scorer.</summary>
    public static Scorer Read(ModelParts parts)
    {
        var temperature = parts.RequireNumber(TemperatureKey);
        return parts.Text(KindKey) switch
        {
            "aligned" => ReadAligned(parts, temperature),
            "linear" => new LinearScorer(ReadHead(parts, WeightsName, BiasesName), temperature),
            "kernel" => ReadKernel(parts, temperature),
            "neighbors" => new NeighborScorer(parts.Matrix(SupportName), ReadLabels(parts), parts.RequireInteger("classes"), parts.RequireInteger("neighbors"), temperature),
            var kind => throw parts.Bad($"the scorer is of the kind {kind ?? "unknown"}, which this library does not know; read it with a newer one."),
        };
    }

    /// <summary>Reads the scorer of a file of version 1 or 2.</summary>
    public static Scorer ReadFormer(ModelParts parts) =>
        ReadAligned(parts, parts.Number(TemperatureKey) ?? throw parts.Bad("the metadata have no temperature; fit the classifier again."));

    private static void Add(AlignedScorer scorer, ModelParts parts)
    {
        parts.Add(TransformName, scorer.Transform.Matrix);
        parts.Add(PrototypesName, scorer.ClassPrototypes);
        if (scorer.NewClasses is { } newClasses)
        {
            parts.Add(NewClassTransformName, newClasses.Transform.Matrix);
            parts.Add(NewClassTemperatureKey, newClasses.Temperature);
        }
        if (scorer.TextTransform is { } texts)
            parts.Add(TextTransformName, texts.Matrix);
        if (scorer.Residual is { } residual)
            Add(residual, parts, ResidualWeightsName, ResidualBiasesName);
    }

    private static AlignedScorer ReadAligned(ModelParts parts, double temperature)
    {
        var name = parts.Has(NewClassTransformName) ? NewClassTransformName : FormerNewClassTransformName;
        var newClasses = parts.Has(name) ? new NewClassScoring(parts.Transform(name), parts.Number(NewClassTemperatureKey) ?? temperature) : null;
        var residual = parts.Has(ResidualWeightsName) ? ReadHead(parts, ResidualWeightsName, ResidualBiasesName) : null;
        return new AlignedScorer(parts.Transform(TransformName), parts.Matrix(PrototypesName), temperature, residual, newClasses, parts.OptionalTransform(TextTransformName));
    }

    private static void Add(LinearHead head, ModelParts parts, string weights, string biases)
    {
        parts.Add(weights, head.Weights);
        if (head.Biases.Length > 0)
            parts.Add(biases, head.Biases.Span);
    }

    private static LinearHead ReadHead(ModelParts parts, string weights, string biases) => new(parts.Matrix(weights), parts.OptionalVector(biases));

    private static void Add(KernelScorer scorer, ModelParts parts)
    {
        parts.Add(PrototypesName, scorer.ClassPrototypes);
        parts.Add(SupportName, scorer.Support);
        parts.Add("prototype_scale", scorer.Scale);
        parts.Add("kernel_sharpness", scorer.Sharpness);
        if (scorer.Coefficients is { } coefficients)
        {
            parts.Add(CoefficientsName, coefficients);
            return;
        }
        parts.Add(LabelsName, IO.SafetensorsTensor.From(scorer.Labels.Span, scorer.Labels.Length));
        parts.Add("vote_weight", scorer.Weight);
    }

    private static KernelScorer ReadKernel(ModelParts parts, double temperature)
    {
        var (prototypes, support) = (parts.Matrix(PrototypesName), parts.Matrix(SupportName));
        var (scale, sharpness) = (parts.RequireNumber("prototype_scale"), parts.RequireNumber("kernel_sharpness"));
        return parts.Has(CoefficientsName)
            ? new KernelScorer(prototypes, scale, support, sharpness, parts.Matrix(CoefficientsName), temperature)
            : new KernelScorer(prototypes, scale, support, sharpness, ReadLabels(parts), parts.RequireNumber("vote_weight"), temperature);
    }

    private static int[] ReadLabels(ModelParts parts) => parts.Tensors.TryGetValue(LabelsName, out var tensor) ? parts.Integers(LabelsName, [.. tensor.Shape.Take(1)]) : throw parts.Bad($"there is no tensor {LabelsName}; the classifier is incomplete, fit it again.");
}
