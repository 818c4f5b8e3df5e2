using Lfa.Encoders.Api;
using Lfa.Encoders.Sources;
using Lfa.Encoders.Text;

namespace Lfa.Cli.Parsing;

/// <summary>The options that take the text features of class names from elsewhere than the model of the images, or the feature file.</summary>
internal sealed class TextSymbols
{
    private readonly Option<string?> _features = new("--text-features") { Description = "A .npz file with text features and class names of another encoder, found by the names of the classes", HelpName = "file" };
    private readonly Option<string?> _api = new("--text-api") { Description = "The address of an embeddings API for class names, before /embeddings, such as https://api.openai.com/v1 or http://localhost:8080/v1", HelpName = "address" };
    private readonly Option<string?> _model = new("--text-model") { Description = "The name of the model of --text-api, such as text-embedding-3-small", HelpName = "name" };
    private readonly Option<int?> _dimensions = OptionOf.MaybeInteger("--text-dimensions", "The components to ask of --text-api; without it, as many as the model gives", value => _ = new EmbeddingsApiOptions { Model = "any", Dimensions = value });
    private readonly Option<string?> _keyVariable = new("--text-key-variable") { Description = $"The environment variable with the key of --text-api; without it, {EmbeddingsApiOptions.DefaultKeyVariable} for https addresses, and no key for http", HelpName = "name" };

    /// <summary>Adds the options to a command.</summary>
    public TextSymbols(Command command)
    {
        foreach (Option option in new Option[] { _features, _api, _model, _dimensions, _keyVariable })
            command.Add(option);
        command.Validators.Add(result =>
        {
            var (features, api) = (result.GetValue(_features), result.GetValue(_api));
            if (features is not null && api is not null)
                result.AddError("--text-features and --text-api exclude each other");
            else if (api is null != result.GetValue(_model) is null)
                result.AddError("--text-api and --text-model go together");
            else if (api is null && (result.GetValue(_dimensions) is not null || result.GetValue(_keyVariable) is not null))
                result.AddError("--text-dimensions and --text-key-variable need --text-api");
        });
    }

    /// <summary>Returns the file of text features, or null.</summary>
    public string? FilePath(ParseResult result) => result.GetValue(_features);

    /// <summary>Reads what gives the text features of class names, or null where they are those of the model or the file.</summary>
    /// <param name="result">The arguments.</param>
    /// <param name="templates">The texts that class names are put into for an API.</param>
    /// <param name="isCached">Whether what the API answers is kept.</param>
    public TextFeatureSource? Read(ParseResult result, PromptTemplates templates, bool isCached)
    {
        if (FilePath(result) is { } path)
            return TextFeatureSource.FromFile(path);
        if (result.GetValue(_api) is not { } address)
            return null;
        var options = Options(result, address);
        if (!isCached)
            options = options with { CacheFolder = null };
        return TextFeatureSource.FromGenerator(new EmbeddingsApi(options), templates, ownsGenerator: true);
    }

    private EmbeddingsApiOptions Options(ParseResult result, string address)
    {
        try
        {
            return new EmbeddingsApiOptions
            {
                Endpoint = Uri.TryCreate(address, UriKind.Absolute, out var endpoint) ? endpoint : throw new BadInputException($"--text-api {address}: this is no address; give one such as http://localhost:8080/v1."),
                Model = result.GetRequiredValue(_model)!,
                Dimensions = result.GetValue(_dimensions),
            }.WithKeyFrom(result.GetValue(_keyVariable));
        }
        catch (ArgumentException e)
        {
            throw new BadInputException($"--text-api {address}: {BadInputException.WithoutParameter(e.Message)}", e);
        }
    }
}
