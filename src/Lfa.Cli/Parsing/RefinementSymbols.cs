using Lfa.Refinement;

namespace Lfa.Cli.Parsing;

/// <summary>The options of the refinement; ranges and defaults are those of <see cref="RefinementOptions"/>.</summary>
internal sealed class RefinementSymbols
{
    private static readonly RefinementOptions Defaults = new();
    private static readonly AdaptiveReranking DefaultLoss = new();

    private readonly Option<int> _iterations = OptionOf.Integer("--iterations", "The iterations of the refinement",
        Defaults.Iterations, value => _ = new RefinementOptions { Iterations = value });

    private readonly Option<string> _loss = OptionOf.Choice("--loss", "The loss of the refinement", "arerank", "arerank", "contrastive", "triplet", "csls");

    private readonly Option<int> _knn = OptionOf.Integer("--knn", "The nearest neighbors that arerank and csls look at",
        DefaultLoss.Neighbors, value => _ = new AdaptiveReranking(value));

    private readonly Option<double> _scale = OptionOf.Number("--scale", "The scale of arerank's margins",
        DefaultLoss.Scale, value => _ = new AdaptiveReranking(scale: value));

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

    /// <summary>Adds the options to a command.</summary>
    public RefinementSymbols(Command command)
    {
        foreach (var option in All)
            command.Add(option);
    }

    /// <summary>Gets the options.</summary>
    public IEnumerable<Option> All => [_iterations, _loss, _knn, _scale, _learningRate, _weightDecay, _noise, _dropout, _batch, _mix, _orthogonalize, _clip];

    /// <summary>Reads the options.</summary>
    /// <param name="result">The arguments.</param>
    /// <param name="iterations">The iterations where none are given, or null for the default.</param>
    public RefinementOptions Read(ParseResult result, int? iterations = null) => new()
    {
        Iterations = result.GetResult(_iterations) is { Implicit: false } ? result.GetValue(_iterations) : iterations ?? result.GetValue(_iterations),
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

    private IAlignmentLoss ReadLoss(ParseResult result) => result.GetValue(_loss) switch
    {
        "contrastive" => new ContrastiveLoss(),
        "triplet" => new TripletLoss(),
        "csls" => new CslsLoss(result.GetValue(_knn)),
        _ => new AdaptiveReranking(result.GetValue(_knn), result.GetValue(_scale)),
    };
}
