using Lfa.Tests.Support;

namespace Lfa.Protocols.Tests;

public class PublicApiTests
{
    [Fact]
    public void PublicApi_OfTheProtocols_IsTheListedOne() => PublicApi.ShouldBeListed(typeof(ProtocolRun).Assembly, "api-protocols.txt");
}
