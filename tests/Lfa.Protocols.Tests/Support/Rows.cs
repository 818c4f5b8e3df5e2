using Lfa.Protocols.Results;

namespace Lfa.Protocols.Tests.Support;

/// <summary>Makes rows of results.</summary>
internal static class Rows
{
    /// <summary>Makes a row of a top-1 accuracy in per cent; null where the method refused.</summary>
    public static ResultRow Make(double? top1, string data = "animals", string shots = "1", int seed = 1, string method = "plain", string? part = "test") => new()
    {
        Protocol = "counting",
        Data = data,
        Shots = shots,
        Seed = seed,
        Method = method,
        Part = top1 is null ? null : part,
        Top1Accuracy = top1 / 100,
        UsesTestImages = false,
        Options = "",
        Classes = 5,
        TrainImages = 5,
        ShortClasses = 0,
        TestImages = 10,
        ImageWidth = 16,
        TextWidth = 16,
        TrainFile = "train.npz",
        TrainSha256 = "00",
        TestFile = "test.npz",
        TestSha256 = "11",
        Version = "1",
        Command = "lfa",
        Runtime = ".NET",
        Processor = "any",
        Threads = 1,
    };
}
