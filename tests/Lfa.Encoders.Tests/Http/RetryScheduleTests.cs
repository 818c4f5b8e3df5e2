using Lfa.Encoders.Http;

namespace Lfa.Encoders.Tests.Http;

public sealed class RetryScheduleTests
{
    [Fact]
    public void Next_FailureAfterFailure_DoublesUpToHalfAMinute()
    {
        var schedule = new RetrySchedule(TimeSpan.FromSeconds(1));
        Enumerable.Range(0, 8).Select(_ => schedule.Next(reached: 0, retries: 7, wait: null)?.TotalSeconds).ShouldBe([1, 2, 4, 8, 16, 30, 30, null]);
    }

    [Fact]
    public void Next_Progress_CountsAnew()
    {
        var schedule = new RetrySchedule(TimeSpan.FromSeconds(1));
        long[] reached = [0, 0, 10, 10, 10];
        reached.Select(bytes => schedule.Next(bytes, retries: 2, wait: null)?.TotalSeconds).ShouldBe([1, 2, 1, 2, null]);
    }

    [Fact]
    public void Next_BackToWhereItWas_IsNoProgress()
    {
        var schedule = new RetrySchedule(TimeSpan.FromSeconds(1), reached: 5);
        long[] reached = [5, 10, 0, 10, 11];
        reached.Select(bytes => schedule.Next(bytes, retries: 2, wait: null)?.TotalSeconds).ShouldBe([1, 1, 2, null, 1]);
    }

    [Fact]
    public void Next_HubSaysHowLong_WaitsThatLong() =>
        new RetrySchedule(TimeSpan.FromSeconds(1)).Next(reached: 0, retries: 1, TimeSpan.FromSeconds(90)).ShouldBe(TimeSpan.FromSeconds(90));
}
