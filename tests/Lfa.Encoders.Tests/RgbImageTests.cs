namespace Lfa.Encoders.Tests;

public class RgbImageTests
{
    [Fact]
    public void Constructor_OtherNumberOfBytes_NamesBoth() =>
        Should.Throw<ArgumentException>(() => new RgbImage(new byte[10], 2, 2)).Message.ShouldContain("pixels has 10 bytes but an image of 2 × 2 has 12.");
}
