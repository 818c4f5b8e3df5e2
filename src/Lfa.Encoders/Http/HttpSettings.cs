namespace Lfa.Encoders.Http;

/// <summary>Checks what a user sets of a server: its address, a secret for it, and patience.</summary>
internal static class HttpSettings
{
    /// <summary>Returns whether an address is absolute, http or https, and without a query, a name and a password.</summary>
    public static bool IsEndpoint(Uri? value) =>
        value is { IsAbsoluteUri: true, Query: "", Fragment: "", UserInfo: "" } && (value.Scheme == Uri.UriSchemeHttp || value.Scheme == Uri.UriSchemeHttps);

    /// <summary>Returns whether a secret may stand in a header, where a line end or a letter of another script has no place.</summary>
    public static bool IsToken(string token) => token.All(character => character is > ' ' and <= '~');

    /// <summary>Returns the address of the server alone, never with a name and a password.</summary>
    public static string Origin(Uri address) => address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

    /// <summary>Returns a duration, which must be above zero and at most a day.</summary>
    public static TimeSpan Positive(TimeSpan value, string name) =>
        value > TimeSpan.Zero && value <= TimeSpan.FromDays(1) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"{name} must be above zero and at most a day.");

    /// <summary>Returns a number of retries, which must be from 0 to 20.</summary>
    public static int Retries(int value) => value is >= 0 and <= 20 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Retries must be from 0 to 20.");
}
