using System.Numerics.Tensors;
using Lfa.Data;

namespace Lfa.IO;

/// <summary>Represents text features as they are stored: class prototypes, or in their place the prompts whose means they are; prompts of others are not stored.</summary>
/// <param name="Values">The values.</param>
/// <param name="Shape">The shape, C × d or C × P × d.</param>
internal readonly record struct StoredTexts(ReadOnlyMemory<float> Values, long[] Shape)
{
    // Of half precision.
    private const double Rounding = 1e-2;

    public static StoredTexts Of(Matrix prototypes, ClassPrompts? prompts) => prompts is not null && AreMeans(prototypes, prompts)
        ? new(prompts.Features.Values, [prompts.ClassCount, prompts.PerClass, prompts.Features.Columns])
        : new(prototypes.Values, [prototypes.Rows, prototypes.Columns]);

    private static bool AreMeans(Matrix prototypes, ClassPrompts prompts) =>
        (prompts.ClassCount, prompts.Features.Columns) == (prototypes.Rows, prototypes.Columns)
        && TensorPrimitives.Distance<float>(prompts.ToPrototypes().Values.Span, prototypes.NormalizeRows().Values.Span) < Rounding * Math.Sqrt(prototypes.Rows);
}
