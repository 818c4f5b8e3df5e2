using Lfa.Tests.Support;

namespace Lfa.Tests;

public class PublicApiTests
{
    [Fact]
    public void PublicApi_OfTheLibrary_IsTheListedOne() => PublicApi.ShouldBeListed(typeof(LfaTrainer).Assembly, "api.txt");
}
