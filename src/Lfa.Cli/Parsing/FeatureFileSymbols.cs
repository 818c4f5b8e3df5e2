using Lfa.IO;

namespace Lfa.Cli.Parsing;

/// <summary>The options that say how feature files are read.</summary>
internal sealed class FeatureFileSymbols
{
    private readonly Option<string> _middleAxis = OptionOf.Choice("--middle-axis",
        "What the middle axis of n × m × d image features means: frames of a video to average or to take the maximum of, or crops", "mean", "mean", "maximum", "crops");

    private readonly Option<bool> _noNormalize = OptionOf.Switch("--no-normalize", "Do not scale rows to unit length");

    /// <summary>Adds the options to a command.</summary>
    public FeatureFileSymbols(Command command)
    {
        command.Add(_middleAxis);
        command.Add(_noNormalize);
    }

    public FeatureFileOptions Read(ParseResult result) => new()
    {
        Normalize = !result.GetValue(_noNormalize),
        MiddleAxis = result.GetValue(_middleAxis) switch
        {
            "maximum" => MiddleAxis.Maximum,
            "crops" => MiddleAxis.Crops,
            _ => MiddleAxis.Mean,
        },
    };
}
