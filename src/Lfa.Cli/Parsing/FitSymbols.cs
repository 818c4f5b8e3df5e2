using System.CommandLine.Parsing;
using System.Globalization;
using Lfa.Alignment;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Model;
using Lfa.Validation;

namespace Lfa.Cli.Parsing;

/// <summary>The options of a fit: the method, and what it takes. Ranges and defaults are those of the methods.</summary>
/// <remarks>A method takes the options of each <see cref="Binding"/> that applies to it; one that none applies to has no options here.</remarks>
internal sealed class FitSymbols
{
    private const string CrossValidated = "cv";
    private const string LeftToMethod = "auto";
    private const string WithoutLabels = "unsupervised-";

    // An option without --method implies the first of these that takes it.
    private static readonly IMethod[] Implied = [new AutoMethod(), new LfaMethod(), new LeastSquaresMethod()];
    private static readonly IMethod[] ImpliedWithoutLabels = [new UnsupervisedAutoMethod(), new UnsupervisedLfaMethod()];

    private readonly Option<string?> _method = new("--method")
    {
        Description = "How to fit: auto chooses by the examples themselves, the others are single methods; an option of one of these, such as --iterations of lfa, implies it",
        HelpName = "name",
        CustomParser = CheckMethod,
    };

    private readonly Option<string> _projection = OptionOf.Choice("--projection", "How images and class names of two spaces are brought together; auto leaves it to the method, and takes none where they share a space. As published: gaussian with --beta 0.1 --iterations 800",
        LeftToMethod, [LeftToMethod, .. SpaceProjection.All.Names]);

    private readonly Option<int?> _components = OptionOf.MaybeInteger("--components", "The most components of the space of --projection pca or cca; without it, those of the narrower side",
        value => _ = new PrincipalComponents { Components = value });

    private readonly Option<string> _beta = new("--beta")
    {
        Description = "The weight of the identity, from 0 (orthogonal) to 1 (zero-shot), or cv to choose it by cross-validation",
        HelpName = "number|cv",
        DefaultValueFactory = _ => CrossValidated,
        CustomParser = CheckBeta,
    };

    private readonly Option<bool> _stratified = OptionOf.Switch("--stratified", "Spread every class evenly over the folds of the cross-validation");

    private readonly RefinementSymbols _refinement = new();

    private readonly Option<double> _ridge = OptionOf.Number("--ridge", "The penalty of least squares",
        new LeastSquaresMethod().Ridge, value => _ = new LeastSquaresMethod { Ridge = value });

    private readonly Option<double?> _temperature = OptionOf.MaybeNumber("--temperature", "The temperature of the encoder (CLIP: 0.01), where its model does not tell; auto fits its own from it, the other methods keep it",
        value => _ = new EncoderIdentity { Temperature = value });

    private readonly Option<int> _seed = OptionOf.Integer("--seed", "The seed of everything random", new FitContext().Seed);

    private readonly Option<int> _threads = ThreadsOption.Create();

    private readonly Option<string?> _encoder = new("--encoder") { Description = "The name of the encoder that the features come from, kept in the model file", HelpName = "name" };

    private readonly Binding[] _bindings;

    /// <summary>Adds the options to a command.</summary>
    public FitSymbols(Command command)
    {
        _bindings =
        [
            new([_projection, _components], (method, result) => (method as IProjectedMethod)?.WithProjection(ReadProjection(result))),
            new([_beta, _stratified], (method, result) => (method as IShrunkMethod)?.WithBeta(ReadBeta(result), new BetaCrossValidationOptions { Stratified = result.GetValue(_stratified) })),
            new(_refinement.All, (method, result) => (method as IIterativeMethod)?.WithRefinement(_refinement.Read(result))),
            new([_ridge], (method, result) => method is LeastSquaresMethod one ? one with { Ridge = result.GetValue(_ridge) } : null),
            new(Unsupervised.Transport, (method, result) => (method as ITransportMethod)?.WithTransport(Unsupervised.Read(result))),
            new([Unsupervised.Rounds], (method, result) => method is UnsupervisedLfaMethod one ? one with { Rounds = result.GetValue(Unsupervised.Rounds) } : null),
        ];
        foreach (var option in new Option[] { _method, _seed, _threads, _encoder, _temperature }.Concat(Unsupervised.Images).Concat(_bindings.SelectMany(binding => binding.Options)))
            command.Add(option);
    }

    /// <summary>Gets the options that say which images have no labels, and how they take part.</summary>
    public UnsupervisedSymbols Unsupervised { get; } = new();

    /// <summary>Gets the options of single methods, which most fits do without.</summary>
    public IEnumerable<Option> OfMethods => [_encoder, _temperature, .. _bindings.SelectMany(binding => binding.Options)];

    /// <summary>Gets the seed.</summary>
    public int Seed(ParseResult result) => result.GetValue(_seed);

    /// <summary>Gets the number of threads at most; -1 for all processors.</summary>
    public int Threads(ParseResult result) => result.Read(_threads);

