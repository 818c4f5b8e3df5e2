using Lfa.Refinement;

namespace Lfa.Cli.Parsing;

/// <summary>The options of the refinement; ranges and defaults are those of <see cref="RefinementOptions"/>, losses those of <see cref="LossRegistry"/>.</summary>
internal sealed class RefinementSymbols
{
    private const string Neighbors = "neighbors";
    private const string Scale = "scale";

    private static readonly RefinementOptions Defaults = new();
    private static readonly LossDefinition DefaultLoss = LossRegistry.Losses.All[0];

    private readonly Option<string> _loss = OptionOf.Choice("--loss", "The loss of the refinement", DefaultLoss.Name, [.. LossRegistry.Losses.Names]);

    private readonly Option<double> _neighbors = OptionOf.Number("--knn", $"The nearest neighbors that the loss looks at ({LossesWith(Neighbors)})",
        DefaultOf(Neighbors), value => _ = DefaultLoss.Create(new Dictionary<string, double> { [Neighbors] = value }), "integer");

    private readonly Option<double> _scale = OptionOf.Number("--scale", $"The scale of the margins of the loss ({LossesWith(Scale)})",
        DefaultOf(Scale), value => _ = DefaultLoss.Create(new Dictionary<string, double> { [Scale] = value }));

    private readonly Option<double> _learningRate = OptionOf.Number("--learning-rate", "The learning rate of the first iteration",
        Defaults.LearningRate, value => _ = new RefinementOptions { LearningRate = value });

    private readonly Option<double> _weightDecay = OptionOf.Number("--weight-decay", "The weight decay",
        Defaults.WeightDecay, value => _ = new RefinementOptions { WeightDecay = value });

    private readonly Option<double> _noise = OptionOf.Number("--noise", "The deviation of the noise added in half of the iterations",
        Defaults.Noise, value => _ = new RefinementOptions { Noise = value });

    private readonly Option<double> _dropout = OptionOf.Number("--dropout", "The part of the components dropped in half of the iterations",
        Defaults.Dropout, value => _ = new RefinementOptions { Dropout = value });

    private readonly Option<double> _batch = OptionOf.Number("--batch", "The part of the images drawn for an iteration",
        Defaults.BatchFraction, value => _ = new RefinementOptions { BatchFraction = value });

    private readonly Option<bool> _mix = OptionOf.Switch("--mix", "Also train on mixes of two images of a class");

    private readonly Option<double> _orthogonalize = OptionOf.Number("--orthogonalize", "The strength of the pull towards an orthogonal transform; published: 0.01",
        Defaults.Orthogonalization, value => _ = new RefinementOptions { Orthogonalization = value });

    private readonly Option<bool> _clip = OptionOf.Switch("--clip", "Clip the singular values of the transform to 1");

    /// <summary>Gets the option for the number of iterations.</summary>
    public Option<int> Iterations { get; } = OptionOf.Integer("--iterations", "The iterations of the refinement",
        Defaults.Iterations, value => _ = new RefinementOptions { Iterations = value });

    /// <summary>Gets the options.</summary>
    public IReadOnlyList<Option> All => [Iterations, _loss, _neighbors, _scale, _learningRate, _weightDecay, _noise, _dropout, _batch, _mix, _orthogonalize, _clip];

    /// <summary>Reads the options.</summary>
    /// <param name="result">The arguments.</param>
    public RefinementOptions Read(ParseResult result) => new()
    {
        Iterations = result.GetValue(Iterations),
        Loss = ReadLoss(result),
        LearningRate = result.GetValue(_learningRate),
        WeightDecay = result.GetValue(_weightDecay),
        Noise = result.GetValue(_noise),
        Dropout = result.GetValue(_dropout),
        BatchFraction = result.GetValue(_batch),
        MixesPairs = result.GetValue(_mix),
        Orthogonalization = result.GetValue(_orthogonalize),
        ClipsSingularValues = result.GetValue(_clip),
    };

    private IAlignmentLoss ReadLoss(ParseResult result)
    {
        var loss = LossRegistry.Losses.Get(result.GetRequiredValue(_loss));
        var values = new Dictionary<string, double>();
        foreach (var (name, option) in new[] { (Neighbors, _neighbors), (Scale, _scale) })
        {
            if (!result.IsGiven(option))
                continue;
            if (!loss.Parameters.Any(parameter => parameter.Name == name))
                throw new BadInputException($"{option.Name}: --loss {loss.Name} has no such parameter, only {LossesWith(name)}; leave {option.Name} out.");
            values[name] = result.GetValue(option);
        }
        return loss.Create(values);
    }

    private static double DefaultOf(string parameter) => DefaultLoss.Parameters.Single(one => one.Name == parameter).Default;

    private static string LossesWith(string parameter) =>
        string.Join(" and ", LossRegistry.Losses.All.Where(loss => loss.Parameters.Any(one => one.Name == parameter)).Select(loss => loss.Name));
}
