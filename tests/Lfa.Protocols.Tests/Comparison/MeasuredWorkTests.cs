using Lfa.Protocols.Comparison;
using Lfa.Protocols.Tests.Support;

namespace Lfa.Protocols.Tests.Comparison;

[Collection(nameof(Alone))]
public class MeasuredWorkTests
{
    private const int Megabyte = 1 << 20;

    [Fact]
    public void Run_Work_TellsItsTimeAndTheMemoryItHeld()
    {
        var measured = MeasuredWork.Run(() =>
        {
            var held = new byte[64 * Megabyte];
            Thread.Sleep(60);
            return held.Length;
        });
        measured.Value.ShouldBe(64 * Megabyte);
        measured.Time.ShouldBeInRange(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(30));
        measured.PeakBytes.ShouldBeInRange(60 * Megabyte, 100 * Megabyte);
    }

    [Fact]
    public void Run_WorkThatThrows_PassesTheExceptionOn() =>
        Should.Throw<InvalidOperationException>(() => MeasuredWork.Run<int>(() => throw new InvalidOperationException("no"))).Message.ShouldBe("no");
}