    /// <summary>Reads the method and its options, and refuses what it does not take.</summary>
    /// <param name="result">The arguments.</param>
    /// <param name="iterations">The published iterations of a dataset that is asked for by name, the default where none are given; or null.</param>
    public IMethod Read(ParseResult result, int? iterations = null)
    {
        Unsupervised.Check(result);
        var given = _bindings.Where(binding => binding.Options.Any(result.IsGiven)).ToArray();
        var method = Choose(result, given);
        LfaModel.ThrowIfTransductive(method);
        foreach (var binding in given)
            method = binding.Apply(method, result) ?? throw Refusal(result, method, binding);
        return iterations is { } published && method is IIterativeMethod iterative && !result.IsGiven(_refinement.Iterations) ? iterative.WithIterations(published) : method;
    }

    /// <summary>Adds what the options tell of the encoder.</summary>
    public FeatureSet Describe(ParseResult result, FeatureSet set)
    {
        var (name, temperature) = (result.GetValue(_encoder), result.GetValue(_temperature));
        if (name is null && temperature is null)
            return set;
        var (images, texts) = (set.ImageEncoder, set.TextEncoder);
        if (name is not null)
            (images, texts) = ((images ?? new()) with { Name = name }, set.SharesSpace ? (texts ?? new()) with { Name = name } : texts);
        return set.WithEncoders(images, temperature is null ? texts : (texts ?? new()) with { Temperature = temperature });
    }

    /// <summary>Refuses the name of an encoder where images are embedded, whose model names itself.</summary>
    public void RefuseEncoder(ParseResult result)
    {
        if (result.GetValue(_encoder) is { } encoder)
            throw new BadInputException($"--encoder {encoder}: this names the encoder of a feature file; the model of images names itself, leave it out.");
    }

    private IMethod Choose(ParseResult result, Binding[] given)
    {
        var hasUnlabeled = Unsupervised.HasUnlabeled(result);
        var implied = hasUnlabeled ? ImpliedWithoutLabels : Implied;
        if (result.GetValue(_method) is not { } name)
            return implied.FirstOrDefault(method => given.All(binding => binding.Apply(method, result) is not null), implied[0]);
        var method = MethodRegistry.Find(name)!;
        if (hasUnlabeled == method.Needs.HasFlag(MethodNeeds.UnlabeledImages))
            return method;
        if (!hasUnlabeled)
            throw new BadInputException($"--method {name}: this fits to images without labels; give --unsupervised or --unlabeled, too.");
        return MethodRegistry.Find(WithoutLabels + name)
            ?? throw new BadInputException($"--method {name}: this fits to labeled images only; of those without labels take {string.Join(" or ", ImpliedWithoutLabels.Select(one => one.Name[WithoutLabels.Length..]))}, or leave --method out.");
    }

    private static BadInputException Refusal(ParseResult result, IMethod method, Binding binding)
    {
        var option = binding.Options.First(result.IsGiven);
        var taker = Implied.Concat(ImpliedWithoutLabels).FirstOrDefault(one => binding.Apply(one, result) is not null);
        var remedy = taker is null ? "" : $", or give a method that takes it, such as --method {Short(taker)}";
        return new BadInputException(method is AutoMethod or UnsupervisedAutoMethod
            ? $"{option.Name}: --method auto chooses by itself; leave {option.Name} out{remedy}."
            : $"{option.Name}: --method {Short(method)} does not take it; leave {option.Name} out{remedy}.");
    }

    private static string Short(IMethod method) => method.Name.StartsWith(WithoutLabels, StringComparison.Ordinal) ? method.Name[WithoutLabels.Length..] : method.Name;

    private SpaceProjection? ReadProjection(ParseResult result)
    {
        var components = result.GetValue(_components);
        if (result.GetValue(_projection) is not { } name || name == LeftToMethod)
            return components is null ? null : throw new BadInputException($"{_components.Name}: give {_projection.Name} pca or cca, too.");
        var projection = SpaceProjection.All.Get(name);
        if (components is not null && !projection.HasComponents)
            throw new BadInputException($"{_components.Name}: {_projection.Name} {name} keeps all components; leave {_components.Name} out.");
        return projection with { Components = components };
    }

    private double? ReadBeta(ParseResult result) => result.GetValue(_beta) is { } text and not CrossValidated ? double.Parse(text, CultureInfo.InvariantCulture) : null;

    private static string? CheckMethod(ArgumentResult argument)
    {
        var name = argument.Tokens[0].Value;
        if (MethodRegistry.Find(name) is null)
            argument.AddError($"--method {name}: there is no such method; there are {string.Join(", ", MethodRegistry.Methods.Names)}");
        return name;
    }

    private static string CheckBeta(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (text != CrossValidated)
            OptionOf.ReadNumber("--beta", argument, value => _ = new LfaMethod { Beta = value });
        return text;
    }

    /// <summary>Options, and what a method becomes by them: null where it does not take them.</summary>
    private sealed record Binding(IReadOnlyList<Option> Options, Func<IMethod, ParseResult, IMethod?> Apply);
}
