using System.CommandLine.Parsing;
using System.Globalization;
using Lfa.Bridging;
using Lfa.Encoders.Datasets;
using Lfa.Encoders.Models;

namespace Lfa.Cli.Parsing;

/// <summary>The options of a fit; ranges and defaults are those of <see cref="LfaOptions"/>.</summary>
internal sealed class FitSymbols
{
    private const string CrossValidated = "cv";
    private const string NoBridge = "auto";

    private static readonly LfaOptions Defaults = new();
    private static readonly FitMethod[] Methods = Enum.GetValues<FitMethod>();
    private static readonly Bridge[] Bridges = Enum.GetValues<Bridge>();

    private readonly Option<string> _method = OptionOf.Choice("--method", "How to fit: auto chooses by the examples themselves, the others are single methods; an option of one of these, such as --iterations of lfa, implies it", FitMethodNames.Of(Defaults.Method), [.. Methods.Select(FitMethodNames.Of)]);

    private readonly Option<string> _bridge = OptionOf.Choice("--bridge", "How images and class names of two encoders that never met are brought together; auto leaves it to the method, and takes none where both have as many components: then give cca. As published: projection with --beta 0.1 --iterations 800",
        NoBridge, [NoBridge, .. Bridges.Select(BridgeNames.Of)]);

    private readonly Option<int?> _components = OptionOf.MaybeInteger("--components", "The most components of the space of --bridge pca or cca; without it, those of the narrower side",
        value => _ = new LfaOptions { Components = value });

    private readonly Option<string> _beta = new("--beta")
    {
        Description = "The weight of the identity, from 0 (orthogonal) to 1 (zero-shot), or cv to choose it by cross-validation",
        HelpName = "number|cv",
        DefaultValueFactory = _ => CrossValidated,
        CustomParser = CheckBeta,
    };

    private readonly Option<bool> _stratified = OptionOf.Switch("--stratified", "Spread every class evenly over the folds of the cross-validation");

    private readonly RefinementSymbols _refinement;

    private readonly Option<double> _ridge = OptionOf.Number("--ridge", "The penalty of least squares",
        Defaults.Ridge, value => _ = new LfaOptions { Ridge = value });

    private readonly Option<double> _temperature = OptionOf.Number("--temperature", "The temperature of the encoder (CLIP: 0.01); auto fits its own from it, the other methods keep it",
        Defaults.Temperature, value => _ = new LfaOptions { Temperature = value });

    private readonly Option<int> _seed = OptionOf.Integer("--seed", "The seed of everything random", Defaults.Seed);

    private readonly Option<int> _threads = ThreadsOption.Create();

    private readonly Option<string?> _encoder = new("--encoder") { Description = "The name of the encoder that the features come from, kept in the model file", HelpName = "name" };

    /// <summary>Adds the options to a command.</summary>
    public FitSymbols(Command command)
    {
        command.Add(_method);
        command.Add(_bridge);
        command.Add(_components);
        command.Add(_beta);
        command.Add(_stratified);
        _refinement = new RefinementSymbols(command);
        foreach (Option option in new Option[] { _ridge, _temperature, _seed, _threads, _encoder })
            command.Add(option);
        Unsupervised = new UnsupervisedSymbols(command);
    }

    /// <summary>Gets the options that say which images have no labels, and how they take part.</summary>
    public UnsupervisedSymbols Unsupervised { get; }

    /// <summary>Reads the options.</summary>
    /// <param name="result">The arguments.</param>
    /// <param name="known">The dataset that is asked for by name, whose published iterations are the default, or null.</param>
    public LfaOptions Read(ParseResult result, DatasetDescription? known = null) => Read(result, ReadMethod(result), known);

    private LfaOptions Read(ParseResult result, FitMethod method, DatasetDescription? known) => new()
    {
        Method = method,
        Bridge = result.GetValue(_bridge) is { } bridge and not NoBridge ? Bridges.Single(value => BridgeNames.Of(value) == bridge) : null,
        Components = result.GetValue(_components),
        Beta = result.GetValue(_beta) is { } beta and not CrossValidated ? double.Parse(beta, CultureInfo.InvariantCulture) : null,
        CrossValidation = new() { Stratified = result.GetValue(_stratified) },
        Refinement = _refinement.Read(result, known?.Iterations?.FewShot),
        Ridge = result.GetValue(_ridge),
        Temperature = result.GetValue(_temperature),
        Seed = result.GetValue(_seed),
        Threads = result.GetValue(_threads),
        Encoder = result.GetValue(_encoder),
    };

    /// <summary>Adds what the model of the images tells: its name, and its temperature where none is given.</summary>
    /// <param name="result">The arguments.</param>
    /// <param name="options">The options as they were read.</param>
    /// <param name="model">The model.</param>
    /// <param name="embedsTexts">Whether the class names are embedded by it too, so that its temperature is that of the task.</param>
    public LfaOptions For(ParseResult result, LfaOptions options, ModelFolder model, bool embedsTexts)
    {
        if (options.Encoder is not null)
            throw new BadInputException($"--encoder {options.Encoder}: this names the encoder of a feature file; the model of images names itself, leave it out.");
        var keepsTemperature = !embedsTexts || result.GetResult(_temperature) is { Implicit: false };
        var known = model.FitOptions;
        return options with { Encoder = known.Encoder, EncoderFingerprint = known.EncoderFingerprint, Temperature = keepsTemperature ? options.Temperature : known.Temperature };
    }

    /// <summary>Reads the method; without one, an option that the automatic choice leaves no room for names it.</summary>
    private FitMethod ReadMethod(ParseResult result)
    {
        var method = Methods.Single(method => FitMethodNames.Of(method) == result.GetValue(_method));
        // Canonical correlation is the bridge of auto: given, it says that there are two spaces.
        var leavesBridge = result.GetValue(_bridge) == NoBridge || result.GetValue(_bridge) == BridgeNames.Of(Bridge.CanonicalCorrelation);
        Option[] single = [.. leavesBridge ? Array.Empty<Option>() : [_bridge], _components, _beta, _stratified, _ridge, Unsupervised.Rounds, .. _refinement.All];
        var option = Array.Find(single, option => result.GetResult(option) is { Implicit: false });
        if (method is not FitMethod.Auto || option is null)
            return method;
        var implied = option == _ridge ? FitMethod.LeastSquares : FitMethod.Lfa;
        return result.GetResult(_method) is { Implicit: false }
            ? throw new BadInputException($"{option.Name}: --method auto chooses by itself; leave {option.Name} out, or give a method that takes it, such as --method {FitMethodNames.Of(implied)}.")
            : implied;
    }

    private static string CheckBeta(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (text != CrossValidated)
            OptionOf.ReadNumber("--beta", argument, value => _ = new LfaOptions { Beta = value });
        return text;
    }
}
