using System.Runtime.CompilerServices;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;

namespace Lfa.Cli.Tests.Support;

/// <summary>Registers methods that the library does not have, as a program of another's would.</summary>
internal static class RegisteredMethods
{
    [ModuleInitializer]
    public static void Register()
    {
        MethodRegistry.Methods.Register(new ToyMethod());
        MethodRegistry.Methods.Register(new FaultyMethod());
    }
}

/// <summary>Scores by the sums of the labeled images of each class, and a bias for the first class.</summary>
internal sealed record ToyMethod : IMethod
{
    public string Name => "toy";

    public string Source => "none";

    public MethodNeeds Needs => MethodNeeds.Labels;

    // As little as a method must tell.
    public MethodFit Fit(FitTask task, FitContext? context = null)
    {
        var set = task.Require(this);
        var sums = new float[set.ClassCount * set.Dimension];
        for (var row = 0; row < set.SampleCount; row++)
        {
            var sum = sums.AsSpan(set.Labels.Span[row] * set.Dimension, set.Dimension);
            System.Numerics.Tensors.TensorPrimitives.Add(sum, set.ImageFeatures.Row(row), sum);
        }
        var biases = new float[set.ClassCount];
        biases[0] = 0.125f;
        return new MethodFit
        {
            Scorer = new LinearScorer(new LinearHead(new Matrix(sums, set.ClassCount, set.Dimension), biases), temperature: 0.5),
            ClassNames = set.ClassNames,
            Record = new FitRecord { Method = Name, Options = this },
        };
    }
}

/// <summary>Does what zero-shot classification does, unless it is told to fail.</summary>
internal sealed record FaultyMethod : IMethod
{
    private static readonly AsyncLocal<Exception?> Fault = new();

    public string Name => "faulty";

    public string Source => "none";

    public MethodNeeds Needs => MethodNeeds.TextFeatures;

    /// <summary>Runs the tool; a fit of this method throws meanwhile.</summary>
    public static ToolResult Run(Exception fault, params string[] args)
    {
        Fault.Value = fault;
        try
        {
            return Tool.Run(args);
        }
        finally
        {
            Fault.Value = null;
        }
    }

    public MethodFit Fit(FitTask task, FitContext? context = null)
    {
        if (Fault.Value is { } fault)
            throw fault;
        var set = task.Require(this);
        return new MethodFit
        {
            Scorer = new AlignedScorer(Transform.Identity(set.Dimension), set.ClassPrototypes),
            ClassNames = set.ClassNames,
            Record = new FitRecord { Method = Name },
        };
    }
}
