using Lfa.Encoders.Http;
using Lfa.Encoders.Pipeline;

namespace Lfa.Encoders.Api;

/// <summary>Represents which embeddings API to ask, with what key, and how patiently.</summary>
public sealed record EmbeddingsApiOptions
{
    /// <summary>The environment variable that holds the key where no other is named.</summary>
    public const string DefaultKeyVariable = "OPENAI_API_KEY";

    // More inputs in a request are refused by the API that others imitate.
    private const int MostInputs = 2048;

    /// <summary>Gets the base of the addresses, to which "/embeddings" is added; http or https. Default: https://api.openai.com/v1.</summary>
    /// <exception cref="ArgumentException">The value is not an absolute http or https address without a query, a name and a password.</exception>
    public Uri Endpoint
    {
        get;
        init => field = HttpSettings.IsEndpoint(value) ? value : throw new ArgumentException("Endpoint must be an absolute http or https address without a query, a name and a password, such as http://localhost:8080/v1.", nameof(value));
    } = new("https://api.openai.com/v1");

    /// <summary>Gets the name of the model, as the API knows it.</summary>
    /// <exception cref="ArgumentException">The value is empty.</exception>
    public required string Model
    {
        get;
        init => field = string.IsNullOrWhiteSpace(value) ? throw new ArgumentException("Model must name a model of the API, such as text-embedding-3-small.", nameof(value)) : value;
    }

    /// <summary>Gets the number of components to ask for, or null for as many as the model gives; not every model can shorten its embeddings. Default: null.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? Dimensions
    {
        get;
        init => field = value is null or > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Dimensions must be 1 or more.");
    }

    /// <summary>Gets the key, which is sent with each request and never shown; null to send none. Default: null.</summary>
    /// <exception cref="ArgumentException">The value holds anything but printable ASCII characters.</exception>
    public string? Key
    {
        get;
        init => field = value is null || HttpSettings.IsToken(value) ? value : throw new ArgumentException("Key must hold printable ASCII characters only.", nameof(value));
    }

    /// <summary>Gets the most texts of a request, from 1 to 2048. Default: 256.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int BatchSize
    {
        get;
        init => field = value is >= 1 and <= MostInputs ? value : throw new ArgumentOutOfRangeException(nameof(value), value, Invariant($"BatchSize must be from 1 to {MostInputs}."));
    } = 256;

    /// <summary>Gets how long an answer may take. Default: 1 minute.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above zero and at most a day.</exception>
    public TimeSpan Timeout { get; init => field = HttpSettings.Positive(value, nameof(Timeout)); } = TimeSpan.FromMinutes(1);

    /// <summary>Gets how often a request is tried again that met a busy or failing server, or silence. Default: 5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or above 20.</exception>
    public int Retries { get; init => field = HttpSettings.Retries(value); } = 5;

    /// <summary>Gets how long the first retry waits; each further one waits twice as long, 30 seconds at most. Default: half a second.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above zero and at most a day.</exception>
    public TimeSpan RetryDelay { get; init => field = HttpSettings.Positive(value, nameof(RetryDelay)); } = TimeSpan.FromSeconds(0.5);

    /// <summary>Gets the longest wait that a busy server may ask for; one that asks for more is a failure. Default: 2 minutes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above zero and at most a day.</exception>
    public TimeSpan LongestWait { get; init => field = HttpSettings.Positive(value, nameof(LongestWait)); } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Gets the folder where embeddings are kept by address, model, dimensions and text, so that no text is paid for twice, or null
    /// to keep none. Default: that of <see cref="DatasetEncoderOptions.CacheFolder"/>.
    /// </summary>
    public string? CacheFolder { get; init; } = FeatureCache.DefaultFolder;

    /// <summary>Gets the variable that the key is said to come from, for messages.</summary>
    internal string KeyVariable { get; init; } = DefaultKeyVariable;

    /// <summary>Takes the key from the environment.</summary>
    /// <param name="variable">The variable, which must be set. Default: <see cref="DefaultKeyVariable"/> if it is set and the address is https: a key for one API is not sent in clear to another.</param>
    /// <returns>The options with the key.</returns>
    /// <exception cref="EmbeddingsApiException">The variable that was named is not set, or what it holds is no key.</exception>
    public EmbeddingsApiOptions WithKeyFrom(string? variable = null) => WithKeyFrom(variable, Environment.GetEnvironmentVariable);

    /// <inheritdoc cref="WithKeyFrom(string?)"/>
    /// <param name="variable">The variable.</param>
    /// <param name="read">Returns the value of a variable, or null.</param>
    internal EmbeddingsApiOptions WithKeyFrom(string? variable, Func<string, string?> read)
    {
        if (variable is null && Endpoint.Scheme != Uri.UriSchemeHttps)
            return this;
        var name = variable ?? DefaultKeyVariable;
        var key = read(name)?.Trim();
        if (string.IsNullOrEmpty(key))
            return variable is null ? this : throw new EmbeddingsApiException(OneLine.Of($"the environment variable {name} is not set; set it to the key of {HttpSettings.Origin(Endpoint)}."));
        return HttpSettings.IsToken(key)
            ? this with { Key = key, KeyVariable = name }
            : throw new EmbeddingsApiException(OneLine.Of($"the environment variable {name} holds characters that no key has; set it anew."));
    }

    /// <summary>Returns the address and the model; the key is a secret.</summary>
    public override string ToString() => $"{Model} at {Endpoint}";
}
