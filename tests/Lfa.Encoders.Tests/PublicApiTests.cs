using Lfa.Tests.Support;

namespace Lfa.Encoders.Tests;

public class PublicApiTests
{
    [Fact]
    public void PublicApi_OfTheEncoders_IsTheListedOne() => PublicApi.ShouldBeListed(typeof(ImageEncoder).Assembly, "api-encoders.txt");
}
