using Lfa.Encoders.Http;

namespace Lfa.Encoders.Hub;

/// <summary>Represents where models come from, where they are kept, and how patient a download is.</summary>
public sealed record ModelHubOptions
{
    private static readonly string[] TrueWords = ["1", "ON", "YES", "TRUE"];

    // What is wrong with the environment; a value given otherwise makes up for it.
    private string? _endpointProblem;
    private string? _tokenProblem;

    /// <summary>Gets the address of the hub, http or https. Default: https://huggingface.co.</summary>
    /// <exception cref="ArgumentException">The value is not an absolute http or https address without a query, a name and a password.</exception>
    public Uri Endpoint
    {
        get;
        init
        {
            field = HttpSettings.IsEndpoint(value) ? value : throw new ArgumentException($"Endpoint must be an absolute http or https address{Instead(value?.OriginalString)}.", nameof(value));
            _endpointProblem = null;
        }
    } = new("https://huggingface.co");

    /// <summary>Gets the folder of the cache, which other tools of the hub share. Default: .cache/huggingface/hub in the user's folder.</summary>
    /// <exception cref="ArgumentException">The value is empty.</exception>
    public string CacheFolder
    {
        get;
        init
        {
            ArgumentException.ThrowIfNullOrEmpty(value);
            field = Path.GetFullPath(value);
        }
    } = Path.Combine(UserFolder, ".cache", "huggingface", "hub");

    /// <summary>Gets the token for private and gated models; it is sent to the host of <see cref="Endpoint"/> alone. Default: none.</summary>
    /// <exception cref="ArgumentException">The value holds anything but printable ASCII characters.</exception>
    public string? Token
    {
        get;
        init
        {
            field = value is null || HttpSettings.IsToken(value) ? value : throw new ArgumentException("Token must hold printable ASCII characters only.", nameof(value));
            _tokenProblem = null;
        }
    }

    /// <summary>Gets whether the network is left alone, so that only the cache serves. Default: false.</summary>
    public bool Offline { get; init; }

    /// <summary>Gets whether files that are in the cache already are hashed again, about a second a gigabyte. Default: false, only their size is checked.</summary>
    public bool Verify { get; init; }

    /// <summary>Gets how long the hub may send nothing before the transfer is taken up anew. Default: 30 seconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above zero and at most a day.</exception>
    public TimeSpan Timeout { get; init => field = HttpSettings.Positive(value, nameof(Timeout)); } = TimeSpan.FromSeconds(30);

    /// <summary>Gets how often a request is tried again without a byte more than before. Default: 5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or above 20.</exception>
    public int Retries { get; init => field = HttpSettings.Retries(value); } = 5;

    /// <summary>Gets how long the first retry waits; each further one waits twice as long, 30 seconds at most. Default: half a second.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above zero and at most a day.</exception>
    public TimeSpan RetryDelay { get; init => field = HttpSettings.Positive(value, nameof(RetryDelay)); } = TimeSpan.FromSeconds(0.5);

    /// <summary>Gets the longest wait that a busy hub may ask for; one that asks for more is a failure. Default: 2 minutes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above zero and at most a day.</exception>
    public TimeSpan LongestWait { get; init => field = HttpSettings.Positive(value, nameof(LongestWait)); } = TimeSpan.FromMinutes(2);

    private static string UserFolder => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>
    /// Returns the options that the environment gives, by the names that other tools of the hub use: HF_ENDPOINT; HF_HUB_CACHE,
    /// else HF_HOME, else XDG_CACHE_HOME for the cache; HF_TOKEN, else the file that HF_TOKEN_PATH names,
    /// else the file "token" in HF_HOME; HF_HUB_OFFLINE.
    /// </summary>
    /// <remarks>An impossible endpoint or token is refused by the first pull that needs the network; what the cache serves needs neither.</remarks>
    public static ModelHubOptions FromEnvironment() => FromEnvironment(Environment.GetEnvironmentVariable);

    /// <inheritdoc cref="FromEnvironment()"/>
    /// <param name="variable">Returns the value of a variable, or null.</param>
    internal static ModelHubOptions FromEnvironment(Func<string, string?> variable)
    {
        string? Value(string name) => variable(name) is { Length: > 0 } value ? value : null;
        var caches = Value("XDG_CACHE_HOME") ?? Path.Combine(UserFolder, ".cache");
        var home = WithUserFolder(Value("HF_HOME")) ?? Path.Combine(caches, "huggingface");
        var options = new ModelHubOptions
        {
            CacheFolder = WithUserFolder(Value("HF_HUB_CACHE")) ?? Path.Combine(home, "hub"),
            Offline = TrueWords.Contains(Value("HF_HUB_OFFLINE")?.ToUpperInvariant()),
        };
        var (token, tokenProblem) = ReadToken(Value("HF_TOKEN"), WithUserFolder(Value("HF_TOKEN_PATH")) ?? Path.Combine(home, "token"));
        var (endpoint, endpointProblem) = Value("HF_ENDPOINT") is { } text ? ParseEndpoint(text) : (null, null);
        return options with { Token = token, Endpoint = endpoint ?? options.Endpoint, _tokenProblem = tokenProblem, _endpointProblem = endpointProblem };
    }

    /// <summary>Returns the endpoint and the cache; the token is a secret.</summary>
    public override string ToString() => $"{Endpoint}, cached in {CacheFolder}";

    /// <summary>Throws where the environment gave an impossible endpoint or token, before the network is used.</summary>
    /// <exception cref="ModelHubException">It did.</exception>
    internal void ThrowIfUnusable()
    {
        if ((_endpointProblem ?? _tokenProblem) is { } problem)
            throw new ModelHubException(problem);
    }

    private static (string? Token, string? Problem) ReadToken(string? value, string file)
    {
        try
        {
            if (value is null && File.Exists(file))
                value = File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"{file}: the token cannot be read: {e.Message.TrimEnd('.')}; set HF_TOKEN.");
        }
        var token = value?.Trim();
        return string.IsNullOrEmpty(token) ? (null, null)
            : HttpSettings.IsToken(token) ? (token, null)
            : (null, $"the token in HF_TOKEN or {file} holds characters that no token has; set it anew.");
    }

    private static (Uri? Endpoint, string? Problem) ParseEndpoint(string text) => Uri.TryCreate(text, UriKind.Absolute, out var endpoint) && HttpSettings.IsEndpoint(endpoint)
        ? (endpoint, null)
        : (null, $"HF_ENDPOINT must be an http or https address such as https://huggingface.co{Instead(text)}.");

    // What stands before an @ may be a password, which no message shows.
    private static string Instead(string? text) => text?.Contains('@', StringComparison.Ordinal) == true
        ? " without a name and a password; set HF_TOKEN to a token instead"
        : OneLine.Of($", not '{text}'");

    private static string? WithUserFolder(string? path) => path is ['~', .. var rest] && (rest.Length == 0 || rest[0] is '/' or '\\') ? UserFolder + rest : path;
}
