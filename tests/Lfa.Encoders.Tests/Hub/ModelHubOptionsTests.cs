using Lfa.Encoders.Hub;

namespace Lfa.Encoders.Tests.Hub;

public sealed class ModelHubOptionsTests : IDisposable
{
    private static readonly string UserFolder = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void FromEnvironment_Empty_IsTheDefault()
    {
        var options = Read(("XDG_CACHE_HOME", _folder.FullName));
        options.Endpoint.ShouldBe(new Uri("https://huggingface.co"));
        options.CacheFolder.ShouldBe(Path.Combine(_folder.FullName, "huggingface", "hub"));
        (options.Token, options.Offline, options.Verify).ShouldBe((null, false, false));
        new ModelHubOptions().CacheFolder.ShouldBe(Path.Combine(UserFolder, ".cache", "huggingface", "hub"));
    }

    [Fact]
    public void FromEnvironment_CacheFolder_IsTheNearestGiven()
    {
        string Cache(params (string, string)[] variables) => Read(variables).CacheFolder;
        var (home, hub) = (_folder["home"], _folder["hub"]);
        Cache(("HF_HOME", home)).ShouldBe(Path.Combine(home, "hub"));
        Cache(("HF_HOME", home), ("XDG_CACHE_HOME", "/x")).ShouldBe(Path.Combine(home, "hub"));
        Cache(("HF_HOME", home), ("HF_HUB_CACHE", hub)).ShouldBe(hub);
        Cache(("HF_HOME", home), ("HF_HUB_CACHE", "~/models")).ShouldBe(Path.Combine(UserFolder, "models"));
    }

    [Fact]
    public void FromEnvironment_Token_IsTheVariableElseTheFile()
    {
        var home = ("HF_HOME", _folder.FullName);
        Read(home).Token.ShouldBeNull();
        _folder.Write("token", "hf_file\n"u8.ToArray());
        Read(home).Token.ShouldBe("hf_file");
        var named = ("HF_TOKEN_PATH", _folder.Write("other", "hf_other"u8.ToArray()));
        Read(home, named).Token.ShouldBe("hf_other");
        Read(home, named, ("HF_TOKEN", " hf_variable ")).Token.ShouldBe("hf_variable");
    }

    [Fact]
    public void FromEnvironment_ImpossibleToken_DoesNotShowIt() =>
        Should.Throw<ModelHubException>(() => Read(("HF_HOME", _folder.FullName), ("HF_TOKEN", "se\ncret")).ThrowIfUnusable()).Message
            .ShouldBe($"the token in HF_TOKEN or {_folder["token"]} holds characters that no token has; set it anew.");

    [Theory]
    [InlineData("1", true)]
    [InlineData("true", true)]
    [InlineData("Yes", true)]
    [InlineData("0", false)]
    [InlineData("", false)]
    public void FromEnvironment_Offline_IsSaidInWords(string value, bool expected) => Read(("HF_HUB_OFFLINE", value)).Offline.ShouldBe(expected);

    [Theory]
    [InlineData("huggingface.co")]
    [InlineData("ftp://huggingface.co")]
    [InlineData("/models")]
    [InlineData("http://[")]
    [InlineData("https://hub.example/?a=b")]
    public void FromEnvironment_BadEndpoint_IsNamed(string endpoint) =>
        Should.Throw<ModelHubException>(() => Read(("HF_ENDPOINT", endpoint)).ThrowIfUnusable()).Message.ShouldBe($"HF_ENDPOINT must be an http or https address such as https://huggingface.co, not '{endpoint}'.");

    [Theory]
    [InlineData("https://someone:se-cret@hub.example")]
    [InlineData("https://se-cret@hub.example")]
    [InlineData("someone:se-cret@hub.example")]
    [InlineData("https://someone:se-cret@hub.example/?a=b")]
    public void FromEnvironment_EndpointWithAPassword_DoesNotShowIt(string endpoint)
    {
        var options = Read(("HF_ENDPOINT", endpoint));
        options.ToString().ShouldNotContain("se-cret");
        Should.Throw<ModelHubException>(options.ThrowIfUnusable).Message.ShouldBe("HF_ENDPOINT must be an http or https address such as https://huggingface.co without a name and a password; set HF_TOKEN to a token instead.");
        Should.Throw<ArgumentException>(() => new ModelHubOptions { Endpoint = new Uri(endpoint) }).Message.ShouldNotContain("se-cret");
    }

    [Fact]
    public void FromEnvironment_ImpossibleValues_AreMadeUpForByOthers()
    {
        var options = Read(("HF_HOME", _folder.FullName), ("HF_ENDPOINT", "here"), ("HF_TOKEN", "a b"));
        Should.Throw<ModelHubException>((options with { Token = null }).ThrowIfUnusable).Message.ShouldStartWith("HF_ENDPOINT");
        Should.Throw<ModelHubException>((options with { Endpoint = new Uri("https://hub.example") }).ThrowIfUnusable).Message.ShouldContain("HF_TOKEN");
        (options with { Token = "ab", Endpoint = new Uri("https://hub.example") }).ThrowIfUnusable();
    }

    [Fact]
    public void Options_ImpossibleValue_IsNamed()
    {
        Should.Throw<ArgumentException>(() => new ModelHubOptions { Endpoint = new Uri("file:///x") }).Message.ShouldStartWith("Endpoint must be an absolute http or https address");
        Should.Throw<ArgumentException>(() => new ModelHubOptions { CacheFolder = "" });
        Should.Throw<ArgumentException>(() => new ModelHubOptions { Token = "a b" }).Message.ShouldNotContain("a b");
        Should.Throw<ArgumentOutOfRangeException>(() => new ModelHubOptions { Retries = -1 }).Message.ShouldStartWith("Retries must be from 0 to 20.");
        Should.Throw<ArgumentOutOfRangeException>(() => new ModelHubOptions { Timeout = TimeSpan.Zero }).Message.ShouldStartWith("Timeout must be above zero");
        Should.Throw<ArgumentOutOfRangeException>(() => new ModelHubOptions { RetryDelay = TimeSpan.FromDays(2) }).Message.ShouldStartWith("RetryDelay must be above zero");
        Should.Throw<ArgumentOutOfRangeException>(() => new ModelHubOptions { LongestWait = -TimeSpan.FromDays(2) }).Message.ShouldStartWith("LongestWait must be above zero");
    }

    private static ModelHubOptions Read(params (string Name, string Value)[] variables) =>
        ModelHubOptions.FromEnvironment(name => variables.FirstOrDefault(variable => variable.Name == name).Value);
}
