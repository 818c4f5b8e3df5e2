namespace Lfa.Encoders.Hub;

/// <summary>Represents where models come from, where they are kept, and how patient a download is.</summary>
public sealed record ModelHubOptions
{
    private static readonly string[] TrueWords = ["1", "ON", "YES", "TRUE"];

    /// <summary>Gets the address of the hub, http or https. Default: https://huggingface.co.</summary>
    /// <exception cref="ArgumentException">The value is not an absolute http or https address without a query.</exception>
    public Uri Endpoint
    {
        get;
        init => field = IsEndpoint(value) ? value : throw new ArgumentException($"Endpoint must be an absolute http or https address, not '{value}'.", nameof(value));
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
        init => field = value is null || IsToken(value) ? value : throw new ArgumentException("Token must hold printable ASCII characters only.", nameof(value));
    }

    /// <summary>Gets whether the network is left alone, so that only the cache serves. Default: false.</summary>
    public bool Offline { get; init; }

    /// <summary>Gets whether files that are in the cache already are hashed again, about a second a gigabyte. Default: false, only their size is checked.</summary>
    public bool Verify { get; init; }

    /// <summary>Gets how long the hub may send nothing before the transfer is taken up anew. Default: 30 seconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above zero and at most a day.</exception>
    public TimeSpan Timeout { get; init => field = Positive(value, nameof(Timeout)); } = TimeSpan.FromSeconds(30);

    /// <summary>Gets how often a request is tried again without a byte more than before. Default: 5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or above 20.</exception>
    public int Retries { get; init => field = value is >= 0 and <= 20 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Retries must be from 0 to 20."); } = 5;

    /// <summary>Gets how long the first retry waits; each further one waits twice as long, 30 seconds at most. Default: half a second.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above zero and at most a day.</exception>
    public TimeSpan RetryDelay { get; init => field = Positive(value, nameof(RetryDelay)); } = TimeSpan.FromSeconds(0.5);

    /// <summary>Gets the longest wait that a busy hub may ask for; one that asks for more is a failure. Default: 2 minutes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above zero and at most a day.</exception>
    public TimeSpan LongestWait { get; init => field = Positive(value, nameof(LongestWait)); } = TimeSpan.FromMinutes(2);

    private static string UserFolder => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>
    /// Returns the options that the environment gives, by the names that other tools of the hub use: HF_ENDPOINT; HF_HUB_CACHE,
    /// else HF_HOME, else XDG_CACHE_HOME for the cache; HF_TOKEN, else the file "token" in HF_HOME; HF_HUB_OFFLINE.
    /// </summary>
    /// <exception cref="ModelHubException">HF_ENDPOINT is not an address, or the token holds impossible characters.</exception>
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
            Token = ReadToken(Value("HF_TOKEN"), Path.Combine(home, "token")),
        };
        return Value("HF_ENDPOINT") is { } endpoint ? options with { Endpoint = ParseEndpoint(endpoint) } : options;
    }

    /// <summary>Returns the endpoint and the cache; the token is a secret.</summary>
    public override string ToString() => $"{Endpoint}, cached in {CacheFolder}";

    private static string? ReadToken(string? value, string file)
    {
        if (value is null && File.Exists(file))
            value = File.ReadAllText(file);
        if (value?.Trim() is not { Length: > 0 } token)
            return null;
        return IsToken(token) ? token : throw new ModelHubException($"the token in HF_TOKEN or {file} holds characters that no token has; set it anew.");
    }

    private static Uri ParseEndpoint(string text) => Uri.TryCreate(text, UriKind.Absolute, out var endpoint) && IsEndpoint(endpoint)
        ? endpoint
        : throw new ModelHubException($"HF_ENDPOINT must be an http or https address such as https://huggingface.co, not '{text}'.");

    // A token stands in a header, where a line end or a letter of another script has no place.
    private static bool IsToken(string token) => token.All(character => character is > ' ' and <= '~');

    private static string? WithUserFolder(string? path) => path is ['~', .. var rest] && (rest.Length == 0 || rest[0] is '/' or '\\') ? UserFolder + rest : path;

    private static bool IsEndpoint(Uri value) =>
        value is { IsAbsoluteUri: true, Query: "", Fragment: "" } && (value.Scheme == Uri.UriSchemeHttp || value.Scheme == Uri.UriSchemeHttps);

    private static TimeSpan Positive(TimeSpan value, string name) =>
        value > TimeSpan.Zero && value <= TimeSpan.FromDays(1) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"{name} must be above zero and at most a day.");
}
