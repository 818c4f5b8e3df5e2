using Lfa.Encoders.Api;

namespace Lfa.Encoders.Tests.Api;

public sealed class EmbeddingsApiOptionsTests
{
    private static readonly EmbeddingsApiOptions Remote = new() { Model = "m" };
    private static readonly EmbeddingsApiOptions Local = new() { Model = "m", Endpoint = new Uri("http://localhost:8080/v1") };

    [Fact]
    public void WithKeyFrom_DefaultVariable_IsForHttpsOnly()
    {
        Remote.WithKeyFrom(null, Read).Key.ShouldBe("sk-1");
        Local.WithKeyFrom(null, Read).Key.ShouldBeNull();
    }

    [Fact]
    public void WithKeyFrom_NamedVariable_IsForAnyAddress() => Local.WithKeyFrom("OTHER", Read).Key.ShouldBe("sk-2");

    [Fact]
    public void WithKeyFrom_NothingSet_IsAnErrorForANamedVariableOnly()
    {
        Remote.WithKeyFrom(null, _ => " ").Key.ShouldBeNull();
        Should.Throw<EmbeddingsApiException>(() => Remote.WithKeyFrom("MINE", _ => null)).Message.ShouldBe("the environment variable MINE is not set; set it to the key of https://api.openai.com.");
    }

    [Fact]
    public void WithKeyFrom_NoKey_IsRefusedWithoutShowingIt()
    {
        var message = Should.Throw<EmbeddingsApiException>(() => Remote.WithKeyFrom("MINE", _ => "sk\n1")).Message;
        message.ShouldContain("MINE holds characters that no key has");
        message.ShouldNotContain("sk");
    }

    [Fact]
    public void ToString_HidesTheKey() => (Remote with { Key = "sk-1" }).ToString().ShouldBe("m at https://api.openai.com/v1");

    [Theory]
    [InlineData("ftp://host")]
    [InlineData("http://name:word@host")]
    [InlineData("http://host/v1?key=1")]
    public void Endpoint_NotABase_IsRefused(string address) => Should.Throw<ArgumentException>(() => Remote with { Endpoint = new Uri(address) }).Message.ShouldStartWith("Endpoint must be");

    [Fact]
    public void Values_OutOfRange_AreRefused()
    {
        Should.Throw<ArgumentException>(() => Remote with { Model = " " });
        Should.Throw<ArgumentOutOfRangeException>(() => Remote with { Dimensions = 0 });
        Should.Throw<ArgumentOutOfRangeException>(() => Remote with { BatchSize = 0 });
        Should.Throw<ArgumentOutOfRangeException>(() => Remote with { BatchSize = 2049 });
        Should.Throw<ArgumentOutOfRangeException>(() => Remote with { Retries = 21 });
        Should.Throw<ArgumentOutOfRangeException>(() => Remote with { Timeout = TimeSpan.Zero });
        Should.Throw<ArgumentException>(() => Remote with { Key = "a b" });
    }

    private static string? Read(string variable) => variable switch
    {
        EmbeddingsApiOptions.DefaultKeyVariable => " sk-1\n",
        "OTHER" => "sk-2",
        _ => null,
    };
}
