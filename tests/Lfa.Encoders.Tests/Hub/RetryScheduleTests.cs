using Lfa.Encoders.Hub;

namespace Lfa.Encoders.Tests.Hub;

public sealed class RetryScheduleTests
{
    [Fact]
    public void Next_FailureAfterFailure_DoublesUpToHalfAMinute()
    {
        var schedule = new RetrySchedule(TimeSpan.FromSeconds(1));
        Enumerable.Range(0, 8).Select(_ => schedule.Next(progressed: false, retries: 7, wait: null)?.TotalSeconds).ShouldBe([1, 2, 4, 8, 16, 30, 30, null]);
    }

    [Fact]
    public void Next_Progress_CountsAnew()
    {
        var schedule = new RetrySchedule(TimeSpan.FromSeconds(1));
        bool[] progressed = [false, false, true, false, false];
        progressed.Select(some => schedule.Next(some, retries: 2, wait: null)?.TotalSeconds).ShouldBe([1, 2, 1, 2, null]);
    }

    [Fact]
    public void Next_HubSaysHowLong_WaitsThatLong() =>
        new RetrySchedule(TimeSpan.FromSeconds(1)).Next(progressed: false, retries: 1, TimeSpan.FromSeconds(90)).ShouldBe(TimeSpan.FromSeconds(90));
}
